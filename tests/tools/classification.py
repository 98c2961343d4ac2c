"""What examples/classification says is what onnxruntime does: classification.py PROGRAM EXAMPLES

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import pathlib
import struct
import subprocess
import sys
import zlib

import numpy as np
import onnxruntime
from command import Command

TOLERANCE = 1e-4


def unfilter(rows, stride, size):
    """The bytes of a PNG's rows, each of which says first how it differs from its neighbours."""
    above, decoded = np.zeros(stride, np.uint8), []
    for row in rows:
        kind, line = row[0], row[1:].copy()
        for i in range(stride):
            a = int(line[i - size]) if i >= size else 0
            b, c = int(above[i]), int(above[i - size]) if i >= size else 0
            nearest = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            line[i] = (int(line[i]) + (0, a, b, (a + b) // 2, nearest)[kind]) % 256
        decoded.append(line)
        above = line
    return np.stack(decoded)


def read_png(path):
    """Pixels [height, width, channels] of a file of 8 bits, grey or RGB."""
    data, at, packed = path.read_bytes(), 8, b""
    while at < len(data):
        (size,), kind = struct.unpack(">I", data[at:at + 4]), data[at + 4:at + 8]
        content = data[at + 8:at + 8 + size]
        if kind == b"IHDR":
            width, height, bits, colour, _, _, interlace = struct.unpack(">IIBBBBB", content)
            assert bits == 8 and interlace == 0 and colour in (0, 2), path
        elif kind == b"IDAT":
            packed += content
        at += 12 + size
    channels = 1 if colour == 0 else 3
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + width * channels)
    return unfilter(rows, width * channels, channels).reshape(height, width, channels)


def expect(model, pixels, size, scale, labels, top):
    """The likeliest labels. A picture twice as large as the input becomes means of 2x2 pixels."""
    pixels = pixels.astype(np.float32)
    if len(pixels) == 2 * size:
        pixels = pixels.reshape(size, 2, size, 2, -1).mean((1, 3))
    channels = 1 if size == 28 else 3
    image = np.broadcast_to(pixels, (size, size, channels)).transpose(2, 0, 1)[None] / 255 * scale
    session = onnxruntime.InferenceSession(model)
    image = np.ascontiguousarray(image, np.float32)
    (probabilities,) = session.run(None, {"image": image})[0]
    order = probabilities.argsort()[::-1][:top]
    return [(labels[i], probabilities[i]) for i in order]


def main(program, examples):
    examples = pathlib.Path(examples)
    here = examples / "classification"
    command = Command(program, "run")
    check = command.check
    printed = subprocess.run([here / "classify", program], capture_output=True, text=True,
                             check=True).stdout.split("probabilities: float32 1x10\n")
    check("outputs", (printed[0], len(printed)), ("", 4))
    cases = (("resnet8.onnx", "cat", 32, 255, "cifar10", 5, "cat"),
             ("resnet8.onnx", "horse", 32, 255, "cifar10", 2, "horse"),
             ("../lenet/lenet.onnx", "digit", 28, 1, "digits", 3, "three"))
    for text, (model, picture, size, scale, names, top, first) in zip(printed[1:], cases):
        labels = (here / f"{names}.txt").read_text().split()
        expected = expect(here / model, read_png(here / f"{picture}.png"), size, scale, labels, top)
        check(f"what {picture}.png shows", expected[0][0], first)
        lines = [line.split() for line in text.splitlines()[1:]]
        check(f"labels of {picture}.png", [label for label, _ in lines], [e[0] for e in expected])
        for (label, got), (_, wanted) in zip(lines, expected):
            check(f"{picture}.png: {label}", abs(float(got) - wanted) < TOLERANCE, True)

    lenet = [here / "../lenet/lenet.onnx", "--input", here / "digit.png"]
    check("without labels", command.run(*lenet, "--top", "2").stdout.splitlines()[2].split()[:3],
          ["top", "2", "[3]"])
    command.refuse([*lenet, "--top", "0"], "--top", 2)
    command.refuse([*lenet, "--labels", here / "no.txt"], "no.txt'")
    command.refuse([*lenet, "--labels", here / "classify"],
                   "lines, and no output is floats 1x")
    command.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
