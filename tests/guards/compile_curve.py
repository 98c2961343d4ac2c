"""What a longer network costs to compile: compile_curve.py COMPILER SOURCE FLAG...

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import pathlib
import subprocess
import sys
import tempfile

from measure import is_clang, measure, over_budget

LENGTHS = (10, 100, 400, 1000)
SYMBOL_BUDGET = 2000
SECONDS_BUDGET = {"gcc": 8, "clang": 15}


def longest_symbol(file):
    names = subprocess.run(["nm", "--format=posix", file],
                           capture_output=True, text=True, check=True)
    return max((len(line.split(" ")[0]) for line in names.stdout.splitlines()), default=0)


def main(compiler, source, *flags):
    family = "clang" if is_clang(compiler) else "gcc"
    complaints = []
    print(f"{'length':>6} {'CPU s':>7} {'peak MB':>8} {'object bytes':>13} {'longest symbol':>15}")
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "chain.o"
        for length in LENGTHS:
            cost = measure([compiler, *flags, f"-DINLAY_CHAIN_LENGTH={length}",
                            "-c", source, "-o", file])
            symbol = longest_symbol(file)
            print(f"{length:6} {cost.cpu_seconds:7.2f} {cost.peak_megabytes:8.0f} "
                  f"{file.stat().st_size:13} {symbol:15}", flush=True)
            if symbol > SYMBOL_BUDGET:
                complaints.append(f"At length {length} a symbol has {symbol} characters, "
                                  f"more than {SYMBOL_BUDGET}: a type carries the network.")
    if over_budget(cost.cpu_seconds, SECONDS_BUDGET[family]):
        complaints.append(f"Length {LENGTHS[-1]} takes {cost.cpu_seconds:.1f} s of CPU, "
                          f"twice its {SECONDS_BUDGET[family]} s: something grows with its square.")
    if complaints:
        sys.exit("\n".join(complaints))


if __name__ == "__main__":
    main(*sys.argv[1:])
