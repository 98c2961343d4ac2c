"""Random forms of operators.

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

A function of NODES gives the inputs and the attributes of a node that reads the newest value, and
how many outputs it has where that is not 1; or nothing where that value does not suit the operator.
An operator needs one entry, in HEADS here, in ELEMENTS or in VIEWS.
"""

import math

import numpy as np
from random_elements import ELEMENTS, broadcast
from random_views import VIEWS


def divisor(v, count):
    return int(v.rng.choice([n for n in range(1, count + 1) if count % n == 0]))


def window_sizes(v):
    """Of a window over the newest value; nothing where that is no sequence and no image."""
    # ONNX Runtime has no end where there are no channels.
    if len(v.shape) not in (3, 4) or v.shape[1] == 0:
        return None
    return [v.pick(1, 4) for _ in v.shape[2:]]


def window(v, sizes, least_opset, has_ceil=False):
    """What Conv and MaxPool have in common; nothing where the window is too large."""
    a, axes = {}, len(sizes)
    if has_ceil and v.opset >= 10 and v.chance(0.3):
        a["ceil_mode"] = 1
    if v.chance(0.6):
        a["strides"] = [v.pick(1, 3) for _ in sizes]
    if v.chance(0.3):
        a["auto_pad"] = str(v.rng.choice(["SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"]))
    elif v.chance(0.7):
        a["pads"] = [v.pick(0, size - 1) for size in sizes * 2]
    is_same = a.get("auto_pad", "").startswith("SAME")
    # ONNX Runtime does not take dilations and SAME together.
    if v.opset >= least_opset and not is_same and v.chance(0.4):
        a["dilations"] = [v.pick(1, 3) for _ in sizes]
    pads, dilations = a.get("pads", [0] * 2 * axes), a.get("dilations", [1] * axes)
    strides = a.get("strides", [1] * axes)
    for i, size in enumerate(sizes):
        reach = (size - 1) * dilations[i] + 1
        beyond = strides[i] - 1 if "ceil_mode" in a else 0
        if not is_same and reach > v.shape[i + 2] + pads[i] + pads[i + axes] + beyond:
            return None
    return a


def leaves_gaps(sizes, attributes, least=1):
    """Whether windows with SAME are narrower than their strides, by at least so many: padding is
    at least none in TensorFlow, whose SAME this is, ONNX Runtime refuses such poolings or lets it
    be negative, by other numbers in Conv, and its ConvTranspose has other extents."""
    strides = attributes.get("strides", [1] * len(sizes))
    dilations = attributes.get("dilations", [1] * len(sizes))
    return attributes.get("auto_pad", "").startswith("SAME") and any(
        stride - (size - 1) * dilation - 1 >= least
        for size, dilation, stride in zip(sizes, dilations, strides, strict=True))


def batch_normalization(v):
    if len(v.shape) < 2 or v.dtype.kind != "f":
        return None
    statistics = [v.weights(v.shape[1]) for _ in range(4)]
    v.arrays[statistics[3]] = v.near[statistics[3]] = abs(v.arrays[statistics[3]])
    attributes = {"epsilon": float(v.pick(1, 9)) / 64} if v.chance(0.5) else {}
    if v.chance(0.3):
        attributes["momentum"] = 0.5
    if v.opset >= 14 and v.chance(0.3):
        attributes["training_mode"] = 0
    if v.opset < 9 and v.chance(0.3):
        attributes["spatial"] = 1
    return [v.newest, *statistics], attributes


