"""MLPerf Tiny's ResNet-8 as an ONNX file: convert.py ic_float.tflite OUT.onnx

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

Needs ai-edge-litert, which also computes what both must answer, onnx and onnxruntime. The input is
a picture [1, 3, 32, 32] of values from 0 to 255.
"""

import sys

import numpy as np
import onnx
import onnxruntime
from ai_edge_litert.interpreter import Interpreter
from onnx import TensorProto, helper, numpy_helper

# Each operator of the file in order: attributes, and whether a Relu follows. A convolution's
# window covers ⌈size / stride⌉ places, with the larger half of the padding behind.
STRIDES = (1, 1, 1, None, 2, 1, 2, None, 2, 1, 2, None)
RELU = (True, True, False, True, True, False, False, True, True, False, False, True)


def read(path):
    """The operators of the file as (name, inputs, output), and the arrays of its constants."""
    interpreter = Interpreter(path, experimental_preserve_all_tensors=True)
    interpreter.allocate_tensors()
    operators = [(o["op_name"], [int(i) for i in o["inputs"]], int(o["outputs"][0]))
                 for o in interpreter._get_ops_details() if o["op_name"] != "DELEGATE"]
    made = {output for *_, output in operators} | {int(interpreter.get_input_details()[0]["index"])}
    arrays = {i: interpreter.get_tensor(i)
              for _, inputs, _ in operators for i in inputs if i not in made}
    return interpreter, operators, arrays


def convert(operators, arrays):
    nodes, constants = [], []
    names = {operators[0][1][0]: "image"}

    def constant(name, array):
        constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(kind, inputs, name, **attributes):
        nodes.append(helper.make_node(kind, inputs, [name], name, **attributes))
        return name

    for number, (kind, inputs, output) in enumerate(operators):
        name = f"{kind.lower()}_{number}"
        x = [names.get(i) for i in inputs]
        if kind == "CONV_2D":
            weight = constant(f"{name}.weight", arrays[inputs[1]].transpose(0, 3, 1, 2))
            bias = constant(f"{name}.bias", arrays[inputs[2]])
            y = node("Conv", [x[0], weight, bias], name, auto_pad="SAME_UPPER",
                     strides=[STRIDES[number]] * 2)
        elif kind == "ADD":
            y = node("Add", x, name)
        elif kind == "AVERAGE_POOL_2D":
            y = node("GlobalAveragePool", x, name)
        elif kind == "RESHAPE":
            y = node("Flatten", x[:1], name)
        elif kind == "FULLY_CONNECTED":
            weight = constant(f"{name}.weight", arrays[inputs[1]])
            bias = constant(f"{name}.bias", arrays[inputs[2]])
            y = node("Gemm", [x[0], weight, bias], name, transB=1)
        else:
            assert kind == "SOFTMAX", kind
            y = node("Softmax", x, "probabilities")
        if number < len(RELU) and RELU[number]:
            y = node("Relu", [y], f"{name}_relu")
        names[output] = y
    graph = helper.make_graph(
        nodes, "resnet8",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 32, 32])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [1, 10])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model


def main(source, target):
    interpreter, operators, arrays = read(source)
    model = convert(operators, arrays)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    random = np.random.default_rng(1)
    for _ in range(20):
        image = random.integers(0, 256, (1, 32, 32, 3)).astype(np.float32)
        interpreter.set_tensor(operators[0][1][0], image)
        interpreter.invoke()
        expected = interpreter.get_tensor(operators[-1][2])
        (got,) = session.run(None, {"image": image.transpose(0, 3, 1, 2)})
        assert np.abs(got - expected).max() < 1e-4, (got, expected)
    onnx.save(model, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
