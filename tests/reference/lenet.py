"""LeNet against ONNX Runtime and against float64: lenet.py FOLDER PROGRAM

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

FOLDER has the network, the images and their labels; PROGRAM is lenet_probabilities.
"""

import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime

ACCURACY = 0.984
LARGEST_DIFFERENCE = 1e-6
MOST_OF_THEIR_ERROR = 1.5


def read_idx(path, header, *shape):
    return np.frombuffer(path.read_bytes(), np.uint8, offset=header).reshape(-1, *shape)


def windows(x, rows, columns):
    return np.lib.stride_tricks.sliding_window_view(x, (rows, columns), axis=(2, 3))


def conv(x, weights, bias):
    over = windows(x, *weights.shape[2:])
    sums = np.einsum("nchwij,ocij->nohw", over, weights, optimize=True)
    return sums + bias[:, None, None]


def max_pool(x, kernel_shape, strides):
    over = windows(x, *kernel_shape)[:, :, :: strides[0], :: strides[1]]
    return over.max(axis=(4, 5))


def softmax(x, axis):
    powers = np.exp(x - x.max(axis, keepdims=True))
    return powers / powers.sum(axis, keepdims=True)


# The operators of the network as ONNX defines them; an attribute that is not here stops the test.
OPERATORS = {
    "Conv": conv,
    "Relu": lambda x: np.maximum(x, 0),
    "MaxPool": max_pool,
    "Flatten": lambda x: x.reshape(len(x), -1),
    "Gemm": lambda a, b, c, transB: a @ (b.T if transB else b) + c,
    "Softmax": softmax,
}


def in_float64(path, images):
    """What the network would compute without rounding to float32."""
    graph = onnx.load(path).graph
    values = {t.name: onnx.numpy_helper.to_array(t).astype(np.float64) for t in graph.initializer}
    values[graph.input[0].name] = images.astype(np.float64)
    for node in graph.node:
        attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        inputs = [values[name] for name in node.input]
        values[node.output[0]] = OPERATORS[node.op_type](*inputs, **attributes)
    return values[graph.output[0].name]


def in_onnxruntime(path, images):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: images})[0]


def in_inlay(program, folder):
    with tempfile.TemporaryDirectory() as scratch:
        output = pathlib.Path(scratch) / "probabilities"
        subprocess.run([program, folder, output, "1000"], check=True)
        return np.fromfile(output, "<f4").reshape(-1, 10)


def main(folder, program):
    network = folder / "lenet.onnx"
    pixels = read_idx(folder / "images.idx3-ubyte", 16, 1, 28, 28)
    images = pixels.astype(np.float32) / np.float32(255)
    labels = read_idx(folder / "labels.idx1-ubyte", 8)

    ours = in_inlay(program, folder)
    theirs = in_onnxruntime(network, images)
    exact = in_float64(network, images)

    accuracy = np.mean(ours.argmax(axis=1) == labels)
    difference = np.abs(ours - theirs).max()
    our_error = np.abs(ours - exact).max()
    their_error = np.abs(theirs - exact).max()
    print(f"accuracy of {len(ours)} images: {accuracy}")
    print(f"largest difference to ONNX Runtime: {difference:.3g}")
    print(f"largest difference to float64: {our_error:.3g}, ONNX Runtime's {their_error:.3g}")

    assert ours.shape == theirs.shape == exact.shape == (1000, 10)
    assert accuracy == ACCURACY
    assert difference <= LARGEST_DIFFERENCE
    assert our_error <= MOST_OF_THEIR_ERROR * their_error


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
