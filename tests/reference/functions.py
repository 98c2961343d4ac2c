"""Models with functions of their own, against ONNX Runtime: functions.py RUN_CASES FOLDER

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import pathlib
import shutil
import sys

import cases
import numpy as np
import onnx
import onnxruntime

HEAD = '<ir_version: 10, opset_import: ["": 18, "local": 1, "other": 2]>\n'
LOCAL = '<domain: "local", opset_import: ["": 18, "local": 1]>\n'

MODELS = {
    "one": HEAD + """
        agraph (float[2, 3] x) => (float[2, 3] y) { y = local.Twice(x) }
        """ + LOCAL + """
        Twice (a) => (b) { t = Add(a, a) b = Relu(t) }""",
    "called-twice": HEAD + """
        agraph (float[2, 3] x) => (float[2, 3] y) {
          t = local.Twice(x) u = local.Twice(t) y = Add(u, x)
        }
        """ + LOCAL + """
        Twice (a) => (b) { t = Add(a, a) b = Add(t, a) }""",
    "nested": HEAD + """
        agraph (float[2, 3] x) => (float[2, 3] y, float[2, 3] z) { y, z = local.Outer(x) }
        """ + LOCAL + """
        Outer (a) => (b, c) { t = local.Inner(a) b = local.Inner(t) c = Identity(t) }
        """ + LOCAL + """
        Inner (a) => (b) { t = Relu(a) b = Add(t, a) }""",
    "attributes": HEAD + """
        agraph (float[2, 3] x, float[3, 2] w) => (float[2, 2] y) {
          y = local.Scaled <factor = 0.5, along = 0> (x, w)
        }
        """ + LOCAL + """
        Scaled <factor, along> (a, w) => (b) {
          t = Gemm <alpha: float = @factor> (a, w)
          b = Softmax <axis: int = @along> (t)
        }""",
    "defaults": HEAD + """
        agraph (float[2, 3] x, float[3, 2] w) => (float[2, 2] y) {
          t = local.Scaled(x, w) u = local.Scaled <along = 0> (x, w) y = Add(t, u)
        }
        """ + LOCAL + """
        Scaled <factor: float = 2.0, along: int = 1> (a, w) => (b) {
          t = Gemm <alpha: float = @factor> (a, w)
          b = Softmax <axis: int = @along> (t)
        }""",
    "attributes-handed-on": HEAD + """
        agraph (float[2, 3] x) => (float[2, 3] y) { y = local.Outer <along = 0> (x) }
        """ + LOCAL + """
        Outer <along> (a) => (b) { b = local.Inner <axis: int = @along> (a) }
        """ + LOCAL + """
        Inner <axis: int = 1> (a) => (b) { b = Softmax <axis: int = @axis> (a) }""",
    "outputs": HEAD + """
        agraph (float[2, 3] x) => (float[2, 3] y, float[2, 3] z, float[2, 3] u) {
          y, z, u = local.All(x)
        }
        """ + LOCAL + """
        All (a) => (b, c, d) { b = Relu(a) c = Identity(a) d = Add(a, b) }""",
    "same-names": HEAD + """
        agraph (float[2, 3] x) => (float[2, 3] y) { t = Relu(x) y = local.F(t, x) }
        """ + LOCAL + """
        F (y, t) => (x) { x = local.G(t, y) }
        """ + LOCAL + """
        G (x, y) => (t) { t = Add(x, y) }""",
}


def overloaded():
    """Two functions of one name, of which each call names one."""
    model = onnx.parser.parse_model(MODELS["called-twice"])
    other = model.functions.add()
    other.CopyFrom(model.functions[0])
    other.overload = "plain"
    del other.node[:]
    other.node.append(onnx.helper.make_node("Softmax", ["a"], ["b"], axis=1))
    model.graph.node[1].overload = "plain"
    return model


def run(model, inputs):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, inputs)


def main(run_cases, folder):
    shutil.rmtree(folder, ignore_errors=True)
    models = {name: onnx.parser.parse_model(text) for name, text in MODELS.items()}
    models["overloads"] = overloaded()
    rng = np.random.default_rng(0)
    for name, model in models.items():
        onnx.checker.check_model(model)
        inputs = {x.name: rng.standard_normal([d.dim_value for d in x.type.tensor_type.shape.dim])
                  .astype(np.float32) for x in model.graph.input}
        cases.write_case(folder / name, model, [(list(inputs.values()), run(model, inputs))])
    cases.write_list(folder, {name: (1e-6, 1e-6, 0) for name in models})
    failed, summary = cases.run(run_cases, folder)
    for name, text in failed.items():
        print(f"{name}: {text}")
    print("\n".join(summary))
    sys.exit(summary != [f"{len(models)} passed, 0 failed, 0 skipped"])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