def conv(v):
    sizes = window_sizes(v)
    if sizes is None or v.dtype.kind != "f" or (attributes := window(v, sizes, 1)) is None:
        return None
    if leaves_gaps(sizes, attributes, least=2):
        return None
    channels = v.shape[1]
    group = divisor(v, channels)
    outputs = group * v.pick(1, 3)
    shape = [outputs, channels // group, *sizes]
    inputs = [v.newest, v.operand(*shape, inputs=math.prod(shape[1:]))]
    if v.chance(0.6):
        inputs.append(v.operand(outputs))
    if group != 1 or v.chance(0.3):
        attributes["group"] = group
    if v.chance(0.5):
        attributes["kernel_shape"] = sizes
    return inputs, attributes


def conv_transpose(v):
    sizes = window_sizes(v)
    if sizes is None or v.dtype.kind != "f" or (attributes := window(v, sizes, 1)) is None:
        return None
    channels = v.shape[1]
    group = divisor(v, channels)
    shape = [channels, v.pick(1, 3), *sizes]
    inputs = [v.newest, v.weights(*shape, inputs=channels // group * math.prod(sizes))]
    if v.chance(0.6):
        inputs.append(v.weights(group * shape[1]))
    if group != 1 or v.chance(0.3):
        attributes["group"] = group
    if leaves_gaps(sizes, attributes):
        return None
    strides = attributes.get("strides", [1] * len(sizes))
    if v.chance(0.3):
        attributes["output_padding"] = [v.pick(0, stride - 1) for stride in strides]
    return inputs, attributes


def max_pool(v):
    sizes = window_sizes(v)
    if sizes is None or (attributes := window(v, sizes, 10, has_ceil=True)) is None:
        return None
    if leaves_gaps(sizes, attributes, least=2):
        return None
    return [v.newest], {"kernel_shape": sizes, **attributes}


def average_pool(v):
    sizes = window_sizes(v)
    if sizes is None or v.dtype.kind != "f" or (
            attributes := window(v, sizes, 19, has_ceil=True)) is None:
        return None
    if leaves_gaps(sizes, attributes):
        return None
    if v.chance(0.5):
        attributes["count_include_pad"] = int(v.chance(0.7))
    return [v.newest], {"kernel_shape": sizes, **attributes}


def global_pool(v):
    # ONNX Runtime takes no more axes.
    return ([v.newest], {}) if len(v.shape) in (3, 4, 5) and v.dtype.kind == "f" else None


def softmax(v):
    if not v.shape or v.dtype.kind != "f" or (v.opset < 13 and len(v.shape) < 2):
        return None
    return [v.newest], {"axis": v.axis(len(v.shape) - 1)} if v.chance(0.7) else {}


def reduction(v, least_opset=18, wide=False, kinds="fiu"):
    """Of some axes, or of all; the axes are an attribute before `least_opset`."""
    if 0 in v.shape:  # of which ONNX Runtime's results are not the standard's
        return None
    if v.dtype.kind not in kinds or (v.dtype.itemsize == 1 and not (wide and v.opset >= 12)):
        return None
    rank = len(v.shape)
    axes = [int(n) for n in np.flatnonzero(v.rng.random(rank) < 0.4)]
    inputs, attributes = [v.newest], {"keepdims": v.pick(0, 1)} if v.chance(0.6) else {}
    if v.opset >= least_opset and v.chance(0.3):
        attributes["noop_with_empty_axes"] = v.pick(0, 1)
    if axes or (v.opset >= least_opset and v.chance(0.3)):
        axes = [n - rank if v.opset >= 11 and v.chance(0.3) else n for n in axes]
        if v.opset >= least_opset:
            inputs.append(v.constant(np.array(axes, np.int64)))
        else:
            attributes["axes"] = axes
    return inputs, attributes


def sum_of_squares(v):
    """Of small integers: ONNX Runtime's sums of others do not wrap."""
    if v.dtype.kind != "f" and (v.arrays[v.newest].astype(float) ** 2).sum() > 2**31:
        return None
    return reduction(v)


def reduce_positive(v):
    """Of numbers that have a logarithm: ONNX Runtime's other results are not the standard's."""
    form = reduction(v, kinds="f")
    return form if form and (v.arrays[v.newest] > 0).all() else None


def row_parameters(v, bias):
    """Scale and perhaps bias of the axes from one on, and the attributes of a normalization."""
    if not v.shape or v.dtype.kind != "f":
        return None
    axis = v.pick(0, len(v.shape) - 1)

    def shape():
        if v.chance(0.6):
            return v.shape[axis:]
        return [1 if v.chance(0.4) else n for n in v.shape][v.pick(0, len(v.shape)) :]

    inputs = [v.newest, v.weights(*shape())]
    if bias and v.chance(0.6):
        inputs.append(v.weights(*shape()))
    attributes = {"axis": axis - len(v.shape) if v.chance(0.4) else axis}
    if axis == len(v.shape) - 1 and v.chance(0.3):
        attributes = {}
    if v.chance(0.5):
        attributes["epsilon"] = float(v.pick(1, 9)) / 64
    return inputs, attributes


def layer_normalization(v):
    return row_parameters(v, True) if v.opset >= 17 else None


def rms_normalization(v):
    return row_parameters(v, False) if v.opset >= 23 else None


def group_normalization(v):
    if v.opset < 21 or len(v.shape) < 3 or v.dtype.kind != "f" or 0 in v.shape:
        return None
    channels = v.shape[1]
    groups = divisor(v, channels)
    attributes = {"num_groups": groups}
    if v.dtype == np.float64:
        attributes["stash_type"] = 11  # else ONNX Runtime computes with floats
    if v.chance(0.5):
        attributes["epsilon"] = float(v.pick(1, 9)) / 64
    return [v.newest, v.weights(channels), v.weights(channels)], attributes


def instance_normalization(v):
    if len(v.shape) < 3 or v.dtype.kind != "f":
        return None
    # Of one element nothing is left but the bias, and of nearly equal ones little; ONNX Runtime's
    # is a rounding error beside it.
    x = v.arrays[v.newest]
    spread = x.std(axis=tuple(range(2, x.ndim))) if x.size else np.zeros(1)
    if spread.min() < 0.1 * np.abs(x).max(initial=0) or x.size == 0:
        return None
    attributes = {"epsilon": float(v.pick(1, 9)) / 64} if v.chance(0.5) else {}
    return [v.newest, v.weights(v.shape[1]), v.weights(v.shape[1])], attributes


def gemm(v):
    # ONNX Runtime forgets beta where the sums are empty.
    if len(v.shape) != 2 or v.dtype.kind != "f" or 0 in v.shape:
        return None
    attributes = {name: int(v.chance(0.5)) for name in ("transA", "transB") if v.chance(0.6)}
    attributes |= {name: float(v.pick(-8, 8)) / 4 for name in ("alpha", "beta") if v.chance(0.4)}
    rows, depth = reversed(v.shape) if attributes.get("transA") else v.shape
    columns = v.pick(1, 6)
    right = [columns, depth] if attributes.get("transB") else [depth, columns]
    inputs = [v.newest, v.operand(*right, inputs=depth)]
    if v.opset < 11 or v.chance(0.7):
        forms = [[], [1], [columns], [1, columns], [rows, 1], [rows, columns]]
        inputs.append(v.weights(*forms[v.pick(0, len(forms) - 1)]))
    return inputs, attributes


def matmul(v):
    if not v.shape:
        return None
    batch = broadcast(v)[:-2] if len(v.shape) > 2 else []
    on_the_left = v.chance(0.3)
    depth = v.shape[-2:][0] if on_the_left else v.shape[-1]
    if depth == 0:  # where ONNX Runtime takes shapes that do not broadcast
        return None
    if v.chance(0.2):
        shape = [depth]
    else:
        shape = [*batch, v.pick(1, 5), depth] if on_the_left else [*batch, depth, v.pick(1, 5)]
    other = v.operand(*shape, inputs=depth)
    return [other, v.newest] if on_the_left else [v.newest, other], {}


def gather(v):
    """Rows by constant indices, among them single ones and runs, or by those of an input."""
    if not v.shape or 0 in v.shape:
        return None
    axis = v.axis(len(v.shape) - 1)
    extent = v.shape[axis]
    kind = np.int32 if v.chance(0.4) else np.int64
    least = -extent if v.opset >= 11 else 0
    if v.chance(0.3):
        first = v.pick(0, extent - 1)
        indices = np.arange(first, extent, v.pick(1, 3))
    else:
        indices = v.rng.integers(least, extent, [v.pick(1, 4) for _ in range(v.pick(0, 2))])
    indices = np.asarray(indices, kind)
    attributes = {"axis": axis} if axis or v.chance(0.5) else {}
    return [v.newest, v.constant(indices)], attributes


HEADS = {
    "AveragePool": average_pool, "BatchNormalization": batch_normalization,
    "Conv": conv, "ConvTranspose": conv_transpose, "Gather": gather, "Gemm": gemm,
    "GlobalAveragePool": global_pool, "GlobalMaxPool": global_pool,
    "GroupNormalization": group_normalization,
    "InstanceNormalization": instance_normalization, "LayerNormalization": layer_normalization,
    "LogSoftmax": softmax, "MatMul": matmul, "MaxPool": max_pool,
    "ReduceL1": reduction, "ReduceL2": lambda v: reduction(v, kinds="f"),
    "ReduceLogSum": reduce_positive, "ReduceLogSumExp": lambda v: reduction(v, kinds="f"),
    "ReduceMax": lambda v: reduction(v, wide=True), "ReduceMean": lambda v: reduction(v, kinds="f"),
    "ReduceMin": lambda v: reduction(v, wide=True),
    # ONNX Runtime's products of integers do not wrap.
    "ReduceProd": lambda v: reduction(v, kinds="f"),
    "ReduceSum": lambda v: reduction(v, 13), "ReduceSumSquare": sum_of_squares,
    "RMSNormalization": rms_normalization, "Softmax": softmax,
}
NODES = HEADS | ELEMENTS | VIEWS
