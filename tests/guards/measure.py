"""Runs a command and measures it; shared by the guards that have a budget.

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import dataclasses
import os
import subprocess
import sys


@dataclasses.dataclass
class Measurement:
    cpu_seconds: float
    peak_megabytes: float


def measure(command):
    """Runs the command once; ends the guard with the command's own words if it fails."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.stdout.read().decode(errors="replace")
    # wait4 counts the children of the compiler driver too, and nothing else on the machine.
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{output}\nThis command failed: {' '.join(map(str, command))}")
    return Measurement(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def over_budget(seconds, budget):
    """Whether a time fails its guard. On a busy machine everything takes longer, so that only twice
    the budget does; what lies between is said."""
    if budget < seconds <= 2 * budget:
        print(f"{seconds:.2f} s is more than the budget of {budget} s: is the machine busy?")
    return seconds > 2 * budget


def is_clang(compiler):
    version = subprocess.run([compiler, "--version"], capture_output=True, text=True).stdout
    return "clang" in version
