"""Every model that ONNX's own tests have, read and written: round_trip.py ROUND_TRIP FOLDER

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

Each must be read, verified, printed, parsed, written and read again as the same graph, and the
checker must accept what is written, which must say all that the model says, in the terms of onnx;
so must each model once more with remarks wherever one may stand. The types that we infer must be
those that onnx infers. FOLDER is made once for a version of onnx.
"""

import collections
import hashlib
import pathlib
import re
import shutil
import subprocess
import sys
import warnings

import onnx
import remarks
from onnx import version_converter
from onnx.backend.test import loader

KINDS = ("node", "simple", "pytorch-converted", "pytorch-operator")
REMARKED = "remarked"
OLDEST_OPSET = 7


def model_of(case):
    """Opsets that are older than those we support are brought to opset 13."""
    model = case.model or onnx.load(pathlib.Path(case.model_dir) / "model.onnx")
    versions = {opset.domain: opset.version for opset in model.opset_import}
    if versions.get("", OLDEST_OPSET) < OLDEST_OPSET:
        model = version_converter.convert_version(model, 13)
    return model


def make_models(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some cases overflow while they are made
        (folder / REMARKED).mkdir(parents=True)
        for kind in KINDS:
            (folder / kind).mkdir()
            for case in loader.load_model_tests(kind=kind):
                model = model_of(case)
                (folder / kind / f"{case.name}.onnx").write_bytes(model.SerializeToString())
                (folder / REMARKED / f"{kind}-{case.name}.onnx").write_bytes(
                    remarks.with_remarks(model).SerializeToString())


def models(folder):
    scripts = b"".join(pathlib.Path(module).read_bytes() for module in (__file__, remarks.__file__))
    made_for = f"{onnx.__version__} {hashlib.sha256(scripts).hexdigest()}"
    stamp = folder / "made_for.txt"
    if not stamp.exists() or stamp.read_text() != made_for:
        shutil.rmtree(folder, ignore_errors=True)
        make_models(folder)
        stamp.write_text(made_for)
    return sorted(path for path in folder.glob("*/*.onnx"))


def complaint(path):
    """What the checker says of a model."""
    try:
        onnx.checker.check_model(path.read_bytes())
    except Exception as error:  # of several kinds
        return str(error).splitlines()[0]
    return ""


def types_of(model):
    """The element type and the extents of each value that the model says them of."""
    types = {}
    for value in [*model.graph.value_info, *model.graph.output]:
        tensor = value.type.tensor_type
        extents = [d.dim_value if d.HasField("dim_value") else None for d in tensor.shape.dim]
        types[value.name] = (tensor.elem_type, extents if tensor.HasField("shape") else None)
    return types


def compare_types(path, typed):
    """Where our types differ from those that onnx infers without being told any."""
    model = onnx.load(path)
    del model.graph.value_info[:]
    for output in model.graph.output:
        output.ClearField("type")
    theirs = types_of(onnx.shape_inference.infer_shapes(model))
    written = onnx.load(typed)
    # What a node states is a constant by then.
    ours = {t.name: (t.data_type, list(t.dims)) for t in written.graph.initializer}
    ours |= types_of(written)
    wrong = [f"{name} is {ours.get(name)}, not {theirs[name]}" for name in theirs
             if theirs[name][0] and theirs[name][1] is not None and None not in theirs[name][1]
             and ours.get(name) != theirs[name]]
    return ", ".join(wrong)


def refusal_of(sentence):
    """What is not supported, without what differs between models."""
    found = re.search(r"the operator '([^']*)' is not supported", sentence)
    return "an operator is not supported" if found else re.sub(r"'[^']*'|\d+(x\d+)*", "…", sentence)


def main(round_trip, folder):
    sources = models(folder)
    targets = {path: path.with_suffix(".written") for path in sources}
    listed = folder / "list.txt"
    listed.write_text("".join(f"{path} {target}\n" for path, target in targets.items()))
    output = subprocess.run([round_trip, listed], capture_output=True, text=True)
    verdicts = dict(line.split("\t", 1) for line in output.stdout.splitlines())
    counts, refusals, failed = collections.Counter(), collections.Counter(), 0
    for path, target in targets.items():
        name = f"{path.parent.name}/{path.stem}"
        verdict = verdicts.get(str(path), "crash")
        if not verdict.startswith("same"):
            wrong = verdict
        elif wrong := complaint(target):
            if complaint(path):
                wrong = ""  # the checker does not accept the model as it was
                counts["not accepted by the checker before either"] += 1
        if not wrong:
            wrong = remarks.difference(onnx.load(path), onnx.load(target))
        typed = target.with_suffix(".written.typed")
        if not wrong and typed.exists() and path.parent.name != REMARKED:
            wrong = compare_types(path, typed)
            counts["of the types that onnx infers"] += 1
        if wrong:
            print(f"{name}: {wrong}")
            failed += 1
            continue
        counts[path.parent.name] += 1
        refusals[refusal_of(verdict.removeprefix("same").strip()) or "lowered"] += 1
    for text, count in sorted(refusals.items()):
        print(f"{count} {text}")
    print(", ".join(f"{count} {what}" for what, count in counts.items()) + f", {failed} failed")
    sys.exit(failed != 0 or output.returncode != 0 or counts["node"] == 0)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
