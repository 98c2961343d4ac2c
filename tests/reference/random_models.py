"""Random models through the executors and ONNX Runtime: random_models.py RUN_CASES FOLDER FOUND

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

First come the cases of the folder FOUND, small models that failed once. Then as many models are
drawn as --count says, with the seeds from --first on, the same in every run. Outputs must have the
types and shapes that ONNX Runtime gives them; floats may be away by 1e-5 (float64: 1e-12) of the
largest. What fails is made smaller and printed; with --keep, it goes into FOUND. With --sizes, all
models have dimensions without a value, and inputs of so many sizes, for which code must be compiled
once.
"""

import argparse
import collections
import itertools
import pathlib
import re
import shutil
import sys
import tempfile

import cases
import onnx
import random_graphs
from random_nodes import NODES
from shrink import shrink


def write(folder, named):
    """Cases by name, as run_cases reads them."""
    for name, case in named.items():
        cases.write_case(folder / name, case.model, case.data_sets())
    cases.write_list(folder, {name: (0, 0, case.tolerance) for name, case in named.items()})


def kind_of(verdict):
    """What went wrong, without numbers."""
    return re.sub(r"-?(\d[\d.e+x-]*|nan|inf)", "#", verdict)


class Failing:
    """Whether a case fails as another one did."""

    def __init__(self, run_cases, folder, verdict, flags=()):
        self.run_cases, self.folder, self.kind = run_cases, folder, kind_of(verdict)
        self.flags = flags

    def __call__(self, case):
        return kind_of(self.verdict_of(case)) == self.kind

    def verdict_of(self, case):
        shutil.rmtree(self.folder, ignore_errors=True)
        write(self.folder, {"case": case})
        line = cases.verdicts(self.run_cases, self.folder, seconds=60, flags=self.flags)[0]
        return line.split(" ", 1)[1]


def keep(found, name, case):
    """Adds a case to those that every run begins with."""
    cases.write_case(found / name, case.model, case.data_sets())
    with open(found / "cases.txt", "a") as file:
        file.write(f"{name} 0 0 {case.tolerance}\n")


def replay(run_cases, found):
    """Whether all found cases pass."""
    if not (found / "cases.txt").exists():
        return True
    failed, summary = cases.run(run_cases, found)
    for name, text in failed.items():
        print(f"found/{name}: {text}")
    print("found cases:", *summary)
    return summary[0].endswith(" passed, 0 failed, 0 skipped")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("run_cases", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("found", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--sizes", type=int, help="of the inputs of each model")
    parser.add_argument("--keep", action="store_true", help="put what fails into FOUND")
    options = parser.parse_args()
    is_right = replay(options.run_cases, options.found)

    known = cases.operators(options.run_cases)
    operators = sorted(known & NODES.keys())
    shutil.rmtree(options.folder, ignore_errors=True)
    drawn, held = {}, collections.Counter()
    for seed in itertools.count(options.first):
        if len(drawn) == options.count:
            break
        if (case := random_graphs.draw(seed, operators, options.sizes)) is None:
            continue
        drawn[f"seed-{seed}"] = case
        held.update({node.op_type for node in case.model.graph.node})
        if len(drawn) % 200 == 0:
            print(f"{len(drawn)} of {options.count} models are drawn", flush=True)
    write(options.folder, drawn)

    flags = ["--once"] if options.sizes else []
    lines = cases.verdicts(options.run_cases, options.folder, flags=flags)
    wrong = [line.split(" ", 1) for line in lines
             if not line.endswith(" passed")]
    for name, verdict in wrong[:10]:
        print(f"{name} {verdict}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            fails = Failing(options.run_cases, pathlib.Path(folder) / "cases", verdict, flags)
            case = shrink(drawn[name], fails)
            print(f"made smaller: {fails.verdict_of(case)}")
        print(onnx.printer.to_text(case.model), *case.inputs, sep="\n")
        if options.keep:
            keep(options.found, name, case)
    print("models that hold", ", ".join(f"{name} {held[name]}" for name in sorted(known)))
    print(f"{len(drawn) - len(wrong)} of {len(drawn)} models pass")
    # A few models do not draw every operator.
    never = [name for name in known if not held[name]]
    if never and not options.sizes and options.count >= len(known):
        sys.exit(f"no model holds {', '.join(sorted(never))}")
    sys.exit(bool(wrong) or not is_right)


if __name__ == "__main__":
    main()
