"""What a model of 100 KB costs to read in the compiler: read_cost.py EMBED_SCRIPT COMPILER FLAG...

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

One model is as many nodes as fit, the other one matrix. Memory decides: what a compiler takes of it
does not depend on what else the machine does.
"""

import pathlib
import subprocess
import sys
import tempfile

from measure import measure, over_budget

FILE_BYTES = 100_000
SECONDS_BUDGET = 5
MEGABYTES_BUDGET = 500
# A chain of 1,200 passes Clang's limit of 1,048,576 steps, which no test may raise.
NODES = 1000

SOURCE = """#include <inlay/inlay.hpp>
#include <model.onnx.hpp>
constexpr bool is_read() {{
  auto const g = inlay::read_onnx({{model_onnx, sizeof(model_onnx) - 1}});
  return !g.failure && g.nodes.size() == {nodes} && g.constants.size() == {constants};
}}
static_assert(is_read());
"""


def varint(number):
    encoded = bytearray()
    while number >= 0x80:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*encoded, number])


def field(number, content):
    """A field of protocol buffers: a number, or the bytes of a text or of a message."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def value(name):
    """The ValueInfoProto of a float32 [1, 16]."""
    shape = field(1, field(1, 1)) + field(1, field(1, 16))
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, shape)))


def tensor(name, extents, raw):
    return b"".join(field(1, extent) for extent in extents) + field(2, 1) + field(8, name) \
        + field(9, raw)


def model(*graph):
    return field(1, 8) + field(8, field(2, 17)) + field(7, b"".join(graph))


def long_model():
    """A chain of nodes, of names as exporters write them, each with an attribute."""
    names = [b"/layers.%d/act/output_0" % i for i in range(NODES)]
    names.insert(0, b"x")
    attribute = field(1, b"alpha") + b"\x15\x0a\xd7\x23\x3c" + field(20, 1)
    nodes = [field(1, field(1, source) + field(2, result) + field(3, result[:-9])
                   + field(4, b"LeakyRelu") + field(5, attribute))
             for source, result in zip(names, names[1:])]
    return model(*nodes, field(11, value(b"x")), field(12, value(names[-1])))


def large_model():
    """A matrix product whose weights are nearly all of the file."""
    rows = FILE_BYTES // 4 // 16
    raw = bytes(i * 37 % 256 for i in range(rows * 16 * 4))
    node = field(1, b"x") + field(1, b"w") + field(2, b"y") + field(4, b"MatMul")
    return model(field(1, node), field(5, tensor(b"w", (16, rows), raw)), field(11, value(b"x")),
                 field(12, value(b"y")))


def main(script, *command):
    too_dear = False
    for bytes_of_file, nodes, constants in ((long_model(), NODES, 0), (large_model(), 1, 1)):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "model.onnx").write_bytes(bytes_of_file)
            (path / "read.cpp").write_text(SOURCE.format(nodes=nodes, constants=constants))
            subprocess.run(["cmake", f"-Dfile={path}/model.onnx", f"-Dheader={path}/model.onnx.hpp",
                            "-P", script], check=True)
            cost = measure([*command, f"-I{folder}", "-fsyntax-only", path / "read.cpp"])
        print(f"{len(bytes_of_file)} bytes, {nodes} nodes: {cost.cpu_seconds:.2f} s of CPU, "
              f"{cost.peak_megabytes:.0f} MB", flush=True)
        too_dear |= over_budget(cost.cpu_seconds, SECONDS_BUDGET)
        too_dear |= cost.peak_megabytes > MEGABYTES_BUDGET
    if too_dear:
        sys.exit(f"Reading 100 KB may cost {SECONDS_BUDGET} s and {MEGABYTES_BUDGET} MB.")


if __name__ == "__main__":
    main(*sys.argv[1:])
