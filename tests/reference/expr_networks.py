"""Networks as expressions are what ONNX files say: expr_networks.py PROGRAM FOLDER LENET

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

LeNet is a file, layers of BERT and a residual network are written with onnx.helper: the graphs must
be the same.
For compositions that ONNX has an operator for, ONNX Runtime computes both.
"""

import functools
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

# In which order the functions below take parameters, behind the inputs.
ORDER = {"weight_ih_l0": 1, "weight_hh_l0": 2, "bias_ih_l0": 3, "bias_hh_l0": 4}
TOLERANCE = 2e-5
OPSET = 21
random = np.random.default_rng(7)


class Writer:
    """Nodes one after the other; every value is named by its number."""

    def __init__(self):
        self.nodes, self.constants, self.outputs = [], [], 0

    def node(self, kind, *inputs, outputs=1, **attributes):
        names = [f"v{self.outputs + i}" for i in range(outputs)]
        self.outputs += outputs
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names[0] if outputs == 1 else names

    def constant(self, name, array):
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def weight(self, name, *shape):
        array = random.normal(size=shape).astype(np.float32) / 4
        return self.constant(name, np.abs(array) + 1 if name.endswith("_var") else array)

    def numbers(self, *values):
        return self.constant(f"c{len(self.constants)}", np.array(values, np.int64))

    def save(self, path, inputs, shape):
        self.nodes[-1].output[0] = "y"
        infos = [helper.make_tensor_value_info(*one) for one in inputs]
        result = helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)
        graph = helper.make_graph(self.nodes, path.stem, infos, [result], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)],
                                  ir_version=10)
        onnx.checker.check_model(model)
        onnx.save(model, path)

    def dense(self, x, name, columns, rows):
        flipped = self.node("Transpose", self.weight(f"{name}.weight", rows, columns))
        product = self.node("MatMul", x, flipped)
        return self.node("Add", product, self.weight(f"{name}.bias", rows))

    def layer_norm(self, x, name):
        return self.node("LayerNormalization", x, self.weight(f"{name}.weight", 64),
                         self.weight(f"{name}.bias", 64), axis=-1, epsilon=1e-12)

    def heads(self, x):
        split = self.node("Reshape", x, self.numbers(0, 0, 4, 16))
        return self.node("Transpose", split, perm=[0, 2, 1, 3])

    def bert_layer(self, x, name):
        q, k, v = (self.dense(x, f"{name}.attention.self.{part}", 64, 64)
                   for part in ("query", "key", "value"))
        q, k, v = self.heads(q), self.heads(k), self.heads(v)
        scores = self.node("MatMul", q, self.node("Transpose", k, perm=[0, 1, 3, 2]))
        scores = self.node("Div", scores,
                           self.constant(f"c{len(self.constants)}", np.array(4, np.float32)))
        scores = self.node("Softmax", self.node("Add", scores, "mask"), axis=3)
        merged = self.node("Transpose", self.node("MatMul", scores, v), perm=[0, 2, 1, 3])
        context = self.node("Reshape", merged, self.numbers(0, 0, 64))
        attended = self.dense(context, f"{name}.attention.output.dense", 64, 64)
        attended = self.layer_norm(self.node("Add", attended, x),
                                   f"{name}.attention.output.LayerNorm")
        hidden = self.node("Gelu", self.dense(attended, f"{name}.intermediate.dense", 64, 256))
        output = self.dense(hidden, f"{name}.output.dense", 256, 64)
        return self.layer_norm(self.node("Add", output, attended), f"{name}.output.LayerNorm")

    def conv(self, x, name, *shape, **attributes):
        return self.node("Conv", x, self.weight(f"{name}.weight", *shape), **attributes)

    def batch_norm(self, x, name, channels):
        parts = [self.weight(f"{name}.{part}", channels)
                 for part in ("weight", "bias", "running_mean", "running_var")]
        return self.node("BatchNormalization", x, *parts, epsilon=1e-5)

    def basic_block(self, x, name, inputs, channels, stride):
        slides = {"strides": [stride, stride]} if stride != 1 else {}
        y = self.conv(x, f"{name}.conv1", channels, inputs, 3, 3, pads=[1] * 4, **slides)
        y = self.node("Relu", self.batch_norm(y, f"{name}.bn1", channels))
        y = self.conv(y, f"{name}.conv2", channels, channels, 3, 3, pads=[1] * 4)
        y = self.batch_norm(y, f"{name}.bn2", channels)
        if stride != 1:
            x = self.conv(x, f"{name}.downsample.0", channels, inputs, 1, 1, **slides)
            x = self.batch_norm(x, f"{name}.downsample.1", channels)
        return self.node("Relu", self.node("Add", y, x))


def write_bert(path):
    w = Writer()
    w.bert_layer(w.bert_layer("x", "layer.0"), "layer.1")
    inputs = [("x", TensorProto.FLOAT, [2, 16, 64]), ("mask", TensorProto.FLOAT, [2, 1, 1, 16])]
    w.save(path, inputs, [2, 16, 64])


