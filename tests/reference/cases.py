"""Models with inputs and outputs, as files that run_cases reads.

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import collections
import re
import subprocess

import numpy as np
import onnx


def operators(run_cases):
    """The names of the operators that there are."""
    output = subprocess.run([run_cases, "--operators"], check=True, capture_output=True, text=True)
    return set(output.stdout.split())


def tensor(value):
    return value if isinstance(value, onnx.TensorProto) else onnx.numpy_helper.from_array(value)


def write_case(folder, model, data_sets):
    """A case as ONNX's backend tests lay it out; sequences and optional values are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    for number, (inputs, outputs) in enumerate(data_sets):
        data = folder / f"test_data_set_{number}"
        data.mkdir()
        for kind, values in (("input", inputs), ("output", outputs)):
            for i, value in enumerate(values):
                if isinstance(value, (np.ndarray, np.generic, onnx.TensorProto)):
                    (data / f"{kind}_{i}.pb").write_bytes(tensor(value).SerializeToString())


def write_list(folder, tolerances):
    """The cases of a folder, and for each what its floats may be away: see run_cases.cpp."""
    lines = (f"{name} {' '.join(map(str, numbers))}\n" for name, numbers in tolerances.items())
    (folder / "cases.txt").write_text("".join(lines))


def kind_of(sentence):
    """A sentence without what differs between models: the label of the node, and the shapes."""
    sentence = re.sub(r"^node \d+( '[^']*')? \(\w*\): ", "", sentence)
    return re.sub(r"\d+(x\d+)+", "...", sentence)


def verdicts(run_cases, folder, seconds=600, flags=()):
    """How each case of a folder ends: its name, and "passed", "skipped" and a sentence or "failed"
    and a sentence. A case that ends the process, or does not end, is one that failed."""
    lines, names = [], [line.split()[0] for line in (folder / "cases.txt").read_text().splitlines()]
    while len(lines) < len(names):
        command = [run_cases, *flags, folder, names[len(lines)]]
        try:
            process = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=seconds)
            output, how = process.stdout, f"it ends the process with {process.returncode}"
        except subprocess.TimeoutExpired as expired:
            output = (expired.stdout or b"").decode()
            how = f"it takes more than {seconds} seconds"
        # A line that is not complete is that of the case that failed.
        lines += [line.rstrip("\n") for line in output.splitlines(True) if line.endswith("\n")]
        if len(lines) < len(names):
            lines.append(f"{names[len(lines)]} failed {how}")
    return lines


def run(run_cases, folder):
    """Runs the cases of a folder: the failed ones by name, and a summary of all."""
    passed, failed, skipped = 0, {}, collections.Counter()
    for line in verdicts(run_cases, folder):
        name, verdict, *text = line.split(" ", 2)
        if verdict == "skipped":
            skipped[kind_of(*text)] += 1
        elif verdict == "failed":
            failed[name] = text[0]
        else:
            passed += 1
    summary = [f"{count} skipped: {kind}" for kind, count in sorted(skipped.items())]
    summary += [f"{passed} passed, {len(failed)} failed, {skipped.total()} skipped"]
    return failed, summary
