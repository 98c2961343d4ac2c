"""The small numbers against ml_dtypes, ONNX and ONNX Runtime: small_types.py PROGRAM FOLDER

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import pathlib
import shutil
import subprocess
import sys

import ml_dtypes
import numpy as np
import onnx
import onnxruntime

FLOATS = {
    "float16": np.float16, "bfloat16": ml_dtypes.bfloat16,
    "float8e4m3fn": ml_dtypes.float8_e4m3fn, "float8e4m3fnuz": ml_dtypes.float8_e4m3fnuz,
    "float8e5m2": ml_dtypes.float8_e5m2, "float8e5m2fnuz": ml_dtypes.float8_e5m2fnuz,
    "float6e2m3": ml_dtypes.float6_e2m3fn, "float6e3m2": ml_dtypes.float6_e3m2fn,
    "float4e2m1": ml_dtypes.float4_e2m1fn,
}
INTEGERS = {"int4": ml_dtypes.int4, "uint4": ml_dtypes.uint4,
            "int2": ml_dtypes.int2, "uint2": ml_dtypes.uint2}
POWER = "float8e8m0"
LARGEST_POWER, NO_POWER = 254, 255
MODES = ("to_largest", "to_special")
PACK = {2: onnx.numpy_helper._pack_2bitx4, 4: onnx.numpy_helper._pack_4bitx2,
        6: onnx.numpy_helper._pack_6bit}
RANDOM = np.random.default_rng(20)


class Tables:
    """The files of one type, and how many of their elements were as expected."""

    checked = 0

    def __init__(self, folder, name, dtype, limits=ml_dtypes.finfo):
        self.start, self.dtype = f"{folder / name}.", np.dtype(dtype)
        self.width = limits(dtype).bits
        self.storage = np.uint16 if self.width == 16 else np.uint8

    def write(self, what, elements):
        elements.tofile(self.start + what)
        return elements

    def read(self, what, dtype=None):
        return np.fromfile(self.start + what, dtype or self.storage)

    def codes(self):
        return np.arange(2**self.width).astype(self.storage)

    def values(self):
        return self.codes().view(self.dtype).astype(np.float32)

    def check(self, what, expected, of=None, got=None):
        """All bits are equal; of two codes of what is not a number, any will do."""
        got = self.read(what, expected.dtype) if got is None else got
        assert got.shape == expected.shape, (self.start, what, got.shape, expected.shape)
        wrong = got != expected
        if expected.dtype == np.float32:
            wrong = got.view(np.uint32) != expected.view(np.uint32)
            wrong &= ~(np.isnan(got) & np.isnan(expected))
        elif expected.dtype == self.storage:
            is_nan = np.isnan(self.values())
            mask = 2**self.width - 1
            wrong &= ~(is_nan[got & mask] & is_nan[expected & mask])
        if wrong.any():
            i = np.flatnonzero(wrong)[0]
            source = "" if of is None else f" of {of[i]!r}"
            sys.exit(f"{self.start}{what}: {wrong.sum()} of {wrong.size} are wrong, the first, "
                     f"element {i}{source}: {got[i]!r}, not {expected[i]!r}")
        Tables.checked += expected.size


def steps(values):
    """The magnitudes of a type in order, and what lies halfway from each to the next."""
    magnitudes = np.unique(np.abs(values[np.isfinite(values)])).astype(np.longdouble)
    after = 2 * magnitudes[-1] - magnitudes[-2]
    return magnitudes, (magnitudes + np.append(magnitudes[1:], after)) / 2


def around(x):
    return np.concatenate([x, np.nextafter(x, x.dtype.type(np.inf)), np.nextafter(x, -x)])


def float32_inputs(values):
    """Every upper half of a float, then what decides how the type rounds."""
    upper = np.arange(2**16, dtype=np.uint32)[:, None] << np.uint32(16)
    lower = np.array([0, 1, 0x1000, 0x5555, 0x7fff, 0x8000, 0x8001, 0xffff], np.uint32)
    near = around(np.concatenate(steps(values)).astype(np.float32))
    return np.concatenate([(upper | lower).ravel().view(np.float32), near, -near])


def float64_inputs(values):
    """Doubles that rounding to a float first would move onto a halfway point, and the others."""
    points = np.concatenate(steps(values)).astype(np.float64)
    near = np.concatenate([around(points), points * (1 + 2.0**-40), points * (1 - 2.0**-40)])
    wide = RANDOM.integers(0, 2**63, 100000).view(np.float64)
    edges = np.array([0, 5e-324, 2.0**-1022, 1e-300, 1e300, np.finfo(np.float64).max, np.inf,
                      np.nan])
    positive = np.concatenate([near, wide, edges])
    return np.concatenate([positive, -positive])


def int64_inputs(values):
    points = np.concatenate(steps(values))
    points = points[points < 2.0**62].astype(np.int64)
    powers = np.int64(1) << np.arange(63)
    positive = np.concatenate([points, powers, RANDOM.integers(0, 2**63 - 2, 100000)])
    near = np.concatenate([positive - 1, positive, positive + 1, np.arange(70000)])
    return np.concatenate([near, -near, [-2**63, 2**63 - 1]])


def rounded(x, table, mode):
    """As ml_dtypes rounds from float32, but from x itself: by searching among the numbers."""
    magnitudes, halfway = steps(table.values())
    exact = np.abs(x.astype(np.longdouble))
    code = np.searchsorted(halfway, exact)
    is_tie = exact == halfway[np.minimum(code, len(halfway) - 1)]
    code += is_tie & (code % 2 == 1)
    is_past = code >= len(magnitudes)

    special = np.array([np.inf, -np.inf, np.nan, -np.nan], np.float32).astype(table.dtype)
    infinity, minus_infinity, nan, minus_nan = special.view(table.storage)
    is_negative, is_nan = np.signbit(x), np.isnan(x)
    sign = np.where(is_negative, 2**(table.width - 1), 0)
    if table.dtype.name.endswith("fnuz"):
        sign[code == 0] = 0
    if mode == "to_largest":
        code = np.minimum(code, len(magnitudes) - 1)
        is_past[:] = False
    code = np.where(is_past, np.where(is_negative, minus_infinity, infinity), code + sign)
    return np.where(is_nan, np.where(is_negative, minus_nan, nan), code).astype(table.storage)


def powers_by_onnx_runtime(x, rounding, saturate):
    """The numbers as ONNX Runtime casts them, and casts them back."""
    types = {"float": onnx.TensorProto.FLOAT, "power": onnx.TensorProto.FLOAT8E8M0}
    make = onnx.helper
    nodes = [make.make_node("Cast", ["x"], ["power"], to=types["power"], round_mode=rounding,
                            saturate=saturate),
             make.make_node("Cast", ["power"], ["y"], to=types["float"])]
    x_info, y_info = (make.make_tensor_value_info(name, types["float"], x.shape) for name in "xy")
    graph = make.make_graph(nodes, "powers", [x_info], [y_info])
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 25)], ir_version=11)
    session = onnxruntime.InferenceSession(model.SerializeToString(),
                                           providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x})[0]


def powers(x, rounding, saturate):
    """The codes of doubles: the exponent, and one more where the fraction says so."""
    below, past = (0, LARGEST_POWER) if saturate else (NO_POWER, NO_POWER)
    fraction, exponent = np.frexp(x)
    more = {"up": fraction > 0.5, "down": False, "nearest": fraction >= 0.75}[rounding]
    code = np.where(x < 2.0**-127, below, np.where(x > 2.0**127, past, exponent - 1 + 127 + more))
    return np.where(np.isnan(x), NO_POWER, code).astype(np.uint8)


def check_float(table):
    table.check("values", table.values())
    for source, inputs in (("float32", float32_inputs), ("float64", float64_inputs),
                           ("int64", int64_inputs)):
        x = np.fromfile(table.start + source, source)
        for mode in MODES:
            table.check(f"{source}.{mode}", rounded(x, table, mode), of=x)
    x = np.fromfile(table.start + "float32", np.float32)
    table.check("float32.to_special", x.astype(table.dtype).view(table.storage), of=x)
    saturated = onnx.numpy_helper.saturate_cast(x, table.dtype)
    table.check("float32.to_largest", saturated.view(table.storage), of=x)
    if table.width == 16:
        check_arithmetic(table)


def check_arithmetic(table):
    left, right = (table.read(side, table.dtype) for side in ("left", "right"))
    for name, expected in (("sum", left + right), ("difference", left - right),
                           ("product", left * right), ("quotient", left / right),
                           ("negative", -left)):
        table.check(name, expected.view(table.storage))


def check_power(table):
    table.check("values", table.values())
    x32 = np.fromfile(table.start + "float32", np.float32)
    x64 = np.fromfile(table.start + "float64", np.float64)
    normal = (x32 >= 2.0**-126) & (x32 <= 2.0**127)
    for rounding in ("up", "down", "nearest"):
        for mode in MODES:
            saturate = mode == "to_largest"
            what = f"{rounding}.{mode}"
            table.check(f"float32.{what}", powers_by_onnx_runtime(x32, rounding, saturate), of=x32,
                        got=table.values()[table.read(f"float32.{what}")])
            table.check(f"float64.{what}", powers(x64, rounding, saturate), of=x64)
            # ONNX's reference differs from ONNX's table for other numbers.
            reference = onnx.numpy_helper.to_float8e8m0(x32[normal], saturate, rounding)
            table.check(f"float32.{what}", reference.view(np.uint8), of=x32[normal],
                        got=table.read(f"float32.{what}")[normal])


def check_integer(table):
    """Toward zero and modulo 2^width; ml_dtypes has no meaning for what int32 does not hold."""
    mask = 2**table.width - 1
    table.check("values", table.values())
    for source in ("float32", "float64", "int64"):
        x = np.fromfile(table.start + source, source)
        got = table.read(f"{source}.wrapped") & mask
        fits = (x == x) & (np.abs(x.astype(np.float64)) < 2.0**63) | (source == "int64")
        expected = np.where(fits, np.where(fits, x, 0).astype(np.int64) & mask, 0)
        table.check(f"{source}.wrapped", expected.astype(np.uint8), of=x, got=got)
        known = np.abs(x.astype(np.float64)) < 2.0**31
        by_ml_dtypes = x[known].astype(table.dtype).view(np.uint8) & mask
        table.check(f"{source}.wrapped", by_ml_dtypes, of=x[known], got=got[known])


def check_orders(table):
    left, right = np.meshgrid(table.values(), table.values(), indexing="ij")
    orders = 1 * (left < right) + 2 * (left == right) + 4 * (left > right)
    table.check("orders", orders.ravel().astype(np.int8))


def check_packing(table):
    codes = table.codes()[:-1]
    table.check("packed", PACK[table.width](codes).view(np.int8))
    table.check("unpacked", codes)


def write_inputs(table):
    values = table.values()
    table.write("float32", float32_inputs(values))
    table.write("float64", float64_inputs(values))
    table.write("int64", int64_inputs(values))
    if table.width == 16:
        table.write("left", RANDOM.integers(0, 2**16, 1000000).astype(np.uint16))
        table.write("right", RANDOM.integers(0, 2**16, 1000000).astype(np.uint16))


def main(program, folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # What int64 inputs are compared with has to hold them.
    assert np.finfo(np.longdouble).nmant >= 63
    floats = [Tables(folder, name, dtype) for name, dtype in FLOATS.items()]
    integers = [Tables(folder, name, dtype, ml_dtypes.iinfo) for name, dtype in INTEGERS.items()]
    power = Tables(folder, POWER, ml_dtypes.float8_e8m0fnu)
    tables = [*floats, *integers, power]
    with np.errstate(all="ignore"):
        for table in tables:
            write_inputs(table)
        subprocess.run([program, folder], check=True)
        for table in floats:
            check_float(table)
        for table in integers:
            check_integer(table)
        check_power(power)
        for table in tables:
            if table.width <= 8:
                check_orders(table)
            if table.width < 8:
                check_packing(table)
    print(f"{Tables.checked} elements of {len(tables)} types are as expected")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
