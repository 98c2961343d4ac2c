#!/usr/bin/env python3
"""Writes single_include/ from include/, or checks that it is what it would write:
amalgamate.py [--check]

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

Each file here stands where the header does that it begins with, so that -Isingle_include takes the
place of -Iinclude. Headers are copied in the order in which a compiler reads them, with no line
moved: once it has been preprocessed, one file is what the headers are.
"""

import argparse
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "include"
TARGET = ROOT / "single_include"
COMMAND = "python3 tools/amalgamate.py"

# Each file: its place, what it is, the headers that it is made of, the file that comes before it.
FILES = (
    ("inlay/inlay.hpp", "Inlay in one file: networks that are constants, and the reader of ONNX",
     ("inlay/inlay.hpp", "inlay/frontend/onnx/read.hpp"), None),
    ("inlay/frontend/expr.hpp", "Networks as C++ expressions", ("inlay/frontend/expr.hpp",),
     "inlay/inlay.hpp"),
    ("inlay/stage/highway.hpp", "What computes with the machine's vectors; beside it, Highway",
     ("inlay/stage/highway.hpp",), "inlay/inlay.hpp"),
    ("inlay/stage/xsimd.hpp", "What computes with the machine's vectors; beside it, xsimd",
     ("inlay/stage/xsimd.hpp",), "inlay/inlay.hpp"),
)
LICENCE = "// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"
OURS = re.compile(r'\s*#\s*include\s*"(inlay/[^"]+)"')
THEIRS = re.compile(r"\s*#\s*include\s*<([^>]+)>")
BEGINS_BRANCH = re.compile(r"\s*#\s*if")
ENDS_BRANCH = re.compile(r"\s*#\s*endif")


def lines_of(header, copied, included):
    """The lines of a header and, where it includes them, of those that are not copied yet."""
    copied.add(header)
    lines = []
    branches = 0
    for line in (SOURCE / header).read_text().splitlines():
        if line in (LICENCE, "#pragma once"):
            continue
        branches += bool(BEGINS_BRANCH.match(line)) - bool(ENDS_BRANCH.match(line))
        if (ours := OURS.match(line)) and (SOURCE / ours[1]).exists():
            if ours[1] not in copied:
                if branches:
                    sys.exit(f"{header}: {ours[1]} is included under a condition")
                lines += lines_of(ours[1], copied, included)
            elif branches:
                lines.append("")
        elif (theirs := THEIRS.match(line)) and not branches:
            if theirs[1] not in included:
                included.add(theirs[1])
                lines.append(line)
        else:
            lines.append(line)
    return [*lines, ""]


def without_gaps(lines):
    return [line for line, before in zip(lines, ["", *lines]) if line or before]


def files():
    """The text of each file by its place."""
    read, texts = {None: (set(), set())}, {}
    for place, title, headers, before in FILES:
        copied, included = map(set, read[before])
        read[place] = copied, included
        lines = [f"// {title}.", LICENCE, "//",
                 f"// Generated from include/ by tools/amalgamate.py; `{COMMAND}` writes it again.",
                 "#pragma once", ""]
        if before:  # unless it was included already, which may have been from elsewhere
            up = "../" * (len(pathlib.PurePosixPath(place).parts) - 2)
            name = up + before.removeprefix("inlay/")
            lines += ["#if !defined(INLAY_VERSION_MAJOR)", f'#include "{name}"', "#endif", ""]
        for header in headers:
            if header not in copied:
                lines += lines_of(header, copied, included)
        texts[place] = "\n".join(without_gaps(lines)).rstrip("\n") + "\n"
    return texts


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if it would")
    check = parser.parse_args().check
    expected = files()
    there = {path.relative_to(TARGET).as_posix() for path in TARGET.rglob("*") if path.is_file()}
    stale = sorted(there - set(expected)) + [
        place for place, text in expected.items()
        if place not in there or (TARGET / place).read_text() != text]
    if check:
        for place in stale:
            print(f"single_include/{place} is not what include/ makes it.")
        sys.exit(f"To write it again: {COMMAND}" if stale else 0)
    for place in there - set(expected):
        (TARGET / place).unlink()
    for place, text in expected.items():
        (TARGET / place).parent.mkdir(parents=True, exist_ok=True)
        (TARGET / place).write_text(text)
        print(f"single_include/{place}: {len(text.splitlines())} lines")


if __name__ == "__main__":
    main()
