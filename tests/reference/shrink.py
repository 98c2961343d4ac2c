"""Makes a model that fails as small as it can be.

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

`shrink(case, fails)` tries changes, each of which leaves less, and keeps those after which the case
still fails: `fails` takes a case and says so.
"""

import dataclasses

import models
import numpy as np
import onnx
from onnx import numpy_helper

SHAPES = {  # inputs that are shapes, axes or numbers of elements, which are not rounded
    "Expand": [1], "Gather": [1], "Pad": [1], "Reshape": [1], "Slice": [1, 2, 3, 4],
    "Split": [1], "Squeeze": [1], "Unsqueeze": [1],
}


@dataclasses.dataclass
class Parts:
    """A model with one set of inputs, as parts that are easily changed."""

    opset: int
    nodes: list
    inputs: dict
    constants: dict
    outputs: list
    values: dict

    @classmethod
    def of(cls, case, number):
        graph = case.model.graph
        return cls(case.model.opset_import[0].version, list(graph.node), case.inputs[number],
                   {t.name: numpy_helper.to_array(t) for t in graph.initializer},
                   [value.name for value in graph.output], case.values[number])

    def without_dead(self):
        """The same without nodes and constants that no output needs; all inputs stay that are
        read."""
        needed, nodes = set(self.outputs), []
        for node in reversed(self.nodes):
            if needed & set(node.output):
                needed |= set(node.input)
                nodes.insert(0, node)
        kept = {name: array for name, array in self.inputs.items() if name in needed}
        constants = {name: array for name, array in self.constants.items() if name in needed}
        return dataclasses.replace(self, nodes=nodes, inputs=kept, constants=constants)

    def case(self, evaluate, tolerance):
        """As a case, with what `evaluate` makes of it.   *Errors*: raises what that raises."""
        infos = [models.info(name, x, x.shape) for name, x in self.inputs.items()]
        untyped = models.make_model(self.opset, self.nodes, infos, [], self.constants)
        values = evaluate(untyped, self.inputs)
        outputs = [models.info(name, values[name], values[name].shape) for name in self.outputs]
        model = models.make_model(self.opset, self.nodes, infos, outputs, self.constants)
        onnx.checker.check_model(model)
        return models.Case(model, [self.inputs], [values], tolerance)


def one_output(p):
    """Any value as the only output."""
    for node in p.nodes:
        for name in node.output:
            if [name] != p.outputs:
                yield dataclasses.replace(p, outputs=[name])


def fewer_outputs(p):
    for name in p.outputs if len(p.outputs) > 1 else []:
        yield dataclasses.replace(p, outputs=[other for other in p.outputs if other != name])


def cut(p):
    """A result as an input that has its recorded value."""
    for node in reversed(p.nodes):
        if set(node.output) & set(p.outputs):
            continue
        inputs = p.inputs | {f"x{i}": p.values[name] for i, name in renumbered(p, node.output)}
        names = {name: f"x{i}" for i, name in renumbered(p, node.output)}
        nodes = [renamed(other, names) for other in p.nodes if other is not node]
        yield dataclasses.replace(p, nodes=nodes, inputs=inputs)


def renumbered(p, names):
    first = 1 + max((int(name[1:]) for name in p.inputs), default=-1)
    return list(enumerate(names, first))


def renamed(node, names):
    copy = onnx.NodeProto()
    copy.CopyFrom(node)
    copy.input[:] = [names.get(name, name) for name in node.input]
    return copy


def bypass(p):
    """A result that is read as one of its inputs instead, where they are alike."""
    for node in p.nodes:
        for name in node.input:
            if len(node.output) != 1 or node.output[0] in p.outputs or name not in p.values:
                continue
            result, x = p.values[node.output[0]], p.values[name]
            if x.shape == result.shape and x.dtype == result.dtype:
                nodes = [renamed(other, {node.output[0]: name}) for other in p.nodes
                         if other is not node]
                yield dataclasses.replace(p, nodes=nodes)


def fewer_attributes(p):
    for i, node in enumerate(p.nodes):
        for attribute in node.attribute:
            copy = onnx.NodeProto()
            copy.CopyFrom(node)
            copy.attribute.remove(attribute)
            yield dataclasses.replace(p, nodes=[*p.nodes[:i], copy, *p.nodes[i + 1 :]])


