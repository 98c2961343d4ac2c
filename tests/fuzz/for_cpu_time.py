# Runs a libFuzzer program until it has used so many seconds of CPU time, which on a busy machine is
# longer than its -max_total_time: for_cpu_time.py SECONDS PROGRAM ARGUMENT...
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import resource
import subprocess
import sys


def used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


seconds, command = float(sys.argv[1]), sys.argv[2:]
while used() < seconds:
    left = int(seconds - used()) + 1
    code = subprocess.run([*command, f"-max_total_time={left}"]).returncode
    if code != 0:
        sys.exit(f"{command[0]} ended with {code} after {used():.0f} s of CPU time")
print(f"{command[0]}: {used():.0f} s of CPU time, and nothing found")
