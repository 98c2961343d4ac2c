#!/usr/bin/env python3
"""Writes the table in docs/operators.md, from op/list.hpp, or checks that it is fresh:
operator_table.py [--check] [COMPILER...]

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "operators.md"
BEGIN, END = "<!-- The table begins. -->\n", "<!-- The table ends. -->\n"
COMMAND = "python3 tools/docs/operator_table.py"
HEAD = """
| operator | since | inputs | outputs | steps | executors | element types | attributes |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""

INTEGERS = "int8 int16 int32 int64 uint8 uint16 uint32 uint64"
# Sets of element types that have a name.
GROUPS = {frozenset(types.split()): name for name, types in {
    "all": f"float32 float64 bool {INTEGERS}",
    "numbers": f"float32 float64 {INTEGERS}",
    "integers": INTEGERS,
    "signed": "float32 float64 int8 int16 int32 int64",
    "floats": "float32 float64",
}.items()}


def row(line):
    name, since, inputs, outputs, steps, executors, types, attributes = line.split("\t")
    types = GROUPS.get(frozenset(types.split()), ", ".join(types.split()))
    cells = (name, since, inputs, outputs, steps, executors.replace(" ", ", "), types,
             ", ".join(attributes.split()))
    return "| " + " | ".join(cells) + " |\n"


def table(compiler):
    with tempfile.TemporaryDirectory() as folder:
        program = f"{folder}/operator_table"
        subprocess.run([*compiler, "-std=c++20", f"-I{ROOT}/include",
                        f"{ROOT}/tools/docs/operator_table.cpp", "-o", program], check=True)
        lines = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    rows = sorted(map(row, lines.splitlines()))
    return HEAD + "".join(rows) + f"\n{len(rows)} operators.\n\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if it would")
    parser.add_argument("compiler", nargs="*", default=[os.environ.get("CXX", "c++")])
    options = parser.parse_args()
    text = PAGE.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    fresh = before + BEGIN + table(options.compiler) + END + after
    if not options.check:
        PAGE.write_text(fresh)
    elif text != fresh:
        sys.exit(f"The table in {PAGE.relative_to(ROOT)} is not what op/list.hpp makes it.\n"
                 f"To write it again: {COMMAND}")


if __name__ == "__main__":
    main()
