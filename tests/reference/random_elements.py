"""Random forms of element operators: see random_nodes.py

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import numpy as np


def broadcast(v):
    """A shape that broadcasts with that of the newest value."""
    shape = [1 if v.chance(0.3) else v.pick(1, 4) if n == 1 else n for n in v.shape]
    if v.chance(0.3):
        return shape[v.pick(0, len(shape)) :]
    return [v.pick(1, 3), *shape] if len(shape) < 5 and v.chance(0.2) else shape


def operands(v):
    """The newest value and another one, in any order."""
    shape = v.shape if v.chance(0.5) else broadcast(v)
    other = v.operand(*shape)
    return [v.newest, other] if v.chance(0.5) else [other, v.newest]


def binary(kinds="fiu"):
    return lambda v: (operands(v), {}) if v.dtype.kind in kinds else None


def division(v):
    """Of floats; where ONNX Runtime divides integers by 0, the process ends."""
    if v.dtype.kind == "f":
        return operands(v), {}
    divisors = v.elements(broadcast(v))
    divisors[(divisors == 0) | (divisors + 1 == 0)] = 3
    return [v.newest, v.constant(divisors)], {}


def power(v):
    """Of positive numbers: others have no power but of whole exponents."""
    if v.dtype.kind != "f" or not (v.arrays[v.newest] > 0).all():
        return None
    exponents = np.asarray(v.rng.integers(-4, 7, broadcast(v)) / 2, v.dtype)
    return [v.newest, v.constant(exponents)], {}


def several(kinds="f"):
    """Of one value or more, since opset 8 of shapes that broadcast."""
    def form(v):
        if v.dtype.kind not in kinds or v.opset < 8:
            return None
        inputs = [v.newest] + [v.operand(*(v.shape if v.chance(0.5) else broadcast(v)))
                               for _ in range(v.pick(0, 3))]
        return [str(name) for name in v.rng.permutation(inputs)], {}
    return form


def unary(kinds="f", since=7, is_positive=False, **parameters):
    """With attributes of these names, whose values lie about those that are given."""
    def form(v):
        if v.dtype.kind not in kinds or v.opset < since:
            return None
        if is_positive and not (v.arrays[v.newest] > 0).all():
            return None
        attributes = {name: value + v.pick(-4, 4) / 64 for name, value in parameters.items()
                      if v.chance(0.6)}
        return [v.newest], attributes
    return form


def exponential(**parameters):
    """Far enough from 0: ONNX Runtime takes 1 from the exponential."""
    form = unary(**parameters)
    return lambda v: form(v) if np.abs(v.arrays[v.newest]).max(initial=0) > 0.01 else None


def sigmoid(v):
    """Where ONNX Runtime has the digits of a float64: at -17 eight are right, at -30 three."""
    if v.dtype.kind != "f" or (v.dtype == np.float64 and (v.arrays[v.newest] < -8).any()):
        return None
    return [v.newest], {}


def slope(v):
    """PRelu's: broadcast to the newest value, and only that way."""
    if v.dtype.kind != "f":
        return None
    shape = [1 if v.chance(0.4) else n for n in v.shape]
    return [v.newest, v.weights(*shape[v.pick(0, len(shape)) :])], {}


def clip(v):
    if v.dtype.kind != "f" and v.opset < 12:
        return None
    least, most = (-0.5, 0.75) if v.dtype.kind == "f" else (5, 50)
    if v.opset < 11:
        return [v.newest], {name: value for name, value in (("min", least), ("max", most))
                            if v.chance(0.7)}
    limits = [v.constant(np.array(limit, v.dtype)) if v.chance(0.7) else "" for limit in
              (least, most)]
    while limits and not limits[-1]:
        limits.pop()
    return [v.newest, *limits], {}


def hard_swish(v):
    # ONNX Runtime's sixth of doubles is a float.
    return ([v.newest], {}) if v.dtype == np.float32 and v.opset >= 14 else None


def gelu(v):
    if v.opset < 20 or v.dtype.kind != "f":
        return None
    # ONNX Runtime's tanh of doubles has constants of float.
    kinds = ["none", "tanh"] if v.dtype == np.float32 else ["none"]
    return [v.newest], {"approximate": str(v.rng.choice(kinds))} if v.chance(0.7) else {}


ELEMENTS = {
    "Abs": unary("fi"), "Add": binary(), "Ceil": unary(), "Celu": exponential(since=12, alpha=1.0),
    "Clip": clip, "Cos": unary(), "Div": division, "Elu": exponential(alpha=1.0),
    "Erf": unary(since=9), "Exp": unary(), "Floor": unary(), "Gelu": gelu,
    "HardSigmoid": unary(alpha=0.2, beta=0.5), "HardSwish": hard_swish,
    "Identity": unary("fiu"), "LeakyRelu": unary(alpha=0.1), "Log": unary(is_positive=True),
    "Max": several("fiu"), "Mean": several(), "Min": several("fiu"), "Mish": unary(since=18),
    "Mul": binary(), "Neg": unary("fi"), "Pow": power, "PRelu": slope, "Reciprocal": unary(),
    "Relu": unary("fi"), "Round": unary(since=11), "Selu": exponential(alpha=1.67, gamma=1.05),
    "Sigmoid": sigmoid, "Sign": unary("fiu", since=9), "Sin": unary(), "Softplus": unary(),
    "Softsign": unary(), "Sqrt": unary(is_positive=True), "Sub": binary(), "Sum": several(),
    "Swish": unary(since=24, alpha=1.0), "Tanh": unary(),
    "ThresholdedRelu": unary(since=10, alpha=0.25),
}
