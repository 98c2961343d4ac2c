"""inlay bench tells how long a model takes: bench.py PROGRAM LENET

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import json
import sys

from command import Command


def main(program, lenet):
    command = Command(program, "bench", lenet)
    run, check = command.run, command.check

    short = ("--dim", "batch=1", "--seconds", "0.05")
    result = run("--json", *short)
    report = json.loads(result.stdout)
    check("members", list(report), ["model", "engine", "threads", "median_ns", "min_ns", "load_ns",
                                    "peak_rss_bytes"])
    check("what was run", (report["model"], report["engine"], report["threads"]),
          (lenet, "interpreter", 1))
    check("threads of two", json.loads(run("--json", "--threads", "2", *short).stdout)["threads"],
          2)
    times = report["min_ns"], report["median_ns"], report["load_ns"]
    check("times are whole numbers above 0", all(type(t) is int and t > 0 for t in times), True)
    check("the least time is at most the median", times[0] <= times[1], True)
    check("memory is between 1 MB and 1 GB", 10**6 < report["peak_rss_bytes"] < 10**9, True)
    text = run(*short).stdout.splitlines()
    check("lines to read", [line.split()[0] for line in text],
          ["model", "engine", "median", "least", "load", "memory"])

    scalar = json.loads(run("--json", *short, "--engine", "scalar").stdout)
    check("the scalar engine", (list(scalar), scalar["engine"]), (list(report), "scalar"))
    check("the scalar engine takes longer", scalar["median_ns"] > report["median_ns"], True)

    # The layers' published formulas: a multiply-add is two operations, a float has four bytes.
    profile = json.loads(run("--json", "--profile", *short).stdout)
    check("members of a profile", list(profile), [*report, "peak_gflops", "steps"])
    steps = profile["steps"]
    check("operators", [step["operators"] for step in steps],
          ["Conv + Relu + MaxPool", "Conv + Relu + MaxPool", "Gemm + Softmax"])
    check("nodes", [step["node"] for step in steps], ["conv1", "conv2", "fc"])
    check("operations", [step["flop"] for step in steps],
          [2 * 8 * 25 * 24 * 24, 2 * 16 * 8 * 25 * 8 * 8, 2 * 10 * 256])
    check("bytes that are written", [step["bytes_written"] for step in steps],
          [4 * 8 * 12 * 12, 4 * 16 * 4 * 4, 4 * 10])
    for step in steps:
        # At least its input, its bias and the weights of its layer, which lie in panels of 16.
        what = step["operators"]
        check(f"{what}: bytes that are read", step["bytes_read"] > step["bytes_written"], True)
        seconds = 1e-9 * step["median_ns"]
        bytes_moved = step["bytes_read"] + step["bytes_written"]
        at_best = {"peak": 1e-9 * step["flop"] / profile["peak_gflops"],
                   "memory": 1e-9 * bytes_moved / step["copy_gigabytes_a_second"]}
        check(f"{what}: which ceiling binds", step["ceiling"], max(at_best, key=at_best.get))
        for name, got, expected in (
                ("gflops", step["gflops"], 1e-9 * step["flop"] / seconds),
                ("gigabytes", step["gigabytes_a_second"], 1e-9 * bytes_moved / seconds),
                ("of_ceiling", step["of_ceiling"], max(at_best.values()) / seconds)):
            check(f"{what}: {name} follows from the rest", abs(got / expected - 1) < 1e-6, True)
    check("the steps take no longer than the run",
          sum(step["median_ns"] for step in steps) < 1.5 * profile["median_ns"] + 10**5, True)
    text = run("--profile", *short).stdout.splitlines()
    check("columns of a profile", text[8].split(),
          ["step", "median", "us", "FLOP", "bytes", "read", "written", "GFLOP/s", "GB/s", "of",
           "ceiling", "operators"])
    check("rows of a profile", [line.split("  ")[-1] for line in text[9:]],
          ["Conv + Relu + MaxPool 'conv1'", "Conv + Relu + MaxPool 'conv2'",
           "Gemm + Softmax 'fc'"])

    engines = command.engines()
    if "jit" in engines:
        compiled = json.loads(run("--json", "--profile", *short, "--engine", "jit").stdout)
        check("the compiled engine", (list(compiled), compiled["engine"]), (list(profile), "jit"))
        check("its steps", [step["node"] for step in compiled["steps"]], ["conv1", "conv2", "fc"])
    else:
        command.refuse(["--engine", "jit"], "the engine 'jit' needs LLVM", 2)

    one = ["--dim", "batch=1"]
    for arguments, returncode, sentence in (
            ([], 1, "input 'image' is float32 ?x1x28x28: give its dimensions"),
            (["--engine", "abacus"], 2,
             "there is no engine 'abacus'; there is: " + ", ".join(engines)),
            (["--engine", "static"], 2, "'inlay embed' writes a model as a header"),
            ([*one, "--engine", "scalar", "--profile"], 2, "the engine 'scalar' measures no steps"),
            ([*one, "--arena-limit", "-1"], 2, "--arena-limit"),
            ([*one, "--arena-limit", "64"], 1,
             "bytes; at most 64 are allowed. node 3 'conv2' (Conv)"),
            (["--threads", "0"], 2, "--threads 0: a run has at least 1 thread, and at most 1024"),
            (["--seconds", "-1"], 2, "--seconds"),
            (["--dim", "batch=x"], 2, "--dim takes NAME=VALUE")):
        command.refuse(arguments, sentence, returncode)

    command.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
