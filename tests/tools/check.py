"""inlay check runs ONNX's backend tests: check.py PROGRAM FOLDER REFERENCE

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

FOLDER gets the node cases of the onnx package, once; REFERENCE is tests/reference.
"""

import pathlib
import shutil
import sys
import tempfile
import warnings

import numpy as np
import onnx
from command import Command
from onnx import TensorProto, helper
from onnx.backend.test import loader


def write_node_cases(folder, cases, constants):
    stamp = folder / "made_for.txt"
    if stamp.exists() and stamp.read_text() == onnx.__version__:
        return
    shutil.rmtree(folder, ignore_errors=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some cases overflow
        for case in loader.load_model_tests(kind="node"):
            model = case.model or onnx.load(pathlib.Path(case.model_dir) / "model.onnx")
            cases.write_case(folder / case.name, *constants(model, case.data_sets or []))
    stamp.write_text(onnx.__version__)


def main(program, folder, reference):
    sys.path.insert(0, reference)
    import cases
    import onnx_cases
    command = Command(program, "check")
    run, check, wrong = command.run, command.check, command.wrong

    folder = pathlib.Path(folder)
    write_node_cases(folder, cases, onnx_cases.with_constants)
    for engine in command.engines():
        result = run(folder, "--engine", engine)
        lines = result.stdout.splitlines()
        print(engine, lines[-1] if lines else result.stderr)
        check(f"exit status of {engine} over ONNX's node cases", result.returncode, 0)
        wrong += [f"{engine}: {line}" for line in lines if line.startswith("failed")]
        if int(lines[-1].split()[0]) < 150:
            wrong.append(f"too few cases pass: {lines[-1]}")

    def model(op_type, element=TensorProto.FLOAT, domain=""):
        x = helper.make_tensor_value_info("x", element, [2, 3])
        y = helper.make_tensor_value_info("y", element, [2, 3])
        node = helper.make_node(op_type, ["x", "x"] if op_type == "Add" else ["x"], ["y"],
                                name="only", domain=domain)
        sets = [helper.make_opsetid("", 17)] + ([helper.make_opsetid(domain, 1)] if domain else [])
        return helper.make_model(helper.make_graph([node], "g", [x], [y]), opset_imports=sets)

    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        x = np.array([[0, 1, 2], [np.nan, np.inf, 3]], np.float32)
        good = x + x
        near = good.copy()
        near[0, 2] += 0.003
        far = good.copy()
        far[0, 2] += 0.5
        cases.write_case(root / "a" / "near", model("Add"), [([x], [near])])
        cases.write_case(root / "b" / "deep" / "far", model("Add"), [([x], [good]), ([x], [far])])
        cases.write_case(root / "c", model("Thing", domain="com.example"), [([x], [x])])
        integers = np.arange(6, dtype=np.int32).reshape(2, 3)
        off = 2 * integers
        off[1, 2] += 1
        cases.write_case(root / "d", model("Add", TensorProto.INT32), [([integers], [off])])
        cases.write_case(root / "e", model("Add"), [([x], [good.astype(np.float64)])])
        cases.write_case(root / "f", model("Add"), [([x], [good.reshape(3, 2)])])
        cases.write_case(root / "g", model("Add"), [([x], [good])])
        (root / "g" / "model.onnx").write_bytes(model("Add").SerializeToString()[:40])
        cases.write_case(root / "h", model("Add"), [([x], [good])])
        output = root / "h" / "test_data_set_0" / "output_0.pb"
        output.write_bytes(output.read_bytes()[:-3])
        cases.write_case(root / "i", model("Add"), [([x, x], [good])])
        cases.write_case(root / "j", model("Add"), [])
        cases.write_case(root / "k", model("Add"), [([integers], [good])])

        result = run(root)
        check("exit status where some fail", result.returncode, 1)
        lines = dict(line.split(": ", 1) for line in result.stdout.splitlines()[:-1])
        for key, sentence in (
                (f"failed {root}/b/deep/far", "test_data_set_1: output 'y' (output_0.pb): 1 of 6 "
                 "elements differ; the worst, [0, 2], is 4, not 4.5, by 0.5"),
                (f"skipped {root}/c", "the operator 'com.example.Thing' is not supported"),
                (f"failed {root}/d", "1 of 6 elements differ; the worst, [1, 2], is 10, not 11"),
                (f"failed {root}/e", "it is float32 2x3, not float64 2x3"),
                (f"failed {root}/f", "it is float32 2x3, not float32 3x2"),
                (f"failed {root}/g", "model.onnx: the file is cut off at byte 40"),
                (f"failed {root}/h", "output_0.pb: the file is cut off"),
                (f"failed {root}/i", "there are 2 files input_*.pb, and the model has 1 input"),
                (f"failed {root}/j", "there is no folder test_data_set_0"),
                (f"failed {root}/k", "it is int32 2x3, the model wants float32 2x3")):
            if sentence not in lines.get(key, ""):
                wrong.append(f"{key}: expected {sentence!r} in {lines.get(key)!r}\n{result.stdout}")
        check("last line", result.stdout.splitlines()[-1], "1 passed, 9 failed, 1 skipped")
        check("one that passes", run(root / "a").stdout, "1 passed, 0 failed, 0 skipped\n")
        check("its exit status", run(root / "a", root / "c").returncode, 0)
        (root / "empty").mkdir()
        for arguments, returncode, sentence in (
                ([root / "empty"], 1, "there is no model.onnx in it or beneath it"),
                ([root / "absent"], 1, "cannot read"),
                ([root, "--engine", "abacus"], 2, "no engine 'abacus'; there is: interpreter"),
                ([root, "--engine", "static"], 2, "'inlay embed' writes a model as a header"),
                ([root, "--engine", "scalar", "--threads", "2"], 2, "--threads 2: the engine")):
            command.refuse(arguments, sentence, returncode)

    command.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
