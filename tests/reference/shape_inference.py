"""What we infer of symbolic shapes, against onnx.shape_inference: shape_inference.py INFER_SHAPES

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

Where onnx knows an extent, we know the same one: a number, or the name of a dimension. Where the
dimensions have values, nothing is left of what computes shapes.
"""

import pathlib
import random
import re
import subprocess
import sys
import tempfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

RANDOM_MODELS = 150


class Graph:
    """A model under construction; each node's result has a new name."""

    def __init__(self, opset=21):
        self.opset, self.nodes, self.inputs, self.initializers = opset, [], [], []

    def input(self, name, shape, dtype=TensorProto.FLOAT):
        self.inputs.append(helper.make_tensor_value_info(name, dtype, shape))
        return name

    def constant(self, values, dtype=np.int64):
        name = f"constant_{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(np.array(values, dtype), name))
        return name

    def add(self, operator, *inputs, **attributes):
        name = f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], **attributes))
        return name

    def model(self, *outputs):
        infos = [onnx.ValueInfoProto(name=name) for name in outputs]
        graph = helper.make_graph(self.nodes, "g", self.inputs, infos, self.initializers)
        opset = helper.make_opsetid("", self.opset)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=10)
        inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
        del model.graph.output[:]
        model.graph.output.extend(v for v in inferred.graph.output)
        return model, inferred


def view():
    """x.view(x.size(0), -1), as PyTorch exports it."""
    g = Graph()
    x = g.input("x", ["batch", 3, 4])
    size = g.add("Gather", g.add("Shape", x), g.constant(0), axis=0)
    shape = g.add("Concat", g.add("Unsqueeze", size, g.constant([0])), g.constant([-1]), axis=0)
    return g, [g.add("Reshape", x, shape)], 1


def view_of_sums():
    """x.view(b, c // 2, 2, h * 2, w // 2) of symbolic b, h, w."""
    g = Graph()
    x = g.input("x", ["b", 6, "h", "w"])
    shape = g.add("Shape", x)
    b, c, h, w = (g.add("Gather", shape, g.constant([i]), axis=0) for i in range(4))
    two = g.constant([2])
    parts = [b, g.add("Div", c, two), two, g.add("Mul", h, two), g.add("Div", w, two)]
    return g, [g.add("Reshape", x, g.add("Concat", *parts, axis=0))], 1


def heads():
    """The heads of an attention: [b, s, 8·16] to [b, s, 8, 16] and back."""
    g = Graph()
    x = g.input("x", ["b", "s", 128])
    ends = g.add("Slice", g.add("Shape", x), g.constant([0]), g.constant([2]), g.constant([0]))
    split = g.add("Reshape", x, g.add("Concat", ends, g.constant([8, 16]), axis=0))
    joined = g.add("Reshape", split, g.add("Concat", ends, g.constant([-1]), axis=0))
    return g, [split, g.add("Add", joined, x)], 3


def old_flatten():
    """Constant nodes, axes as attributes, and Squeeze."""
    g = Graph(opset=11)
    x = g.input("x", ["n", 2, 5])
    zero = helper.make_tensor("zero", TensorProto.INT64, [], [0])
    size = g.add("Gather", g.add("Shape", x), g.add("Constant", value=zero), axis=0)
    rest = helper.make_tensor("rest", TensorProto.INT64, [1], [-1])
    parts = [g.add("Unsqueeze", size, axes=[0]), g.add("Constant", value=rest)]
    flat = g.add("Reshape", x, g.add("Concat", *parts, axis=0))
    return g, [g.add("Squeeze", g.add("Unsqueeze", flat, axes=[0, -1]), axes=[0])], 3


def known():
    """A shape of numbers becomes a constant, whatever it is computed with."""
    g = Graph()
    x = g.input("x", [2, 3, 4])
    shape = g.add("Shape", x, start=1)
    size = g.add("Size", x)
    total = g.add("Unsqueeze", g.add("Div", size, g.constant(6)), g.constant([0]))
    other = g.add("Sub", g.add("Add", shape, shape), shape)
    to = g.add("Concat", g.constant([-1]), g.add("Cast", g.add("Identity", other), to=7), axis=0)
    return g, [g.add("Reshape", x, to), g.add("Reshape", x, g.add("Concat", total, g.constant(
        [-1]), axis=0))], 2


