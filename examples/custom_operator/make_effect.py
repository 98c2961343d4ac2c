"""Writes effect.onnx: make_effect.py FILE

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

It needs the package onnx, which knows nothing of the operators of com.example.
"""

import sys

from onnx import TensorProto, checker, helper, save


def main(path):
    nodes = [
        helper.make_node("Mul", ["sound", "gain"], ["loud"]),
        helper.make_node("Abs", ["loud"], ["level"]),
        helper.make_node("Smooth", ["level"], ["envelope"], domain="com.example", rate=0.05),
        helper.make_node("Max", ["envelope", "one"], ["divisor"]),
        helper.make_node("Div", ["loud", "divisor"], ["limited"]),
        helper.make_node("SoftClip", ["limited"], ["clipped"], domain="com.example"),
    ]
    frames = ["frames", 2]
    graph = helper.make_graph(
        nodes, "effect",
        [helper.make_tensor_value_info("sound", TensorProto.FLOAT, frames)],
        [helper.make_tensor_value_info("clipped", TensorProto.FLOAT, frames)],
        [helper.make_tensor("gain", TensorProto.FLOAT, [], [4]),
         helper.make_tensor("one", TensorProto.FLOAT, [], [1])])
    sets = [helper.make_opsetid("", 18), helper.make_opsetid("com.example", 1)]
    model = helper.make_model(graph, opset_imports=sets, ir_version=8)
    checker.check_model(model)
    save(model, path)


if __name__ == "__main__":
    main(sys.argv[1])
