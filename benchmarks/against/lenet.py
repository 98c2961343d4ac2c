"""LeNet, one image at a time, against ONNX Runtime: lenet.py PROGRAM NETWORK [BENCHMARK]

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

    cmake --preset release && cmake --build build/release --target benchmark_lenet
    build/venv/bin/python benchmarks/against/lenet.py \\
        build/release/benchmarks/benchmark_lenet examples/lenet/lenet.onnx

    build/venv/bin/python benchmarks/against/lenet.py \\
        build/release/benchmarks/benchmark_interpreter examples/lenet/lenet.onnx lenet_interpreted

    build/venv/bin/python benchmarks/against/lenet.py \\
        build/release/benchmarks/benchmark_jit examples/lenet/lenet.onnx lenet_compiled

The benchmark is that of the static model unless another is named. Both run in one thread.
The two take turns, so that a change of the machine's speed meets both. Less than a ratio of 1 is
faster than ONNX Runtime. The Python environment is that of tests/reference.
"""

import json
import statistics
import subprocess
import sys
import time

import numpy as np
import onnxruntime

TURNS = 9
TURN_SECONDS = 0.3


def ramp():
    pixels = (np.arange(28 * 28) * 37 % 256).astype(np.float32) / np.float32(255)
    return pixels.reshape(1, 1, 28, 28)


def turn_of_inlay(program, benchmark):
    """Microseconds an image, and the digit that it computed on average."""
    output = subprocess.run(
        [program, f"--benchmark_filter=^{benchmark}$", "--benchmark_format=json",
         f"--benchmark_min_time={TURN_SECONDS}"],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    (result,) = json.loads(output.stdout)["benchmarks"]
    assert result["time_unit"] == "ns"
    return result["real_time"] / 1000, result["mean_digit"]


def bind_onnxruntime(network):
    """A session with its input and its output in place."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    image, probabilities = ramp(), np.empty((1, 10), np.float32)
    binding = session.io_binding()
    for bind, port, array in (
            (binding.bind_input, session.get_inputs()[0], image),
            (binding.bind_output, session.get_outputs()[0], probabilities)):
        bind(port.name, "cpu", 0, np.float32, array.shape, array.ctypes.data)
    return session, binding, image, probabilities


def turn_of_onnxruntime(session, binding, image, probabilities):
    # The bound arrays must live until here.
    count, start = 0, time.perf_counter()
    while (seconds := time.perf_counter() - start) < TURN_SECONDS:
        for _ in range(100):
            session.run_with_iobinding(binding)
        count += 100
    return seconds / count * 1e6, float(probabilities[0].astype(np.float64) @ np.arange(10))


def main(program, network, benchmark="lenet_image<inlay::highway>"):
    bound = bind_onnxruntime(network)
    turn_of_onnxruntime(*bound)  # warms up
    turns = [(turn_of_inlay(program, benchmark), turn_of_onnxruntime(*bound)) for _ in range(TURNS)]
    for (_, our_digit), (_, their_digit) in turns:
        assert abs(our_digit - their_digit) < 1e-5, (our_digit, their_digit)

    ours = [ours for (ours, _), _ in turns]
    theirs = [theirs for _, (theirs, _) in turns]
    ratios = [a / b for a, b in zip(ours, theirs)]
    print(f"{'microseconds an image':24}{'median':>10}{'least':>10}{'most':>10}")
    for name, values in (("inlay", ours), ("onnxruntime", theirs), ("ratio", ratios)):
        print(f"{name:24}{statistics.median(values):10.3f}{min(values):10.3f}{max(values):10.3f}")
    print(json.dumps({
        "name": benchmark, "inlay_us": round(statistics.median(ours), 3),
        "onnxruntime_us": round(statistics.median(theirs), 3),
        "ratio": round(statistics.median(ratios), 3), "onnxruntime": onnxruntime.__version__}))


if __name__ == "__main__":
    main(*sys.argv[1:])