def write_residual(path):
    w = Writer()
    x = w.conv("x", "conv1", 8, 3, 7, 7, strides=[2, 2], pads=[3] * 4)
    x = w.node("Relu", w.batch_norm(x, "bn1", 8))
    x = w.node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    x = w.basic_block(w.basic_block(x, "layer1.0", 8, 8, 1), "layer1.1", 8, 8, 1)
    x = w.basic_block(x, "layer2.0", 8, 16, 2)
    x = w.node("Flatten", w.node("GlobalAveragePool", x))
    w.node("Gemm", x, w.weight("fc.weight", 10, 16), w.weight("fc.bias", 10), transB=1)
    w.save(path, [("x", TensorProto.FLOAT, [1, 3, 32, 32])], [1, 10])


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def one_node(kind, inputs, outputs=("y",), **attributes):
    """What ONNX's own operator makes of these arrays: its first output, or those that are named."""
    names = [f"x{i}" if array is not None else "" for i, array in enumerate(inputs)]
    given = {name: array for name, array in zip(names, inputs, strict=True) if name}
    infos = [helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype),
                                           array.shape) for name, array in given.items()]
    results = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
               for name in outputs if name]
    graph = helper.make_graph([helper.make_node(kind, names, outputs, **attributes)], "one", infos,
                              results)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    arrays = session(model.SerializeToString()).run(None, given)
    return arrays[0] if len(arrays) == 1 else arrays


def gates(array, order):
    """ONNX has the gates of PyTorch's layers in another order, and one more axis in front."""
    return np.concatenate([np.split(array, len(order))[i] for i in order])[None]


def recurrent(kind, order, x, *arrays, **attributes):
    """`arrays` are the states to start from, as many as there are, and the four parameters."""
    *states, w, r, wb, rb = arrays
    bias = np.concatenate([gates(wb, order), gates(rb, order)], axis=1)
    outputs = ("y", "", "c") if len(states) == 2 else ("y",)
    results = one_node(kind, [x.transpose(1, 0, 2), gates(w, order), gates(r, order), bias,
                              *([None] if states else []),
                              *(state.transpose(1, 0, 2) for state in states)],
                       outputs, hidden_size=5, **attributes)
    if len(states) < 2:
        results = [results]
    steps = results[0][:, 0], *results[1:]  # steps, directions, n, hidden
    return np.concatenate([part.transpose(1, 0, 2) for part in steps], axis=1)


def attention(x, w, b, out_w, out_b):
    """In double precision; the heads are two."""
    q, k, v = np.split(x @ w.T.astype(np.float64) + b, 3, axis=-1)
    q, k, v = (part.reshape(2, 6, 2, 4).transpose(0, 2, 1, 3) for part in (q, k, v))
    scores = q @ k.transpose(0, 1, 3, 2) / 2
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    y = scores / scores.sum(-1, keepdims=True) @ v
    return y.transpose(0, 2, 1, 3).reshape(2, 6, 8) @ out_w.T + out_b


COMPOSITIONS = {
    "einsum_of_matrices": lambda *x: one_node("Einsum", x, equation="bij,bjk->bik"),
    "einsum_of_three": lambda *x: one_node("Einsum", x, equation="ij,jk,lk->li"),
    "einsum_outer": lambda *x: one_node("Einsum", x, equation="i,jk->kij"),
    "einsum_joined": lambda *x: one_node("Einsum", x, equation="abcd,cebd->ea"),
    "einsum_of_one": lambda *x: one_node("Einsum", x, equation="abc->ca"),
    "einsum_without_arrow": lambda *x: one_node("Einsum", x, equation="ij, jk"),
    **{name + start: functools.partial(recurrent, kind, order, **attributes)
       for start in ("", "_from_state")
       for name, kind, order, attributes in (
           ("lstm", "LSTM", [0, 3, 1, 2], {}),
           ("gru", "GRU", [1, 0, 2], {"linear_before_reset": 1}),
           ("rnn", "RNN", [0], {}))},
    "attention": attention,
    "embedding": lambda tokens, table: one_node("Gather", [table, tokens]),
}


def draw(port):
    if "int64" in port.type:
        return random.integers(0, 11, port.shape)
    return random.normal(size=port.shape).astype(np.float32)


def main(program, folder, lenet):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_bert(folder / "bert.onnx")
    write_residual(folder / "residual.onnx")
    shutil.copyfile(lenet, folder / "lenet.onnx")
    subprocess.run([program, folder], check=True)
    for name, wanted in COMPOSITIONS.items():
        ours = session(str(folder / f"{name}.written.onnx"))
        given = {port.name: draw(port) for port in ours.get_inputs()}
        got = ours.run(None, given)[0]
        ports = sorted(ours.get_inputs(), key=lambda port: ORDER.get(port.name.split(".")[-1], 0))
        expected = wanted(*(given[port.name] for port in ports))
        assert got.shape == expected.shape, (name, got.shape, expected.shape)
        assert np.abs(expected).max() > 0.01, name
        difference = np.abs(got - expected).max()
        print(f"{name}: at most {difference:.2g} apart")
        assert difference < TOLERANCE, name


if __name__ == "__main__":
    main(*sys.argv[1:])
