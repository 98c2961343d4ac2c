"""Random models as code: static_models.py RUN_CASES FOLDER COUNT CMAKE EMBED_FILE COMPILER...

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

Each is embedded and compiled, and has the bits of the program of its file, which random_models.py
compares with ONNX Runtime.
"""

import pathlib
import shutil
import subprocess
import sys

import cases
import random_graphs
from random_nodes import NODES

NETWORK = """
#include "{name}.onnx.hpp"
inline constexpr auto {name} = inlay::onnx({name}_onnx);
"""
CHECK = """  is_right &= reference::check<{name}, {inputs}>(
      {{{name}_onnx, sizeof {name}_onnx - 1}}, "{folder}");
"""


def is_open(case):
    return any(dimension.dim_param for value in case.model.graph.input
               for dimension in value.type.tensor_type.shape.dim)


def main(run_cases, folder, count, cmake, embed_file, *compiler):
    folder = pathlib.Path(folder)
    operators = sorted(cases.operators(run_cases) & NODES.keys())
    shutil.rmtree(folder, ignore_errors=True)
    networks, checks = "", ""
    seed, drawn = 0, 0
    while drawn < int(count):
        case = random_graphs.draw(seed, operators)
        seed += 7  # another operator comes first
        if is_open(case):
            continue
        name = f"model_{drawn}"
        (folder / name).mkdir(parents=True)
        model = folder / f"{name}.onnx"
        model.write_bytes(case.model.SerializeToString())
        subprocess.run([cmake, f"-Dfile={model}", f"-Dheader={model}.hpp", "-P", embed_file],
                       check=True)
        inputs, _ = case.data_sets()[0]
        for i, x in enumerate(inputs):
            (folder / name / f"input_{i}.bin").write_bytes(x.tobytes())
        networks += NETWORK.format(name=name)
        checks += CHECK.format(name=name, inputs=len(inputs), folder=folder / name)
        drawn += 1
    source = folder / "main.cpp"
    source.write_text(f'#include "static_models.hpp"\n{networks}\nint main() {{\n'
                      f"  bool is_right = true;\n{checks}  return is_right ? 0 : 1;\n}}\n")
    here = pathlib.Path(__file__).parent
    subprocess.run([*compiler, f"-I{here}", source, "-o", folder / "main"], check=True)
    print(f"{drawn} models are compiled", flush=True)
    sys.exit(subprocess.run([folder / "main"]).returncode)


if __name__ == "__main__":
    main(*sys.argv[1:])
