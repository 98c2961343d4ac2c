# Writes the files in data/ with ONNX's own Python package, 1.23.2: python make_models.py
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Each file tests one thing that files written by hand in the tests would only assume."""
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

DATA = Path(__file__).parent / "data"


def write(name, graph):
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    (DATA / name).write_bytes(model.SerializeToString(deterministic=True))


def node_and_output(name):
    info = helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
    return [helper.make_node("Identity", ["float32.raw"], [name])], [info]


def tensors():
    """Every element type twice: `<type>.raw` in raw_data, `<type>.typed` in its own field."""
    kinds = {
        "float32": TensorProto.FLOAT, "float64": TensorProto.DOUBLE, "float16": TensorProto.FLOAT16,
        "bfloat16": TensorProto.BFLOAT16, "bool": TensorProto.BOOL, "int8": TensorProto.INT8,
        "int16": TensorProto.INT16, "int32": TensorProto.INT32, "int64": TensorProto.INT64,
        "uint8": TensorProto.UINT8, "uint16": TensorProto.UINT16, "uint32": TensorProto.UINT32,
        "uint64": TensorProto.UINT64, "complex64": TensorProto.COMPLEX64,
        "complex128": TensorProto.COMPLEX128, "float8e4m3fn": TensorProto.FLOAT8E4M3FN,
        "float8e5m2": TensorProto.FLOAT8E5M2, "int4": TensorProto.INT4, "uint4": TensorProto.UINT4,
        "float4e2m1": TensorProto.FLOAT4E2M1,
    }
    initializers = []
    for name, kind in kinds.items():
        dtype = helper.tensor_dtype_to_np_dtype(kind)
        signed = name[0] in "if" and "uint" not in name
        values = numpy.array([1, 0, 3 if name != "bool" else 1, -2 if signed else 2, 1])
        array = values.astype(dtype)
        raw = numpy_helper.from_array(array, f"{name}.raw")
        typed = helper.make_tensor(f"{name}.typed", kind, array.shape, array.flatten().tolist())
        assert raw.HasField("raw_data") and not typed.HasField("raw_data"), name
        initializers += [raw, typed]
    nodes, outputs = node_and_output("y")
    write("tensors.onnx", helper.make_graph(nodes, "tensors", [], outputs, initializers))


def attributes():
    """One node with an attribute of every kind that ONNX's Python can make."""
    body = helper.make_graph([], "body", [], [])
    node = helper.make_node(
        "Everything", [], ["y"], domain="com.example",
        a_float=0.5, a_int=-3, a_string="text", some_floats=[1.0, -2.5], some_ints=[4, -5, 6],
        some_strings=["a", "b"], a_graph=body, some_graphs=[body],
        a_tensor=numpy_helper.from_array(numpy.array([7.0], numpy.float32)),
        some_tensors=[numpy_helper.from_array(numpy.array([8, 9], numpy.int64))],
        a_type=helper.make_tensor_type_proto(TensorProto.FLOAT, [1]))
    info = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    write("attributes.onnx", helper.make_graph([node], "attributes", [], [info]))


if __name__ == "__main__":
    DATA.mkdir(exist_ok=True)
    print("onnx", onnx.__version__)
    tensors()
    attributes()
