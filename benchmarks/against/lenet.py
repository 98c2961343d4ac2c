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

import numpy as np
import peers

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


def digit_of(peer):
    """The same of a peer, behind a run."""
    return float(peer.fetch().ravel().astype(np.float64) @ np.arange(10))


def main(program, network, benchmark="lenet_image<inlay::highway>"):
    peer = peers.onnxruntime(network, ramp())
    peers.turn(peer, TURN_SECONDS)  # warms up
    their_digit = digit_of(peer)
    ours, theirs = [], []
    for _ in range(TURNS):
        microseconds, our_digit = turn_of_inlay(program, benchmark)
        assert abs(our_digit - their_digit) < 1e-5, (our_digit, their_digit)
        ours.append(microseconds)
        theirs.append(peers.turn(peer, TURN_SECONDS))
    ratios = [a / b for a, b in zip(ours, theirs)]
    print(f"{'microseconds an image':24}{'median':>10}{'least':>10}{'most':>10}")
    for name, values in (("inlay", ours), ("onnxruntime", theirs), ("ratio", ratios)):
        print(f"{name:24}{statistics.median(values):10.3f}{min(values):10.3f}{max(values):10.3f}")
    print(json.dumps({
        "name": benchmark, "inlay_us": round(statistics.median(ours), 3),
        "onnxruntime_us": round(statistics.median(theirs), 3),
        "ratio": round(statistics.median(ratios), 3), "onnxruntime": peer.version}))


if __name__ == "__main__":
    main(*sys.argv[1:])
