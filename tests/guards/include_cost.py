"""What a user pays to include Inlay: include_cost.py COMPILER FLAG...

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import pathlib
import platform
import sys
import tempfile

from measure import measure, over_budget

RUNS = 7
# With the stage, as for a machine that has vectors where the compiler knows of one.
BUDGETS = {
    "inlay/inlay.hpp": (0.5, ["inlay/inlay.hpp"], []),
    "it and Highway": (1.2, ["inlay/stage/highway.hpp", "inlay/inlay.hpp"], ["-march=x86-64-v3"]),
}


def main(compiler, *flags):
    over = []
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "include.cpp"
        for name, (budget, headers, more) in BUDGETS.items():
            if more and platform.machine() != "x86_64":
                continue
            command = [compiler, *flags, *more, "-fsyntax-only", source]
            source.write_text("")
            nothing = min(measure(command).cpu_seconds for _ in range(RUNS))
            source.write_text("".join(f"#include <{header}>\n" for header in headers))
            runs = [measure(command) for _ in range(RUNS)]
            seconds = min(run.cpu_seconds for run in runs) - nothing
            megabytes = max(run.peak_megabytes for run in runs)
            print(f"{name}: {seconds:.3f} s of CPU, the least of {RUNS} runs, without the "
                  f"{nothing:.3f} s of an empty file; {megabytes:.0f} MB")
            if over_budget(seconds, budget):
                over.append(f"Including {name} costs {seconds:.3f} s, twice its {budget} s. "
                            "Look for a standard header that is not needed.")
    if over:
        sys.exit("\n".join(over))


if __name__ == "__main__":
    main(*sys.argv[1:])
