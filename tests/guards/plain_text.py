"""Licence, white space and line ends of every source file: plain_text.py ROOT

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import pathlib
import sys

from files import CPP, code_files

TOP = ("CMakeLists.txt", ".clang-format", ".clang-tidy")
LICENCE = "SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"


def complaints(path):
    text = path.read_text()
    lines = text.split("\n")
    if LICENCE not in "\n".join(lines[:5]):
        yield f"{path}:1: the first lines do not say {LICENCE}"
    if not text.endswith("\n"):
        yield f"{path}:{len(lines)}: the last line does not end"
    for number, line in enumerate(lines, 1):
        if line != line.rstrip():
            yield f"{path}:{number}: white space ends the line"
        if "\t" in line and path.suffix in CPP:
            yield f"{path}:{number}: a tab"
        if len(line) > 100:
            yield f"{path}:{number}: {len(line)} columns, more than 100"


def main(root):
    files = [*(root / name for name in TOP), *code_files(root)]
    found = [text for path in files for text in complaints(path)]
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