def random_graph(seed):
    """Images through operators whose shapes follow from those before."""
    rng = random.Random(seed)
    g = Graph()
    side = lambda name: rng.choice([name, rng.randint(12, 20)])
    c = rng.choice(["c", 4])
    n, h, w = side("n"), side("h"), side("w")
    values = [g.input("x", [n, c, h, w]), g.input("y", [rng.choice([n, 1]), c, h, w])]
    channels = {name: c for name in values}
    for _ in range(rng.randint(3, 7)):
        x = rng.choice(list(channels))
        size, stride = rng.randint(1, 3), rng.randint(1, 2)
        window = {"strides": [stride, stride]}
        if rng.random() < 0.4:
            window["auto_pad"] = rng.choice(["SAME_UPPER", "SAME_LOWER", "VALID"])
        else:
            window["pads"] = [rng.randint(0, size - 1) for _ in range(4)]
        what = rng.randint(0, 5)
        if what == 0:
            channels[g.add("Relu", x)] = channels[x]
        elif what == 1 and channels[x] != "c":
            weights = g.constant(np.zeros((8, channels[x], size, size)), np.float32)
            channels[g.add("Conv", x, weights, **window)] = 8
        elif what == 2:
            channels[g.add("MaxPool", x, kernel_shape=[size, size], **window)] = channels[x]
        elif what == 3:
            channels[g.add("Add", x, x)] = channels[x]
        elif what == 4:
            values.append(g.add("Flatten", x, axis=rng.randint(0, 4)))
        else:
            to = g.add("Concat", g.add("Shape", x, end=2), g.constant([-1]), axis=0)
            values.append(g.add("Softmax", g.add("Reshape", x, to)))
    values += channels
    return g, values, None


def dimensions_of(value):
    """Each extent as text; nothing where onnx does not know it."""
    tensor = value.type.tensor_type
    if not tensor.HasField("shape"):
        return None
    return [str(d.dim_value) if d.HasField("dim_value") else d.dim_param
            for d in tensor.shape.dim]


def is_named(extent):
    """Whether the name is of an input; others onnx makes up."""
    return re.fullmatch(r"\d+|[a-z]+", extent) is not None and not extent.startswith("unk_")


def infer(program, file, model):
    """Our type of each value by name, and what the last line says."""
    file.write_bytes(model.SerializeToString())
    lines = subprocess.run([program, file], capture_output=True, text=True,
                           check=True).stdout.splitlines()
    return dict(line.split(": ", 1) for line in lines[:-1]), lines[-1]


def compare(name, model, inferred, program, file):
    """What is wrong, and how many extents onnx knows."""
    ours, last = infer(program, file, model)
    if last.startswith("error"):
        return [f"{name}: {last}"], 0
    wrong, compared = [], 0
    for value in [*inferred.graph.value_info, *inferred.graph.output]:
        theirs = dimensions_of(value)
        if theirs is None:
            continue
        found = re.fullmatch(r"\w+\[(.*)\]", ours[value.name])
        got = found.group(1).split(", ") if found and found.group(1) else []
        for ext_theirs, ext_ours in zip(theirs, got, strict=True):
            if not is_named(ext_theirs):
                continue
            compared += 1
            if ext_theirs != ext_ours:
                wrong.append(f"{name}: {value.name} is {theirs} to onnx, {got} to us")
    return wrong, compared


def bind(graph):
    """Gives each dimension that has a name an even value."""
    for value in graph.inputs:
        for dimension in value.type.tensor_type.shape.dim:
            if dimension.HasField("dim_param"):
                dimension.dim_value = 6 + 2 * (ord(dimension.dim_param[0]) % 5)


def check(name, make, program, file):
    graph, outputs, nodes = make()
    wrong, compared = compare(name, *graph.model(*outputs), program, file)
    if nodes is None:
        return wrong, compared
    bind(graph)
    model, inferred = graph.model(*outputs)
    more, count = compare(f"{name} with values", model, inferred, program, file)
    _, last = infer(program, file, model)
    if last != f"nodes {nodes}":
        more.append(f"{name}: {last} are left, not {nodes}")
    return wrong + more, compared + count


def main(program):
    wrong, compared = [], 0
    cases = [(f.__name__, f) for f in (view, view_of_sums, heads, old_flatten, known)]
    cases += [(f"seed {s}", lambda s=s: random_graph(s)) for s in range(RANDOM_MODELS)]
    with tempfile.TemporaryDirectory() as folder:
        for name, make in cases:
            complaints, count = check(name, make, program, pathlib.Path(folder) / "model.onnx")
            wrong += complaints
            compared += count
    print("\n".join(wrong))
    print(f"{len(cases)} models, {compared} extents that onnx knows, {len(wrong)} wrong")
    sys.exit(bool(wrong) or compared < 1000)


if __name__ == "__main__":
    main(sys.argv[1])
