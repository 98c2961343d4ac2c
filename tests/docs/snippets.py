"""Writes the C++ of a page as one source: snippets.py PAGE SOURCE

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

A block of a page that has a main function is the program. Every other block is a namespace of its
own behind it. What a reader does not need to see stands in a comment before the block:

    <!-- cpp
    #include <inlay/execute/interpreter.hpp>
    inline void run(inlay::view<float const> image) {
    -->

Braces that are open at the end of a block are closed. A block behind `<!-- cpp, optional` is left
out where a header that it includes is not there. The last line that this script prints is `program`
or `fragments`, or `nothing` where there is no C++; the lines before it are what optional blocks
include.
"""

import pathlib
import re
import sys

BLOCK = re.compile(r"(?:<!-- cpp(?P<optional>, optional)?\n(?P<before>.*?)-->\n\s*)?"
                   r"^```cpp\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
INCLUDE = re.compile(r"^\s*#\s*include (.*)$", re.MULTILINE)
MAIN = re.compile(r"^int main\(", re.MULTILINE)


def without_includes(code, includes):
    includes += [f"#include {header}" for header in INCLUDE.findall(code)]
    return INCLUDE.sub("", code)


def optional_headers(text):
    return [header for block in BLOCK.finditer(text) if block["optional"]
            for header in INCLUDE.findall(block["before"])]


def source_of(page, text):
    """The source, and whether it is a program."""
    includes, programs, fragments = [], [], []
    for number, block in enumerate(BLOCK.finditer(text)):
        line = text.count("\n", 0, block.start("code")) + 1
        own = [] if block["optional"] else includes
        before = without_includes(block["before"] or "", own)
        code = without_includes(block["code"], own)
        code = f'{before}\n#line {line} "{page}"\n{code}'
        code += "}" * (code.count("{") - code.count("}"))
        if MAIN.search(code):
            programs.append(code)
        else:
            fragment = f"namespace snippet_{number} {{\n{code}\n}}\n"
            if block["optional"]:
                headers = INCLUDE.findall("\n".join(own))
                are_there = " && ".join(f"__has_include({header})" for header in headers)
                fragment = "\n".join((f"#if {are_there}", *own, fragment, "#endif\n"))
            fragments.append(fragment)
    if len(programs) > 1:
        sys.exit(f"{page} has {len(programs)} programs; one is what is compiled and run.")
    parts = ["#include <inlay/inlay.hpp>", *dict.fromkeys(includes), *programs, *fragments]
    return ("\n".join(parts) + "\n" if programs or fragments else ""), bool(programs)


def main(page, source):
    markdown = pathlib.Path(page).read_text()
    text, is_program = source_of(page, markdown)
    path = pathlib.Path(source)
    if text and (not path.exists() or path.read_text() != text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for header in optional_headers(markdown):
        print(header.strip("<>"))
    print(("program" if is_program else "fragments") if text else "nothing")


if __name__ == "__main__":
    main(*sys.argv[1:])
