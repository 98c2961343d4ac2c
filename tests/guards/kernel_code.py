"""Whether a compiler makes of kernels what it should: kernel_code.py COMPILER SOURCE FLAG...

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

Of extents and strides that are constants, kernels are loops over constants. A helper that is a
function of its own, or a shape that a compiler loses sight of, makes them many times as long, and
as slow: in a source of many kernels, for there GCC has no room left to inline what need not be.
Here it has none to begin with.
"""

import pathlib
import subprocess
import sys
import tempfile

from measure import is_clang

NO_ROOM = ("--param=large-unit-insns=0", "--param=inline-unit-growth=0")
BYTES_BUDGET = 3000
FUNCTIONS = {"depthwise", "pointwise"}


def functions_of(file):
    """The bytes of each."""
    lines = subprocess.run(["nm", "--demangle", "--defined-only", "--print-size", file],
                           capture_output=True, text=True, check=True).stdout.splitlines()
    words = [line.split(" ", 3) for line in lines]
    return {word[3]: int(word[1], 16) for word in words if len(word) == 4 and word[2] in "TtWw"}


def main(compiler, source, *flags):
    room = () if is_clang(compiler) else NO_ROOM
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "kernels.o"
        subprocess.run([compiler, *flags, *room, "-c", source, "-o", file], check=True)
        functions = functions_of(file)
    complaints = [f"{name} has {size} bytes, more than {BYTES_BUDGET}"
                  for name, size in functions.items() if name in FUNCTIONS and size > BYTES_BUDGET]
    complaints += [f"{name} is a function of its own" for name in functions.keys() - FUNCTIONS]
    complaints += [f"{name} is not there" for name in FUNCTIONS - functions.keys()]
    print(*(f"{name}: {size} bytes" for name, size in functions.items()), sep="\n")
    if complaints:
        sys.exit("\n".join(complaints))


if __name__ == "__main__":
    main(*sys.argv[1:])
