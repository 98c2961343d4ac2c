"""Random forms of element operators: see random_nodes.py

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import numpy as np
from onnx import helper


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
    if v.dtype.kind not in "iu":
        return None
    divisors = v.elements(broadcast(v))
    is_safe = (divisors != 0) & (divisors + 1 != 0)
    return [v.newest, v.constant(np.asarray(np.where(is_safe, divisors, 3), v.dtype))], {}


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


def compared(kinds="fiu", since=7):
    """Of numbers some of which are equal."""
    def form(v):
        # Before opset 11, and of small integers, ONNX Runtime compares less than the standard.
        if v.dtype.kind not in kinds or v.opset < max(since, 11):
            return None
        if v.dtype.kind in "iu" and v.dtype.itemsize < 4:
            return None
        # Rounding errors of results leave nothing equal.
        if not v.chance(0.5) or (v.dtype.kind == "f" and not v.newest.startswith("x")):
            return operands(v), {}
        other = np.where(v.rng.random(v.shape) < 0.5, v.arrays[v.newest], v.elements(v.shape))
        return [v.newest, v.constant(np.asarray(other, v.dtype))], {}
    return form


def bits(v):
    return (operands(v), {}) if v.dtype.kind in "iu" and v.opset >= 18 else None


def is_convertible(x, kind):
    """Whether elements are the same numbers in a type, whoever converts them: of floats, those that
    all integers have, far from halves; or are true whatever errors they have."""
    if x.dtype.kind != "f":
        return True
    if kind.kind in "iu":
        least, most = (0, 200) if kind.kind == "u" else (-100, 100)
        apart = np.abs(x - np.round(x)) > 1e-3
        return bool((np.isfinite(x) & (x > least) & (x < most) & apart).all())
    return kind.kind != "b" or bool((np.abs(x) > 1e-6).all())


def conversion(v):
    """To any type that there is."""
    kind = np.dtype(v.rng.choice(["float32", "float64", "int8", "int16", "int32", "int64", "uint8",
                                  "uint16", "uint32", "uint64", "bool"]))
    return (v, kind) if is_convertible(v.arrays[v.newest], kind) else None


def cast(v):
    if (form := conversion(v)) is None or v.opset < 9:
        return None
    return [v.newest], {"to": helper.np_dtype_to_tensor_dtype(form[1])}


def cast_like(v):
    if (form := conversion(v)) is None or v.opset < 15:
        return None
    return [v.newest, v.constant(np.zeros([v.pick(1, 3)], form[1]))], {}


def classified(v):
    return ([v.newest], {}) if v.dtype.kind == "f" and v.opset >= 10 else None


def infinite(v):
    if v.dtype.kind != "f" or v.opset < 10:
        return None
    names = [name for name in ("detect_negative", "detect_positive") if v.chance(0.4)]
    return [v.newest], {name: v.pick(0, 1) for name in names}


def where(v):
    """Of the newest value, as the condition if it can be that."""
    if v.opset < 9:
        return None
    shape = list(v.shape) if v.chance(0.5) else broadcast(v)
    if v.dtype.kind == "b" and v.chance(0.7):
        kind = np.dtype(v.rng.choice(["float32", "int32", "int64", "uint8"]))
        choices = [v.constant(v.elements(shape if i else list(v.shape), kind)) for i in range(2)]
        return [v.newest, *choices], {}
    alike = [name for name, x in v.arrays.items() if x.dtype.kind == "b" and x.shape == v.shape]
    condition = (str(v.rng.choice(alike)) if alike else
                 v.constant(np.asarray(v.rng.random(broadcast(v)) < 0.5)))
    other = v.operand(*shape)
    return [condition, *([v.newest, other] if v.chance(0.5) else [other, v.newest])], {}


ELEMENTS = {
    "Abs": unary("fi"), "Add": binary(), "And": binary("b"), "BitwiseAnd": bits,
    "BitwiseNot": unary("iu", since=18), "BitwiseOr": bits, "BitwiseXor": bits, "Cast": cast,
    "CastLike": cast_like, "Ceil": unary(), "Celu": exponential(since=12, alpha=1.0),
    "Clip": clip, "Cos": unary(), "Div": division, "Elu": exponential(alpha=1.0),
    "Equal": compared("fiub"),
    "Erf": unary(since=9), "Exp": unary(), "Floor": unary(), "Gelu": gelu,
    "Greater": compared(), "GreaterOrEqual": compared(since=12),
    "HardSigmoid": unary(alpha=0.2, beta=0.5), "HardSwish": hard_swish,
    "Identity": unary("fiub"),
    "IsInf": infinite, "IsNaN": classified, "LeakyRelu": unary(alpha=0.1),
    "Less": compared(), "LessOrEqual": compared(since=12), "Log": unary(is_positive=True),
    "Max": several("fiu"), "Mean": several(), "Min": several("fiu"), "Mish": unary(since=18),
    "Mul": binary(), "Neg": unary("fi"), "Not": unary("b"), "Or": binary("b"),
    "Pow": power, "PRelu": slope, "Reciprocal": unary(),
    "Relu": unary("fi"), "Round": unary(since=11), "Selu": exponential(alpha=1.67, gamma=1.05),
    "Sigmoid": sigmoid, "Sign": unary("fiu", since=9), "Sin": unary(), "Softplus": unary(),
    "Softsign": unary(), "Sqrt": unary(is_positive=True), "Sub": binary(), "Sum": several(),
    "Swish": unary(since=24, alpha=1.0), "Tanh": unary(),
    "ThresholdedRelu": unary(since=10, alpha=0.25), "Where": where, "Xor": binary("b"),
}
