"""How fast kernels are, beside what they were: record.py RECORD RUN... [--allow SHARE] [--update]

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

    build/release/benchmarks/benchmark_kernels --benchmark_repetitions=5 \\
        --benchmark_out_format=json --benchmark_out=run.json
    benchmarks/record.py benchmarks/record.json run.json

A RUN is what google-benchmark writes. Only ratios to something that was measured in turns are
compared (of_peak, of_copy; the median of repetitions), and only with those of the same compiler,
processor and vectors. Prints each network's ratio, weighted by time; ends with 1 if one fell by
more than SHARE of what it was, with 2 if there is nothing to compare with.
"""

import argparse
import json
import pathlib
import statistics
import sys

RATIOS = ("of_peak", "of_copy")
ALLOWED = 0.1


def machine_of(context):
    return f"{context['compiler']}, {context['processor']}, {context['vector_bits']} bits"


def ratios_of(run):
    """The medians of what was measured: name → ratio, and network → (time, time at best)."""
    measured = {}
    for b in run["benchmarks"]:
        if b.get("run_type") != "aggregate":
            measured.setdefault(b["name"], []).append(b)
    ratios, networks = {}, {}
    for name, repetitions in measured.items():
        kind = next((kind for kind in RATIOS if kind in repetitions[0]), None)
        if kind is None:
            continue
        plain = name.split("/")[0]
        ratios[plain] = statistics.median(b[kind] for b in repetitions)
        if ": " in plain:
            times = int(name.split("times:")[1].split("/")[0])
            seconds = times * statistics.median(b["real_time"] for b in repetitions)
            network = networks.setdefault(f"{plain.split(': ')[0]} ({kind})", [0, 0])
            network[0] += seconds
            network[1] += seconds * ratios[plain]
    return ratios, networks


def main():
    parser = argparse.ArgumentParser(description="Compares benchmarks with a record of them.")
    parser.add_argument("record", type=pathlib.Path)
    parser.add_argument("runs", type=pathlib.Path, nargs="+")
    parser.add_argument("--allow", type=float, default=ALLOWED, metavar="SHARE")
    parser.add_argument("--update", action="store_true", help="write what was measured")
    options = parser.parse_args()
    record = json.loads(options.record.read_text()) if options.record.exists() else {}
    fell, compared = [], 0
    for path in options.runs:
        run = json.loads(path.read_text())
        machine = machine_of(run["context"])
        known = record.setdefault(machine, {})
        ratios, networks = ratios_of(run)
        for network, (time, best) in networks.items():
            print(f"{network}: {best / time:.3f}")
        for name, ratio in ratios.items():
            if name in known:
                compared += 1
                if ratio < known[name] * (1 - options.allow):
                    fell.append(f"{name}: {known[name]:.3f} before, {ratio:.3f} now ({machine})")
        if options.update:
            known.update({name: round(ratio, 3) for name, ratio in ratios.items()})
    if options.update:
        options.record.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n")
        return 0
    if fell:
        print("\n".join(fell))
        return 1
    if not compared:
        print(f"{options.record} has nothing of {machine}; --update writes it")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
