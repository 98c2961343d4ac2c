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

    one = ["--dim", "batch=1"]
    for arguments, returncode, sentence in (
            ([], 1, "input 'image' is float32 ?x1x28x28: give its dimensions"),
            (["--engine", "abacus"], 2,
             "there is no engine 'abacus'; there is: interpreter, scalar"),
            (["--engine", "static"], 2, "'inlay embed' writes a model as a header"),
            (["--engine", "jit"], 2, "the engine 'jit' is no part of this program"),
            ([*one, "--arena-limit", "-1"], 2, "--arena-limit"),
            ([*one, "--arena-limit", "64"], 1,
             "bytes; at most 64 are allowed. node 3 'conv2' (Conv)"),
            (["--threads", "0"], 2, "--threads 0"),
            (["--seconds", "-1"], 2, "--seconds"),
            (["--dim", "batch=x"], 2, "--dim takes NAME=VALUE")):
        command.refuse(arguments, sentence, returncode)

    command.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
