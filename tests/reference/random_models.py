"""Random small models against ONNX Runtime: random_models.py RUN_CASES FOLDER

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

The seeds are fixed, so that every run has the same models. Outputs must have the types and shapes
that ONNX Runtime gives them; floats may be away by 1e-5 (float64: 1e-12) of the largest.
"""

import pathlib
import shutil
import sys

import cases
import numpy as np
import onnx
import onnxruntime
from onnx import helper
from onnxruntime.capi import onnxruntime_pybind11_state as state
from random_nodes import NODES
from random_values import Values

COUNT = 200
OPSETS = range(7, 26)
TOLERANCE = {"float32": 1e-5, "float64": 1e-12}
TYPES = ["float32"] * 6 + ["float64"] * 2 + ["int8", "uint8", "int32", "int64"]
# What ONNX Runtime says of types and of windows that it does not support.
UNSUPPORTED = (state.NotImplemented, state.InvalidGraph, state.RuntimeException)


def info(name, array):
    type_number = helper.np_dtype_to_tensor_dtype(array.dtype)
    return helper.make_tensor_value_info(name, type_number, array.shape)


def initializer(name, array):
    """A constant as raw bytes or, every other one, as a list of numbers."""
    if int(name[1:]) % 2 == 0:
        return onnx.numpy_helper.from_array(array, name)
    type_number = helper.np_dtype_to_tensor_dtype(array.dtype)
    return helper.make_tensor(name, type_number, array.shape, array.flatten())


def make_model(values, nodes, inputs, outputs):
    """A model of these nodes; an output that is not known yet has only its element type."""
    opsets = [helper.make_opsetid("", values.opset)]
    ir_version = helper.find_min_ir_version_for(opsets)
    constants = [name for name in values.constants if name not in inputs]
    if ir_version < 4:  # there, what has an initializer is an input as well
        inputs = [*inputs, *constants]
    type_number = helper.np_dtype_to_tensor_dtype(values.dtype)
    graph = helper.make_graph(
        nodes, "random", [info(name, values.arrays[name]) for name in inputs],
        [info(name, values.arrays[name]) if name in values.arrays
         else helper.make_tensor_value_info(name, type_number, None) for name in outputs],
        [initializer(name, values.arrays[name]) for name in constants])
    return helper.make_model(graph, opset_imports=opsets, ir_version=ir_version)


def run(model, values):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, {i.name: values.arrays[i.name] for i in session.get_inputs()})


def add_node(values, nodes, operator):
    """Adds a node that reads the newest value, if that suits it and ONNX Runtime can compute it."""
    constants = values.constants
    if form := NODES[operator](values):
        name = f"v{len(nodes)}"
        node = helper.make_node(operator, form[0], [name], **form[1])
        try:
            result = run(make_model(values, [node], dict.fromkeys(form[0]), [name]), values)[0]
            # What is nearly 0 everywhere, as the logarithm of a softmax's sum, is all rounding.
            is_rounding = operator == "ReduceLogSum" and np.abs(result).max(initial=0) < 1e-3
            if result.size <= 10_000 and not is_rounding:
                values.add(name, result)
                nodes.append(node)
                return
        except UNSUPPORTED:
            pass
    values.keep(constants)


def draw(seed, operators):
    """A chain of one to six nodes with random forms of random operators, and its values."""
    rng, nodes = np.random.default_rng(seed), []
    while not nodes:
        values = Values(rng, int(rng.choice(OPSETS)), str(rng.choice(TYPES)))
        add_node(values, nodes, operators[seed % len(operators)])
    length = rng.integers(1, 7)
    while len(nodes) < length:
        add_node(values, nodes, str(rng.choice(operators)))
    outputs = [node.output[0] for node in nodes if node is nodes[-1] or rng.random() < 0.2]
    model = make_model(values, nodes, ["x"], outputs)
    onnx.checker.check_model(model)
    return model, values


def main(run_cases, folder):
    operators = sorted(cases.operators(run_cases) & NODES.keys())
    shutil.rmtree(folder, ignore_errors=True)
    models, tolerances = {}, {}
    for seed in range(COUNT):
        model, values = draw(seed, operators)
        name = f"seed-{seed}"
        models[name] = model
        tolerances[name] = (0, 0, TOLERANCE.get(values.dtype.name, 0))
        outputs = [values.arrays[output.name] for output in model.graph.output]
        cases.write_case(folder / name, model, [([values.arrays["x"]], outputs)])
    cases.write_list(folder, tolerances)

    failed, summary = cases.run(run_cases, folder)
    for name, text in failed.items():
        print(f"{name}: {text}\n{onnx.printer.to_text(models[name])}\n")
    print("\n".join(summary))
    sys.exit(summary != [f"{COUNT} passed, 0 failed, 0 skipped"])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
