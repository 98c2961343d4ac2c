"""Writes the C++ of a page as one source: snippets.py PAGE SOURCE

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

A block of a page that has a main function is the program. Every other block is a namespace of its
own behind it. What a reader does not need to see stands in a comment before the block:

    <!-- cpp
    #include <inlay/execute/interpreter.hpp>
    inline void run(inlay::view<float const> image) {
    -->

Braces that are open at the end of a block are closed. The last line that this script prints is
`program` or `fragments`, or `nothing` where there is no C++.
"""

import pathlib
import re
import sys

BLOCK = re.compile(r"(?:<!-- cpp\n(?P<before>.*?)-->\n\s*)?^```cpp\n(?P<code>.*?)^```$",
                   re.MULTILINE | re.DOTALL)
INCLUDE = re.compile(r"^\s*#\s*include .*$", re.MULTILINE)
MAIN = re.compile(r"^int main\(", re.MULTILINE)


def without_includes(code, includes):
    includes += INCLUDE.findall(code)
    return INCLUDE.sub("", code)


def source_of(page):
    """The source, and whether it is a program."""
    text = page.read_text()
    includes, programs, fragments = [], [], []
    for number, block in enumerate(BLOCK.finditer(text)):
        line = text.count("\n", 0, block.start("code")) + 1
        before = without_includes(block["before"] or "", includes)
        code = without_includes(block["code"], includes)
        code = f'{before}\n#line {line} "{page}"\n{code}'
        code += "}" * (code.count("{") - code.count("}"))
        if MAIN.search(code):
            programs.append(code)
        else:
            fragments.append(f"namespace snippet_{number} {{\n{code}\n}}\n")
    if len(programs) > 1:
        sys.exit(f"{page} has {len(programs)} programs; one is what is compiled and run.")
    parts = ["#include <inlay/inlay.hpp>", *dict.fromkeys(includes), *programs, *fragments]
    return ("\n".join(parts) + "\n" if programs or fragments else ""), bool(programs)


def main(page, source):
    text, is_program = source_of(pathlib.Path(page))
    path = pathlib.Path(source)
    if text and (not path.exists() or path.read_text() != text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    print(("program" if is_program else "fragments") if text else "nothing")


if __name__ == "__main__":
    main(*sys.argv[1:])
