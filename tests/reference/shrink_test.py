"""A fault is found and its model made small: shrink_test.py RUN_CASES FOLDER

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

The fault is one of the other engine: where an operator's results have a certain form, the values
that are expected are wrong, as they would be if the executors were.
"""

import pathlib
import shutil
import sys

import cases
import models
import numpy as np
import random_graphs
from random_models import Failing, write
from random_nodes import NODES
from shrink import shrink


def faulty(operator, is_hit):
    """A change of the last element of an operator's result."""
    def change(node, results):
        y = results[0]
        if node.op_type != operator or y.size == 0 or not is_hit(node, y):
            return results
        y = y.copy()
        y.flat[-1] += 100 if y.dtype.kind == "f" else 1
        return [y, *results[1:]]
    return change


def case_with(case, change):
    """The same models and inputs, with what the faulty engine computes."""
    values = [models.evaluate(case.model, given, change) for given in case.inputs]
    return models.Case(case.model, case.inputs, values, case.tolerance)


# What shows a fault only as a truth, or may do so, is left beside what has it.
TRUTHS = {"And", "Cast", "CastLike", "Equal", "Greater", "GreaterOrEqual", "IsInf", "IsNaN", "Less",
          "LessOrEqual", "Not", "Or", "Xor"}

FAULTS = {
    "Transpose": (lambda node, y: y.ndim >= 2 and y.shape[-1] >= 3, 3),
    "Add": (lambda node, y: y.ndim >= 1 and y.shape[0] >= 2, 2),
    "Softmax": (lambda node, y: y.size > 1, 2),
    "MaxPool": (lambda node, y: any(a.name == "strides" for a in node.attribute), 4),
}


def main(run_cases, folder):
    operators = sorted((cases.operators(run_cases) & NODES.keys()) - TRUTHS)
    shutil.rmtree(folder, ignore_errors=True)
    wrong = []
    for operator, (is_hit, most) in FAULTS.items():
        change = faulty(operator, is_hit)
        drawn = {f"seed-{seed}": random_graphs.draw(seed, operators) for seed in range(150)}
        drawn = {name: case_with(case, change) for name, case in drawn.items()
                 if operator in {node.op_type for node in case.model.graph.node}}
        write(folder / operator, drawn)
        failed = dict(line.split(" ", 1) for line in
                      cases.verdicts(run_cases, folder / operator) if not line.endswith(" passed"))
        print(f"{operator}: {len(failed)} of {len(drawn)} models fail")
        if not 1 <= len(failed) < len(drawn) + (operator == "Softmax"):
            wrong.append(f"{operator}: a fault in some forms hits {len(failed)} of {len(drawn)}")
        for name, verdict in [*failed.items()][:3]:
            fails = Failing(run_cases, folder / "one", verdict)
            small = shrink(drawn[name], fails,
                           lambda model, inputs: models.evaluate(model, inputs, change))
            nodes = [node.op_type for node in small.model.graph.node]
            sizes = [np.size(x) for x in small.inputs[0].values()]
            print(f"  {name}: {len(drawn[name].model.graph.node)} nodes become {nodes}, "
                  f"with inputs of {sizes} elements")
            if nodes != [operator] or max(sizes) > most or not fails(small):
                wrong.append(f"{operator}: {name} is left with {nodes} and {sizes} elements")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
