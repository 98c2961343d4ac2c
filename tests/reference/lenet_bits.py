"""However it is compiled, LeNet gives the same bits: lenet_bits.py HASHES FOLDER COUNT PROGRAM...

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

Runs builds of lenet_probabilities on the first COUNT images of FOLDER. One whose name ends in v3
needs a processor with AVX2 and fused multiply-adds, and is left out where there is none.
"""

import hashlib
import pathlib
import subprocess
import sys
import tempfile


def read_hash(path, count):
    lines = (line.split() for line in path.read_text().splitlines() if not line.startswith("#"))
    return dict(lines)[count]


def hash_of_output(program, folder, count):
    with tempfile.TemporaryDirectory() as scratch:
        output = pathlib.Path(scratch) / "probabilities"
        subprocess.run([program, folder, output, count], check=True)
        return hashlib.sha256(output.read_bytes()).hexdigest()


def can_run_v3():
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    features = set(cpuinfo.read_text().split()) if cpuinfo.exists() else set()
    return {"abm", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe"} <= features


def main(hashes, folder, count, *programs):
    expected = read_hash(pathlib.Path(hashes), count)
    different = False
    for program in programs:
        if program.endswith("v3") and not can_run_v3():
            print(f"{program}: this processor cannot run it")
            continue
        found = hash_of_output(program, folder, count)
        print(f"{program}: {found}")
        different = different or found != expected
    if different:
        sys.exit(f"{hashes} has {expected} for {count} images.")


if __name__ == "__main__":
    main(*sys.argv[1:])
