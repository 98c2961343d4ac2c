"""What an example costs to compile: example_cost.py EXAMPLE_FOLDER EMBED_SCRIPT COMPILER FLAG...

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

Embeds every ONNX file of the folder, as its build does, and compiles its main.cpp.
"""

import pathlib
import subprocess
import sys
import tempfile

from measure import measure, over_budget

SECONDS_BUDGET = 8
MEGABYTES_BUDGET = 700


def main(example, script, *command):
    with tempfile.TemporaryDirectory() as folder:
        for model in pathlib.Path(example).glob("*.onnx"):
            subprocess.run(["cmake", f"-Dfile={model}", f"-Dheader={folder}/{model.name}.hpp",
                            "-P", script], check=True)
        cost = measure([*command, f"-I{folder}", f'-DDIGITS_FOLDER="{example}"',
                        "-c", f"{example}/main.cpp", "-o", f"{folder}/main.o"])
    print(f"{cost.cpu_seconds:.2f} s of CPU, {cost.peak_megabytes:.0f} MB")
    if over_budget(cost.cpu_seconds, SECONDS_BUDGET) or cost.peak_megabytes > MEGABYTES_BUDGET:
        sys.exit(f"The example may cost {SECONDS_BUDGET} s and {MEGABYTES_BUDGET} MB to compile.")


if __name__ == "__main__":
    main(*sys.argv[1:])
