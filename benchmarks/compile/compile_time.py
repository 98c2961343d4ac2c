#!/usr/bin/env python3
"""What compiling with Inlay costs: compile_time.py [COMPILER...] [--record FILE] [--page FILE]

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

    benchmarks/compile/compile_time.py --record benchmarks/compile/record.json \\
        --page docs/compile-time.md --plot docs/compile-time.svg

Compiles each case with each compiler, g++-12 and clang++-22 unless others are named, and prints the
processor time, the most memory, the size of the object and the longest name of a symbol in it.
--only WORD takes the cases whose names have that word. The record is JSON; --page puts the table
into a page of Markdown, in the place of the one that it has; the plot is an SVG file, for which
matplotlib must be there (pip install matplotlib).
"""

import argparse
import json
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

from cases import ROOT, write_cases

sys.path.append(str(ROOT / "tests" / "guards"))
from compile_curve import SYMBOL_BUDGET, longest_symbol  # noqa: E402
from measure import is_clang, measure, over_budget  # noqa: E402

# Seconds, of which twice as many fail, and MB.
BUDGETS = {"400 nodes in a chain": (10, 500), "400 nodes with numbers": (10, 500),
           "ResNet-8, an ONNX file": (20, 700)}
# What compilers say where a constant expression takes more steps than they allow.
LIMITS = ("maximum step limit", "constexpr-loop-limit", "constexpr-ops-limit")
COLUMNS = ("CPU s", "peak MB", "object KB", "longest symbol")


def name_of(compiler):
    version = subprocess.run([compiler, "-dumpfullversion", "-dumpversion"], capture_output=True,
                             text=True, check=True).stdout.split()[0]
    return ("Clang " if is_clang(compiler) else "GCC ") + version


def compile_case(compiler, flags, source, more):
    target = source.with_suffix(".o")
    try:
        cost = measure([compiler, "-std=c++20", *flags, f"-I{ROOT}/include", *more, "-c", source,
                        "-o", target])
    except SystemExit as failure:
        if not any(limit in str(failure) for limit in LIMITS):
            raise
        return None
    return {"cpu_seconds": round(cost.cpu_seconds, 2), "peak_mb": round(cost.peak_megabytes),
            "object_bytes": target.stat().st_size, "longest_symbol": longest_symbol(target)}


def print_row(compiler, case, cost):
    if cost is None:
        print(f"{case:36}{compiler:14}  takes more steps than a constant expression may",
              flush=True)
        return
    print(f"{case:36}{compiler:14}{cost['cpu_seconds']:8.2f}{cost['peak_mb']:9}"
          f"{cost['object_bytes'] / 1024:11.1f}{cost['longest_symbol']:16}", flush=True)


def is_over_budget(case, cost):
    if case not in BUDGETS:
        return False
    seconds, megabytes = BUDGETS[case]
    return cost is None or over_budget(cost["cpu_seconds"], seconds) or cost["peak_mb"] > megabytes


def table(record):
    """Markdown, a row a case."""
    compilers = record["compilers"]
    columns = (("time", "cpu_seconds", "{:.1f} s"), ("memory", "peak_mb", "{} MB"),
               ("object", "object_bytes", "{} KB"), ("longest symbol", "longest_symbol", "{:,}"))
    cases = {}
    for case in record["cases"]:
        name = f"{case['size']} {case['group']}" if case["size"] else case["group"]
        name = re.sub("(#include )?<.*>", r"`\g<0>`", name)
        cases.setdefault(name, {})[case["compiler"]] = case

    def cell(case, key, form):
        if key not in case:
            return case["failure"]
        return form.format(round(case[key] / 1024) if key == "object_bytes" else case[key])

    heads = [f"{what}, {name.split()[0]}" if name == compilers[0] else name.split()[0]
             for what, _, _ in columns for name in compilers]
    lines = [f"| what | {' | '.join(heads)} |", "| --- |" + " --: |" * len(heads)]
    for name, by_compiler in cases.items():
        cells = [cell(by_compiler[compiler], key, form)
                 for _, key, form in columns for compiler in compilers]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def put_table(record, page):
    """In the place of the page's last table."""
    before, _, rest = page.read_text().rpartition("\n\n| what |")
    after = rest.partition("\n\n")[2]
    page.write_text(f"{before}\n\n{table(record)}\n{after}")


def plot(record, path):
    """Time and memory of what grows: a line a compiler."""
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.fonttype"] = "none"
    from matplotlib import pyplot
    groups = list(dict.fromkeys(case["group"] for case in record["cases"] if case["size"]))
    figure, axes = pyplot.subplots(2, len(groups), figsize=(4 * len(groups), 6), squeeze=False)
    for column, group in enumerate(groups):
        for row, (key, label) in enumerate((("cpu_seconds", "seconds"), ("peak_mb", "MB"))):
            for compiler in record["compilers"]:
                points = [(case["size"], case[key]) for case in record["cases"]
                          if case["group"] == group and case["compiler"] == compiler]
                axes[row][column].plot(*zip(*points), marker="o", label=compiler)
            axes[row][column].set(xlabel=group, ylabel=label, xlim=(0, None), ylim=(0, None))
    axes[0][0].legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("compilers", nargs="*", default=["g++-12", "clang++-22"])
    parser.add_argument("--flags", default="-O2", help="what each is called with; -O2")
    parser.add_argument("--only", default="", metavar="WORD")
    parser.add_argument("--record", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--page", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--plot", type=pathlib.Path, metavar="FILE")
    options = parser.parse_args()
    compilers = {name_of(compiler): compiler for compiler in options.compilers}
    flags = options.flags.split()
    record = {"machine": platform.machine(), "flags": flags, "compilers": list(compilers),
              "cases": []}
    too_dear = []
    print(f"{'':50}{COLUMNS[0]:>8}{COLUMNS[1]:>9}{COLUMNS[2]:>11}{COLUMNS[3]:>16}")
    with tempfile.TemporaryDirectory() as folder:
        for group, size, source, more in write_cases(pathlib.Path(folder), options.only):
            case = f"{size} {group}" if size else group
            for name, compiler in compilers.items():
                cost = compile_case(compiler, flags, source, more)
                print_row(name, case, cost)
                if is_over_budget(case, cost):
                    too_dear.append(f"{case} may cost {name} {BUDGETS[case][0]} s and "
                                    f"{BUDGETS[case][1]} MB.")
                if cost and cost["longest_symbol"] > SYMBOL_BUDGET:
                    too_dear.append(f"{case}: the longest symbol of {name} has more than "
                                    f"{SYMBOL_BUDGET} characters.")
                record["cases"].append({"group": group, "size": size, "compiler": name,
                                        **(cost or {"failure": "steps"})})
    if not record["cases"]:
        sys.exit(f"No case has the word '{options.only}' in its name.")
    if options.record:
        options.record.write_text(json.dumps(record, indent=1) + "\n")
    if options.page:
        put_table(record, options.page)
    if options.plot:
        plot(record, options.plot)
    if too_dear:
        sys.exit("\n".join(too_dear))


if __name__ == "__main__":
    main()
