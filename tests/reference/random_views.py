"""Random forms of operators that move elements: see random_nodes.py

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import math

import numpy as np


def integers(v, numbers):
    return v.constant(np.array(numbers, np.int64))


def from_end(v, axis, rank, since):
    """An axis, counted from the end now and then."""
    return axis - rank if v.opset >= since and v.chance(0.3) else axis


def transpose(v):
    perm = [int(axis) for axis in v.rng.permutation(len(v.shape))]
    return [v.newest], {} if not perm or v.chance(0.2) else {"perm": perm}


def reshape(v):
    count, shape = math.prod(v.shape), []
    if count == 0:  # where a 0 in the shape means the extent of the input
        return [v.newest, integers(v, [0] * len(v.shape))], {}
    for _ in range(v.pick(0, 4)):
        divisors = [n for n in range(1, count + 1) if count % n == 0]
        shape.append(int(v.rng.choice(divisors)))
        count //= shape[-1]
    shape.append(count)
    if v.chance(0.4):
        shape[v.pick(0, len(shape) - 1)] = -1
    kept = [i for i, n in enumerate(v.shape[: len(shape)]) if shape[i] == n]
    attributes = {"allowzero": 0} if v.opset >= 14 and v.chance(0.3) else {}
    if kept and v.chance(0.7):
        shape[kept[0]] = 0
    return [v.newest, integers(v, shape)], attributes


def flatten(v):
    if not v.shape or (v.opset < 9 and v.dtype.kind != "f"):
        return None
    return [v.newest], {"axis": v.axis(len(v.shape))} if v.chance(0.8) else {}


def axes_form(v, axes, rank):
    """Axes, some counted from the end, as the opset wants them."""
    axes = [from_end(v, axis, rank, 11) for axis in axes]
    if v.opset < 13:
        return [v.newest], {"axes": axes}
    return [v.newest, integers(v, axes)], {}


def squeeze(v):
    ones = [i for i, n in enumerate(v.shape) if n == 1 and v.chance(0.7)]
    if not ones:
        return ([v.newest], {}) if v.chance(0.5) else None
    return axes_form(v, ones, len(v.shape))


def unsqueeze(v):
    rank = len(v.shape) + v.pick(1, 2)
    if rank > 6:
        return None
    axes = v.rng.permutation(rank)[: rank - len(v.shape)]
    return axes_form(v, [int(n) for n in axes], rank)


def slice_of(v):
    """Of some axes, forwards and, since opset 10, backwards; bounds may lie outside."""
    axes = [i for i in range(len(v.shape)) if v.chance(0.5)]
    if not axes:
        return None
    starts, ends, steps = [], [], []
    for axis in axes:
        n = v.shape[axis]
        step = v.pick(1, 3) if v.opset >= 10 and v.chance(0.4) else 1
        first, last = sorted((v.pick(0, max(n - 1, 0)), v.pick(0, n)))
        if v.opset >= 10 and v.chance(0.2):  # from the end to the beginning
            first, last, step = last - 1, first - 1 if first else -n - 1, -step
        elif v.chance(0.3):
            first -= n
        elif last == n and v.chance(0.3):
            last = n + 5
        starts.append(first)
        ends.append(last)
        steps.append(step)
    if v.opset < 10:
        attributes = {"starts": starts, "ends": ends}
        return [v.newest], attributes | ({} if axes == [*range(len(axes))] and v.chance(0.5)
                                         else {"axes": axes})
    inputs = [v.newest, integers(v, starts), integers(v, ends)]
    inputs.append(integers(v, [from_end(v, axis, len(v.shape), 10) for axis in axes]))
    if steps != [1] * len(steps) or v.chance(0.3):
        inputs.append(integers(v, steps))
    return inputs, {}


def concat(v):
    if not v.shape:
        return None
    axis = v.pick(0, len(v.shape) - 1)
    inputs = [v.newest]
    for _ in range(v.pick(0, 3)):
        shape = list(v.shape)
        if v.chance(0.6):
            shape[axis] = v.pick(1, 4)
        inputs.append(v.operand(*shape))
    inputs = [str(name) for name in v.rng.permutation(inputs)]
    return inputs, {"axis": from_end(v, axis, len(v.shape), 11)}


def split(v):
    """Into two results or three, of which all are there."""
    axes = [i for i, n in enumerate(v.shape) if n >= 2]
    if not axes:
        return None
    axis = int(v.rng.choice(axes))
    count = v.pick(2, min(3, v.shape[axis]))
    attributes = {"axis": from_end(v, axis, len(v.shape), 11)} if axis or v.chance(0.5) else {}
    cuts = sorted(int(n) for n in v.rng.choice(range(1, v.shape[axis]), count - 1, replace=False))
    sizes = [b - a for a, b in zip([0, *cuts], [*cuts, v.shape[axis]], strict=True)]
    is_even = v.shape[axis] % count == 0
    if (is_even or v.opset >= 18) and v.chance(0.5):
        return [v.newest], attributes | ({"num_outputs": count} if v.opset >= 18 else {}), count
    if v.opset < 13:
        return [v.newest], attributes | {"split": sizes}, count
    return [v.newest, integers(v, sizes)], attributes, count


def pad_of_image(v):
    """Of rows and columns, or of a sequence, with what a window might take for its own padding."""
    axes = len(v.shape) - 2
    if 0 in v.shape or (v.opset < 11 and v.dtype.kind != "f"):
        return None
    pads = [n for _ in range(2) for n in [0, 0, *(v.pick(0, 2) for _ in range(axes))]]
    value = -math.inf if v.dtype.kind == "f" and v.chance(0.3) else 0
    if v.opset < 11:
        return [v.newest], {"pads": pads} | ({"value": value} if value or v.chance(0.5) else {})
    inputs = [v.newest, integers(v, pads)]
    if value or v.chance(0.5):
        inputs.append(v.constant(np.array(value, v.dtype)))
    return inputs, {}


def pad(v):
    """With constants; some axes lose elements instead."""
    if len(v.shape) in (3, 4) and v.chance(0.5):
        return pad_of_image(v)
    if not v.shape or (v.opset < 11 and v.dtype.kind != "f"):
        return None
    pads = [v.pick(-1, 0) if v.chance(0.1) else v.pick(0, 2) for _ in 2 * v.shape]
    losses = [min(n, 0) for n in pads]  # which the library takes from what there is
    if any(n + pads[i] + pads[i + len(v.shape)] < 1 or n + losses[i] + losses[i + len(v.shape)] < 0
           for i, n in enumerate(v.shape)):
        return None
    value = float(v.pick(-8, 8)) / 4 if v.chance(0.5) else None
    if v.opset < 11:
        return [v.newest], {"pads": pads} | ({} if value is None else {"value": value})
    inputs = [v.newest, integers(v, pads)]
    if value is not None and v.dtype.kind != "u":
        inputs.append(v.constant(np.array(value, v.dtype)))
    return inputs, {"mode": "constant"} if v.chance(0.3) else {}


def expand(v):
    if v.opset < 8:
        return None
    shape = [v.pick(1, 4) if n == 1 else 1 if v.chance(0.3) else n for n in v.shape]
    if len(shape) < 5 and v.chance(0.3):
        shape.insert(0, v.pick(1, 3))
    return [v.newest, integers(v, shape)], {}


def gather(v):
    if not v.shape or 0 in v.shape:
        return None
    axis = v.pick(0, len(v.shape) - 1)
    shape = [v.pick(1, 4) for _ in range(v.pick(0, 2))]
    if len(v.shape) + len(shape) > 7:
        return None
    n = v.shape[axis]
    indices = v.rng.integers(-n if v.opset >= 11 else 0, n, shape)
    kind = np.int32 if v.chance(0.3) else np.int64
    attributes = {"axis": from_end(v, axis, len(v.shape), 11)} if axis or v.chance(0.5) else {}
    return [v.newest, v.constant(np.array(indices, kind))], attributes


VIEWS = {
    "Concat": concat, "Expand": expand, "Flatten": flatten, "Gather": gather, "Pad": pad,
    "Reshape": reshape, "Slice": slice_of, "Split": split, "Squeeze": squeeze,
    "Transpose": transpose, "Unsqueeze": unsqueeze,
}
