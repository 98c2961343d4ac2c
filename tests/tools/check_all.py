"""inlay check over all of ONNX's backend cases: check_all.py PROGRAM FOLDER REFERENCE

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

FOLDER gets the cases of the onnx package, once, as they are; REFERENCE is tests/reference.
"""

import pathlib
import shutil
import subprocess
import sys
import warnings

import onnx
from onnx.backend.test import loader

# Slopes of an old opset, which do not broadcast in the one that the models are brought to: ONNX
# Runtime refuses them as well.
REFUSED = {f"test_PReLU_{axes}d_multiparam" for axes in (1, 2, 3)}


def write_cases(folder, reference):
    stamp = folder / "made_for.txt"
    if stamp.exists() and stamp.read_text() == onnx.__version__:
        return
    sys.path.insert(0, reference)
    import cases
    import onnx_cases
    shutil.rmtree(folder, ignore_errors=True)
    for kind in onnx_cases.KINDS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some cases overflow
            for case in loader.load_model_tests(kind=kind):
                if case.name in REFUSED:
                    continue
                to = folder / kind / case.name
                if case.model_dir:
                    shutil.copytree(case.model_dir, to)
                if case.model or kind in onnx_cases.OLD_KINDS:
                    cases.write_case(to, onnx_cases.read_model(case), case.data_sets or [])
    stamp.write_text(onnx.__version__)


def main(program, folder, reference):
    folder = pathlib.Path(folder)
    write_cases(folder, reference)
    wrong = []
    for kind in sorted(path.name for path in folder.iterdir() if path.is_dir()):
        result = subprocess.run([program, "check", folder / kind], capture_output=True, text=True)
        lines = result.stdout.splitlines()
        print(f"{kind}: {lines[-1] if lines else result.stderr}")
        wrong += [line for line in lines if line.startswith("failed ")]
        numbers = lines[-1].split() if lines else ["0"]
        if result.returncode or int(numbers[0]) == 0:
            wrong.append(f"{kind}: the exit status is {result.returncode}, {numbers[0]} pass")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main(*sys.argv[1:])
