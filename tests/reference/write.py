"""Models that we read and write again, as onnx and ONNX Runtime see them: write.py REWRITE LENET

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

The models: LeNet, ONNX's node cases, and random ones. What the checker accepts it must accept
again, and ONNX Runtime's answers must be the same to the bit.
"""

import collections
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import onnx
import onnxruntime
from cases import kind_of
from onnx.backend.test import loader
from random_graphs import draw
from random_nodes import NODES

RANDOM_MODELS = 50


def models():
    """(name, bytes of the model, inputs by name) of each."""
    lenet = pathlib.Path(sys.argv[2]).read_bytes()
    image = np.random.default_rng(0).random((3, 1, 28, 28), np.float32)
    yield "lenet", lenet, {"image": image}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some cases overflow while they are made
        node_cases = loader.load_model_tests(kind="node")
    for case in node_cases:
        names = [value.name for value in case.model.graph.input]
        yield case.name, case.model.SerializeToString(), dict(zip(names, case.data_sets[0][0]))
    for seed in range(RANDOM_MODELS):
        case = draw(seed, sorted(NODES))
        yield f"seed-{seed}", case.model.SerializeToString(), case.inputs[0]


def check(model):
    try:
        onnx.checker.check_model(model)
    except onnx.checker.ValidationError as error:
        return str(error)
    return ""


def run(model, inputs):
    """What ONNX Runtime answers, as bytes; nothing where it does not run the model."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"])
        outputs = session.run(None, inputs)
    except Exception:  # of many kinds, some of them Python's own
        return None
    return [(x.dtype, x.shape, x.tolist() if x.dtype == object else x.tobytes())
            if isinstance(x, np.ndarray) else repr(x) for x in outputs]


def compare(before, after, inputs):
    """What is wrong with the model that was written, and how it was found out."""
    if not check(before) and (complaint := check(after)):
        return f"the checker says: {complaint}", ""
    answer = run(before, inputs)
    if answer is None:
        return "", "not run by ONNX Runtime"
    if answer != run(before, inputs):
        return "", "random"
    return ("" if answer == run(after, inputs) else "another answer"), "of the same answer"


def main(rewrite):
    counts, refusals, failed = collections.Counter(), collections.Counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        source, target = (pathlib.Path(folder) / name for name in ("in.onnx", "out.onnx"))
        for name, model, inputs in models():
            source.write_bytes(model)
            result = subprocess.run([rewrite, source, target], capture_output=True, text=True)
            if result.returncode in (1, 2):
                what = ("read", "written")[result.returncode - 1]
                refusals[f"not {what}: {kind_of(result.stdout.strip())}"] += 1
                continue
            wrong, how = compare(model, target.read_bytes(), inputs)
            if result.returncode != 0 or wrong:
                print(f"{name}: {result.stderr}{wrong}")
                failed += 1
            counts["written"] += 1
            counts[how] += how != ""
    for text, count in sorted(refusals.items()):
        print(f"{count} {text}")
    print(", ".join(f"{count} {what}" for what, count in counts.items()) + f", {failed} failed")
    sys.exit(failed != 0 or counts["of the same answer"] == 0)


if __name__ == "__main__":
    # The cases are of the newest opset, which ONNX Runtime runs only when asked to.
    os.environ["ALLOW_RELEASED_ONNX_OPSET_ONLY"] = "0"
    main(sys.argv[1])
