"""include_order.py reports every kind of violation, and nothing else.

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import pathlib
import sys
import tempfile

from include_order import complaints

SPDX = "// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception\n"

# A header, its text, and what is said about it ("" for nothing).
CASES = [
    ("inlay.hpp", "#include <iostream>\n#include <inlay/execute/static.hpp>", ""),
    ("core/a.hpp", "#include <vector>\n#include <inlay/core/b.hpp>", ""),
    ("core/b.hpp", "#include <inlay/graph/a.hpp>", "core may not include graph"),
    ("core/c.hpp", '#include "../stage/a.hpp"', "core may not include stage"),
    ("core/d.hpp", "#include <hwy/highway.h>", "core includes only the standard library"),
    ("core/e.hpp", "  # include <map>", "<map> is too heavy for core"),
    ("stage/a.hpp", "#include <inlay/graph/a.hpp>", "stage may not include graph"),
    ("stage/llvm.hpp", "#include <llvm/IR/Module.h>", ""),
    ("graph/a.hpp", "#include <inlay/stage/a.hpp>", "graph may not include stage"),
    ("graph/b.hpp", "#include <ranges>", "<ranges> is too heavy for graph"),
    ("op/a.hpp", "#include <inlay/kernel/a.hpp>", ""),
    ("op/b.hpp", "#include <inlay/program/a.hpp>", "op may not include program"),
    ("kernel/a.hpp", "#include <inlay/op/a.hpp>\n#include <algorithm>", ""),
    ("program/a.hpp", "#include <inlay/pass/a.hpp>", "program may not include pass"),
    ("pass/a.hpp", "#include <inlay/frontend/a.hpp>", "pass may not include frontend"),
    ("pass/b.hpp", "// #include <functional>\n#include <inlay/program/a.hpp>", ""),
    ("frontend/a.hpp", "#include <inlay/pass/a.hpp>", ""),
    ("frontend/b.hpp", "#include <inlay/execute/a.hpp>", "frontend may not include execute"),
    ("frontend/c.hpp", "#include <boost/hana.hpp>", "Boost.Hana may not be included here"),
    ("frontend/hana.hpp", "#include <boost/hana.hpp>", ""),
    ("execute/a.hpp", "#include <inlay/emit/a.hpp>", "execute may not include emit"),
    ("kernel/b.hpp", "#include <xsimd/xsimd.hpp>", "xsimd may not be included here"),
    ("execute/b.hpp", "#include <llvm/IR/Module.h>", "LLVM may not be included here"),
    ("execute/jit.hpp", "#include <llvm/IR/Module.h>", ""),
    ("kernel/a-inl.hpp", "#define INLAY_KERNEL_A_INL_HPP", ""),
    ("stage/b.hpp", "#define WIDTH 4", "the macro WIDTH does not begin with INLAY_"),
    ("other/a.hpp", "", "other is not a room"),
]


def main():
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder).resolve()

        def write(name, text):
            file = root / "inlay" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

        for name, text, _ in CASES:
            write(name, SPDX + text)
        found = list(complaints(root))
        for name, _, expected in CASES:
            said = [line for line in found if f"/inlay/{name}" in line]
            if len(said) != bool(expected) or not all(expected in line for line in said):
                wrong.append(f"{name}: expected {expected!r}, but the guard said {said}")

        write("core/unmarked.hpp", "#pragma once")
        for letter in "xyz":
            write(f"core/{letter}.hpp", SPDX + "#define INLAY_X 1")
        found = "\n".join(complaints(root))
        for expected in ("unmarked.hpp: the first three lines name no licence",
                         "Macros are defined in more than 2 files"):
            if expected not in found:
                wrong.append(f"The guard did not say: {expected}")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
