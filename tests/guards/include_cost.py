"""What a user pays to include Inlay: include_cost.py COMPILER FLAG...

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import pathlib
import sys
import tempfile

from measure import measure, over_budget

BUDGET_SECONDS = 0.5
RUNS = 7


def main(compiler, *flags):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "include.cpp"
        command = [compiler, *flags, "-fsyntax-only", source]
        source.write_text("")
        nothing = min(measure(command).cpu_seconds for _ in range(RUNS))
        source.write_text("#include <inlay/inlay.hpp>\n")
        runs = [measure(command) for _ in range(RUNS)]
    seconds = min(run.cpu_seconds for run in runs) - nothing
    megabytes = max(run.peak_megabytes for run in runs)
    print(f"inlay/inlay.hpp: {seconds:.3f} s of CPU, the least of {RUNS} runs, without the "
          f"{nothing:.3f} s of an empty file; {megabytes:.0f} MB")
    if over_budget(seconds, BUDGET_SECONDS):
        sys.exit(f"Including inlay/inlay.hpp costs {seconds:.3f} s, twice its {BUDGET_SECONDS} s. "
                 "Look for a standard header that is not needed.")


if __name__ == "__main__":
    main(*sys.argv[1:])
