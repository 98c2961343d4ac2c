"""Random graphs, the same for the same seed and list of operators.

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import models
import numpy as np
import onnx
from onnx import helper
from random_elements import ELEMENTS, is_convertible
from random_nodes import NODES
from random_values import Values
from random_views import VIEWS

OPSETS = range(7, 26)
# How far floats may be away, relative to the largest number of a tensor.
TOLERANCE = {"float32": 1e-5, "float64": 1e-12}
TYPES = ["float32"] * 6 + ["float64"] * 2 + ["int8", "uint8", "int32", "int64", "bool"]
MOST_ELEMENTS = 10_000
# What often comes behind an operator, for a pass to see both.
BEHIND = {"MatMul": ("Where",), "Pad": ("AveragePool", "Conv", "MaxPool"), "Relu": ("Pad",)}
# What often comes behind an operator that computes element by element.
ROWS = ("LayerNormalization", "LogSoftmax", "RMSNormalization", "ReduceL2", "ReduceMax",
        "ReduceMean", "ReduceSum", "Softmax")
# Where a dimension with a name has no value below that with which the graph was drawn.
GROWING = ("AveragePool", "Conv", "ConvTranspose", "MaxPool", "Pad")


def largest(array):
    finite = np.abs(array[np.isfinite(array)])
    return float(finite.max(initial=0))


def shaken(rng, array, units=2):
    """The array with an error in each element, of about so many units in the last place of its
    largest."""
    if array.dtype.kind != "f":
        return array
    error = rng.uniform(-units, units, array.shape) * np.finfo(array.dtype).eps * largest(array)
    with np.errstate(over="ignore"):
        return np.asarray(array + error, array.dtype)


def is_sound(array, near):
    """Whether errors of rounding before leave a tenth of the tolerance or less, and the numbers are
    far from those that overflow or lose digits."""
    if array.shape != near.shape:
        return False
    if array.dtype.kind != "f":
        return np.array_equal(array, near)
    size = largest(array)
    finite = np.isfinite(array)
    if not (size == 0 or 1e-20 < size < 1e20):
        return False
    if not np.array_equal(array[~finite], near[~finite], equal_nan=True):
        return False
    if not np.isfinite(near[finite]).all():
        return False
    away = np.abs(array[finite] - near[finite]).max(initial=0)
    return bool(away <= TOLERANCE[array.dtype.name] / 10 * size)


def all_agree(node, inputs, output):
    """Whether ONNX Runtime computes of these elements what the standard says."""
    if node.op_type.startswith("Cast"):
        return is_convertible(inputs[0], output.dtype)
    if node.op_type in ("ReduceMax", "ReduceMin"):  # of NaN and others they are some number
        return not np.isnan(inputs[0]).any()
    if node.op_type == "Reciprocal":  # zeros have not the same signs for everybody
        return bool(inputs[0].all())
    # It spreads a scale.
    return node.op_type != "GroupNormalization" or inputs[1].shape[0] == inputs[0].shape[1]


class Grower:
    """Adds nodes to a graph, one at a time, each with what ONNX Runtime computes."""

    def __init__(self, seed, operators):
        self.rng, self.operators = np.random.default_rng(seed), operators
        self.elements = [name for name in operators if name in ELEMENTS]
        self.views = [name for name in operators if name in VIEWS]
        self.nodes, self.runners = [], []
        first = operators[seed % len(operators)]
        while not self.nodes:
            opset, kind = int(self.rng.choice(OPSETS)), str(self.rng.choice(TYPES))
            self.values = Values(self.rng, opset, kind)
            self.add(first)

    def grow(self, count):
        for _ in range(4 * count):
            if len(self.nodes) >= count:
                break
            if (behind := self.behind(self.nodes[-1].op_type)) is not None:
                self.add(behind)
                continue
            self.values.look_back()
            kind = self.rng.random()
            names = self.elements if kind < 0.5 else self.views if kind < 0.65 else self.operators
            self.add(str(self.rng.choice(names)))

    def behind(self, operator):
        """What shall come behind an operator, if that is to be something of its own."""
        is_element = operator in self.elements and operator not in BEHIND
        names = [name for name in (ROWS if is_element else BEHIND.get(operator, ()))
                 if name in self.operators]
        if names and self.values.chance(0.2 if is_element else 0.4):
            return str(self.rng.choice(names))
        return None

    def compute(self, node, runner, arrays, near):
        """The results of a node twice, or nothing where they are unsound or not everybody's."""
        results = runner(arrays)
        shaken_results = [shaken(self.rng, array) for array in runner(near)]
        pairs = list(zip(results, shaken_results, strict=True))
        inputs = [arrays[name] for name in node.input if name]
        if all_agree(node, inputs, results[0]) and all(
                array.size <= MOST_ELEMENTS and array.ndim <= 8 and is_sound(array, other)
                for array, other in pairs):
            return pairs
        return None

    def near_inputs(self, inputs):
        """Inputs that are a little off: of what they add up to, little may be left."""
        return {name: shaken(self.rng, array, 0.5) for name, array in inputs.items()}

    def add(self, operator):
        """Adds a node that reads the newest value, if that suits it and ONNX Runtime can compute
        it."""
        v = self.values
        before = set(v.arrays)
        if form := NODES[operator](v):
            inputs, attributes, count = (*form, 1)[:3]
            first = len(v.named("v"))
            outputs = [f"v{first + i}" for i in range(count)]
            node = helper.make_node(operator, inputs, outputs, **attributes)
            try:
                runner = models.NodeRunner(v.opset, node, v.arrays, set(v.constants))
                inputs = {name: v.arrays[name] for name in v.inputs}
                near = v.near | self.near_inputs(inputs)
                if pairs := self.compute(node, runner, v.arrays, near):
                    for name, (array, near) in zip(outputs, pairs, strict=True):
                        v.add(name, array, near)
                    self.nodes.append(node)
                    self.runners.append(runner)
                    return
            except models.REFUSED:
                pass
        v.forget_all_but(before)

    def evaluate(self, inputs):
        """All values for other inputs, or nothing where one is unsound or cannot be."""
        v = self.values
        # ONNX Runtime takes slopes that are larger than what they go with.
        if any(node.op_type == "PRelu" for node in self.nodes):
            return None
        arrays = {name: v.arrays[name] for name in v.constants} | inputs
        near = arrays | self.near_inputs(inputs)
        try:
            for node, runner in zip(self.nodes, self.runners, strict=True):
                pairs = self.compute(node, runner, arrays, near)
                # A Squeeze of all that is 1 may leave fewer axes than later nodes were drawn for.
                if pairs is None or any(array.ndim != v.arrays[name].ndim for name, (array, _)
                                        in zip(node.output, pairs, strict=True)):
                    return None
                # ONNX Runtime joins what is empty whatever its other extents are.
                if node.op_type == "Concat" and pairs[0][0].size == 0:
                    return None
                for name, (array, other) in zip(node.output, pairs, strict=True):
                    arrays[name], near[name] = array, other
        except models.REFUSED:
            return None
        return arrays

    def name_dimensions(self, shapes, count=2, smallest=1):
        """Gives an extent of some inputs a name, where so many other values of it are right;
        returns those sets of inputs and values."""
        v = self.values
        named = {n for shape in shapes.values() for n in shape if isinstance(n, str)}
        places = [(name, i) for name, shape in shapes.items() for i, n in enumerate(shape)
                  if not isinstance(n, str) and n >= smallest]
        # What InstanceNormalization reads must have a spread that other elements may not have.
        if not places or any(node.op_type == "InstanceNormalization" for node in self.nodes):
            return []
        name, axis = places[v.pick(0, len(places) - 1)]
        extent = shapes[name][axis]
        # Windows must fit.
        grows = any(node.op_type in GROWING for node in self.nodes)
        least = extent if grows else smallest
        sizes = [n for n in range(least, least + 12) if n != extent]
        alike = [place for place in places if shapes[place[0]][place[1]] == extent]
        for chosen in (alike, [(name, axis)]):
            sets = []
            for size in self.rng.choice(sizes, count, replace=False):
                inputs = {}
                for x in v.inputs:
                    shape = list(v.arrays[x].shape)
                    for place, i in chosen:
                        if place == x:
                            shape[i] = int(size)
                    inputs[x] = v.elements(shape, v.arrays[x].dtype)
                if (values := self.evaluate(inputs)) is None:
                    break
                sets.append((inputs, values))
            else:
                for place, i in chosen:
                    shapes[place][i] = f"n{len(named)}"
                return sets
        return []

    def finish(self, sizes=None):
        """The case; with values for so many sizes, or nothing where no dimension gets a name, or
        where there is code of its own for some of them: an extent is 0 or 1."""
        v = self.values
        read = {name for node in self.nodes for name in node.input}
        outputs = [name for name in v.named("v")
                   if v.chance(0.15 if name in read else 0.9) or name == v.named("v")[-1]]
        used = [name for name in v.constants if name in read]
        shapes = {name: list(v.arrays[name].shape) for name in v.inputs}
        sets = [({name: v.arrays[name] for name in v.inputs}, v.arrays)]
        if sizes is not None:
            sets += self.name_dimensions(shapes, sizes - 1, 2)
            few = [{name: [min(n, 2) for n in array.shape] for name, array in values.items()}
                   for _, values in sets]
            if len(sets) == 1 or any(one != few[0] for one in few):
                return None
        elif v.chance(0.35):
            sets += self.name_dimensions(shapes)
            if v.chance(0.3) and len(sets) > 1:
                sets += self.name_dimensions(shapes)
        is_open = any(isinstance(n, str) for shape in shapes.values() for n in shape)
        model = models.make_model(
            v.opset, self.nodes,
            [models.info(name, v.arrays[name], shape) for name, shape in shapes.items()],
            [models.info(name, v.arrays[name],
                         [None] * v.arrays[name].ndim if is_open else v.arrays[name].shape)
             for name in outputs],
            {name: v.arrays[name] for name in used})
        onnx.checker.check_model(model)
        return models.Case(model, [given for given, _ in sets], [values for _, values in sets],
                           max(TOLERANCE.get(v.arrays[name].dtype.name, 0) for name in outputs))


def draw(seed, operators, sizes=None):
    """A graph of one to twelve nodes with random forms of random operators. With `sizes`, one that
    has inputs of so many sizes, or nothing where those of that seed have only one."""
    grower = Grower(seed, operators)
    grower.grow(int(grower.rng.integers(1, 13)))
    return grower.finish(sizes)
