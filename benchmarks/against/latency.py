"""LeNet, one image at a time, by Inlay's three engines and by others: latency.py BUILD [OUT]

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

    cmake --preset release -DCMAKE_CXX_FLAGS=-march=native -DINLAY_INTERPRETER_LEVELS=
    cmake --build build/release --target benchmark_lenet benchmark_interpreter benchmark_jit
    python3 -m venv build/peers && build/peers/bin/pip install onnx onnxruntime openvino ncnn
    build/peers/bin/pip install --no-deps pnnx
    build/peers/bin/python benchmarks/against/latency.py build/release docs

All compute in one thread and take turns, so that a change of the machine's speed meets all of them;
a figure is the median of the turns. Each answer is compared with ONNX Runtime's. Writes
latency.json, the record, and latency.svg, its picture, into OUT. A peer that is not installed is
left out, and said.
"""

import json
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

import bars
import lenet
import onnx
import peers

TURNS = 15
TURN_SECONDS = lenet.TURN_SECONDS
MODEL = pathlib.Path(__file__).parents[2] / "examples/lenet/lenet.onnx"
# What a vector instruction of this machine may be, widest first.
SETS = {"avx512f": "AVX-512", "avx2": "AVX2", "avx": "AVX", "asimd": "NEON"}
INLAY = (("Inlay, static", "benchmark_lenet", "lenet_image<inlay::highway>"),
         ("Inlay, JIT", "benchmark_jit", "lenet_compiled"),
         ("Inlay, interpreter", "benchmark_interpreter", "lenet_interpreted"))


def of_one_image(folder):
    """The model with a batch of 1, which not every peer can be told."""
    model = onnx.load(MODEL)
    for port in [*model.graph.input, *model.graph.output]:
        port.type.tensor_type.shape.dim[0].dim_value = 1
    path = folder / "lenet.onnx"
    onnx.save(model, path)
    return path


def processor():
    words = pathlib.Path("/proc/cpuinfo").read_text().lower().split()
    return next((name for word, name in SETS.items() if word in words), platform.machine())


def compiler_of(build):
    for line in (build / "CMakeCache.txt").read_text().splitlines():
        if line.startswith("CMAKE_CXX_COMPILER:"):
            words = subprocess.run([line.split("=", 1)[1], "--version"], capture_output=True,
                                   text=True, check=True).stdout.splitlines()[0].split()
            return ("Clang " if "clang" in words else "GCC ") + next(
                word for word in reversed(words) if word[0].isdigit())
    raise RuntimeError("the build has no compiler")


def load_peers(folder):
    found = []
    for load in peers.ALL:
        try:
            found.append(load(of_one_image(folder), lenet.ramp(), folder))
        except ImportError as why:
            print(f"left out: {why}")
    return found


def measure(build, others):
    """name → microseconds, a figure a turn."""
    times = {name: [] for name, *_ in INLAY} | {peer.name: [] for peer in others}
    for peer in others:
        peers.turn(peer, TURN_SECONDS)  # warms up
    expected = lenet.digit_of(others[0])
    for peer in others:
        assert abs(lenet.digit_of(peer) - expected) < 1e-4, peer.name
    for _ in range(TURNS):
        for name, program, benchmark in INLAY:
            path = build / "benchmarks" / program
            microseconds, digit = lenet.turn_of_inlay(path, benchmark)
            assert abs(digit - expected) < 1e-4, name
            times[name].append(microseconds)
        for peer in others:
            times[peer.name].append(peers.turn(peer, TURN_SECONDS))
    return times


def main(build, out="."):
    build, out = pathlib.Path(build), pathlib.Path(out)
    with tempfile.TemporaryDirectory() as folder:
        others = load_peers(pathlib.Path(folder))
        times = measure(build, others)
    versions = {peer.name: peer.version for peer in others}
    record = {
        "network": "LeNet, one image of 28x28", "threads": 1, "element": "float32",
        "instructions": processor(), "compiler": compiler_of(build), "turns": TURNS,
        "engines": [{"name": name, **({"version": versions[name]} if name in versions else {}),
                     "median_us": round(statistics.median(all_times), 2),
                     "least_us": round(min(all_times), 2), "most_us": round(max(all_times), 2)}
                    for name, all_times in times.items()]}
    (out / "latency.json").write_text(json.dumps(record, indent=1) + "\n")
    rows = [(" ".join(filter(None, (e["name"], e.get("version")))), e["median_us"],
             e["name"].startswith("Inlay")) for e in record["engines"]]
    title = f"LeNet, one image, one thread, float32, {record['instructions']}"
    (out / "latency.svg").write_text(bars.draw(title, "microseconds", rows))
    for label, median, _ in rows:
        print(f"{label:28}{median:9.2f} µs")


if __name__ == "__main__":
    main(*sys.argv[1:])
