"""ONNX's own backend tests of our operators: onnx_cases.py RUN_CASES FOLDER EXPECTED

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

FOLDER is made once for a list of operators; EXPECTED has the lines that must come out.
"""

import hashlib
import pathlib
import shutil
import sys
import warnings

import cases
import onnx
from onnx import version_converter
from onnx.backend.test import loader

KINDS = ("node", "pytorch-converted", "pytorch-operator", "simple")
# Operators whose inputs behind the first one say which elements there are.
SHAPED = ("Expand", "Pad", "Reshape", "Slice", "Split", "Squeeze", "Unsqueeze")
OLD_KINDS = ("pytorch-converted", "pytorch-operator")


def read_model(case):
    if case.model:
        return case.model
    model = onnx.load(pathlib.Path(case.model_dir) / "model.onnx")
    # These were written for opset 6, where Add and Gemm broadcast in another way.
    return version_converter.convert_version(model, 13) if case.kind in OLD_KINDS else model


def with_constants(model, data_sets):
    """The case with what an operator needs to know its output's shape as constants."""
    names = {name for node in model.graph.node for name in node.input[1:]
             if node.op_type.startswith("Reduce") or node.op_type in SHAPED}
    if len(data_sets) != 1 or not names:
        return model, data_sets
    inputs, outputs = data_sets[0]
    kept = []
    for info, value in zip(list(model.graph.input), inputs, strict=True):
        if info.name in names:
            model.graph.initializer.append(onnx.numpy_helper.from_array(value, info.name))
            model.graph.input.remove(info)
        else:
            kept.append(value)
    return model, [(kept, outputs)]


def write_cases(folder, operators):
    tolerances = {}
    for case in (case for kind in KINDS for case in loader.load_model_tests(kind=kind)):
        model = read_model(case)
        if not {node.op_type for node in model.graph.node} <= operators:
            continue
        name = f"{case.kind}/{case.name}"
        if case.model_dir:
            shutil.copytree(case.model_dir, folder / name)
        model, data_sets = with_constants(model, case.data_sets or [])
        cases.write_case(folder / name, model, data_sets)
        tolerances[name] = (case.rtol, case.atol, 0)
    cases.write_list(folder, tolerances)


def main(run_cases, folder, expected):
    operators = cases.operators(run_cases)
    scripts = pathlib.Path(__file__).read_bytes() + pathlib.Path(cases.__file__).read_bytes()
    made_for = f"{onnx.__version__} {sorted(operators)} {hashlib.sha256(scripts).hexdigest()}"
    stamp = folder / "made_for.txt"
    if not stamp.exists() or stamp.read_text() != made_for:
        shutil.rmtree(folder, ignore_errors=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some cases of operators that we do not have overflow
            write_cases(folder, operators)
        stamp.write_text(made_for)

    failed, summary = cases.run(run_cases, folder)
    for name, text in failed.items():
        print(f"{name}: {text}")
    print("\n".join(summary))
    wanted = [line for line in expected.read_text().splitlines() if not line.startswith("#")]
    if failed or summary != wanted:
        print(f"\n{expected} expects:", *wanted, sep="\n", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
