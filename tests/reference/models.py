"""Models of a few nodes: what ONNX Runtime computes for each of them.

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import dataclasses

import onnx
import onnxruntime
from onnx import helper
from onnxruntime.capi import onnxruntime_pybind11_state as state

# What ONNX Runtime says of models that are wrong, and of types and windows that it does not take.
REFUSED = (state.Fail, state.InvalidArgument, state.InvalidGraph, state.NotImplemented,
           state.RuntimeException)


@dataclasses.dataclass
class Case:
    """A model with sets of inputs, each by name, and what each makes of all values, by name."""

    model: onnx.ModelProto
    inputs: list
    values: list
    tolerance: float

    def data_sets(self):
        """As `cases.write_case` takes them."""
        graph = self.model.graph
        constants = {tensor.name for tensor in graph.initializer}
        names = [value.name for value in graph.input if value.name not in constants]
        outputs = [value.name for value in graph.output]
        return [([given[name] for name in names], [computed[name] for name in outputs])
                for given, computed in zip(self.inputs, self.values, strict=True)]


def info(name, array, shape=None):
    type_number = helper.np_dtype_to_tensor_dtype(array.dtype)
    return helper.make_tensor_value_info(name, type_number, shape)


def initializer(name, array):
    """A constant as raw bytes or, every other one, as a list of numbers."""
    if int(name[1:]) % 2 == 0:
        return onnx.numpy_helper.from_array(array, name)
    type_number = helper.np_dtype_to_tensor_dtype(array.dtype)
    return helper.make_tensor(name, type_number, array.shape, array.flatten())


def make_model(opset, nodes, inputs, outputs, constants):
    """A model; inputs and outputs are descriptions by name, constants arrays by name."""
    opsets = [helper.make_opsetid("", opset)]
    ir_version = helper.find_min_ir_version_for(opsets)
    inputs = list(inputs)
    if ir_version < 4:  # there, what has an initializer is an input as well
        inputs += [info(name, array, array.shape) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "random", inputs, list(outputs),
                              [initializer(name, array) for name, array in constants.items()])
    return helper.make_model(graph, opset_imports=opsets, ir_version=ir_version)


def session_of(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"])


class NodeRunner:
    """A node alone, for arrays of any shape.   *Errors*: raises one of REFUSED."""

    def __init__(self, opset, node, arrays, constants):
        read = dict.fromkeys(name for name in node.input if name)
        self.inputs = [name for name in read if name not in constants]
        outputs = [helper.make_empty_tensor_value_info(name) for name in node.output]
        model = make_model(opset, [node], [info(name, arrays[name]) for name in self.inputs],
                           outputs, {name: arrays[name] for name in read if name in constants})
        self.session = session_of(model)

    def __call__(self, arrays):
        return self.session.run(None, {name: arrays[name] for name in self.inputs})


def evaluate(model, inputs, change=None):
    """All values of a model by name; `change` may make something else of a node's results."""
    graph = model.graph
    arrays = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    constants = set(arrays)
    arrays |= inputs
    for node in graph.node:
        results = NodeRunner(model.opset_import[0].version, node, arrays, constants)(arrays)
        if change:
            results = change(node, results)
        arrays |= zip(node.output, results, strict=True)
    return arrays