def smaller_attributes(p):
    """One whole number of a list as 0 or 1."""
    for i, node in enumerate(p.nodes):
        for j, attribute in enumerate(node.attribute):
            for k, number in enumerate(attribute.ints):
                for less in range(min(2, number)):
                    copy = onnx.NodeProto()
                    copy.CopyFrom(node)
                    copy.attribute[j].ints[k] = less
                    yield dataclasses.replace(p, nodes=[*p.nodes[:i], copy, *p.nodes[i + 1 :]])


def fewer_inputs(p):
    """Optional inputs left away."""
    for i, node in enumerate(p.nodes):
        if len(node.input) > 1:
            copy = onnx.NodeProto()
            copy.CopyFrom(node)
            copy.input.pop()
            yield dataclasses.replace(p, nodes=[*p.nodes[:i], copy, *p.nodes[i + 1 :]])


def is_shape(p, name):
    return any(other == name and i in SHAPES.get(node.op_type, [1] if "Reduce" in node.op_type
                                                 else [])
               for node in p.nodes for i, other in enumerate(node.input))


def with_arrays(p, change):
    """The parts with changed inputs and constants; shapes and axes stay as they are."""
    def changed(arrays):
        return {name: array if is_shape(p, name) else change(name, array)
                for name, array in arrays.items()}
    return dataclasses.replace(p, inputs=changed(p.inputs), constants=changed(p.constants))


def smaller_extents(p):
    """An extent less, everywhere where it is the same, or in one place."""
    arrays = p.inputs | p.constants
    extents = sorted({n for name, x in arrays.items() if not is_shape(p, name) for n in x.shape},
                     reverse=True)
    for n in extents:
        for less in dict.fromkeys((1, n // 2, n - 1)):
            if not 0 < less < n:
                continue
            def everywhere(_, array, n=n, less=less):
                index = tuple(slice(less) if m == n else slice(None) for m in array.shape)
                return np.ascontiguousarray(array[index])
            yield with_arrays(p, everywhere)
            for name, x in arrays.items():
                for axis, m in enumerate(x.shape):
                    if m != n or is_shape(p, name):
                        continue
                    def here(other, array, name=name, axis=axis, less=less):
                        if other != name:
                            return array
                        return np.ascontiguousarray(array.take(range(less), axis))
                    yield with_arrays(p, here)


def simple_numbers(p):
    """Numbers of few digits; then a tensor of one number."""
    yield with_arrays(p, lambda _, x: np.round(x * 4) / x.dtype.type(4) if x.dtype.kind == "f"
                      else x)
    for name in p.inputs | p.constants:
        for number in (0, 1):
            yield with_arrays(p, lambda other, x, name=name, number=number:
                              np.full_like(x, number) if other == name else x)


def weight(p):
    """What must become less: nodes first, then what they need, then digits."""
    arrays = list((p.inputs | p.constants).values())
    digits = sum(len(str(number)) for x in arrays for number in x.flatten()[:1000].tolist())
    attributes = sum(len(node.attribute) for node in p.nodes)
    integers = sum(abs(n) for node in p.nodes for a in node.attribute for n in a.ints)
    return (len(p.nodes), len(p.outputs), attributes, integers,
            sum(len(node.input) for node in p.nodes), sum(x.size for x in arrays), digits)


CHANGES = (one_output, fewer_outputs, cut, bypass, fewer_attributes, smaller_attributes,
           fewer_inputs, smaller_extents, simple_numbers)


def shrink(case, fails, evaluate=models.evaluate, most=2000):
    """The smallest case that was found, with at most so many looked at."""
    best = None
    for number in range(len(case.inputs)):
        parts = Parts.of(case, number)
        smaller = parts.case(evaluate, case.tolerance)
        if fails(smaller):
            best, case = dataclasses.replace(parts, values=smaller.values[0]), smaller
            break
    if best is None:  # it takes the names of dimensions, or several sets of inputs
        return case
    looked_at, is_smaller = 0, True
    while is_smaller and looked_at < most:
        is_smaller = False
        for change in CHANGES:
            candidates = change(best)
            while looked_at < most and (candidate := next(candidates, None)):
                candidate = candidate.without_dead()
                if not candidate.nodes or weight(candidate) >= weight(best):
                    continue
                looked_at += 1
                try:
                    smaller = candidate.case(evaluate, case.tolerance)
                except (*models.REFUSED, onnx.checker.ValidationError):
                    continue
                if fails(smaller):
                    best = dataclasses.replace(candidate, values=smaller.values[0])
                    case, is_smaller, candidates = smaller, True, change(best)
    return case
