"""inlay explain-compile-time sums up what Clang measured: explain.py PROGRAM TRACE

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

TRACE is what Clang 22 wrote of examples/first_network, compiled with -O1 and
-ftime-trace-granularity=25000. Its totals are Clang's own.
"""

import json
import pathlib
import re
import sys
import tempfile

from command import Command

ROUNDING = 0.002  # seconds, of what is printed with three digits


def read(text):
    """title → {what: seconds}, of the sections; those of the first one are (seconds, Inlay's)."""
    first, *others = text.split("\n\n")
    whole = {}
    for line in first.splitlines()[1:]:
        seconds, inlay, what = line.split(maxsplit=2)
        whole[what] = float(seconds), float(inlay)
    sections = {}
    for section in others:
        title, *lines = section.splitlines()
        sections[title] = {what: float(seconds) for seconds, what in
                           (line.split(maxsplit=1) for line in lines)}
    return whole, sections


def event(name, start, duration, detail=None):
    arguments = {"args": {"detail": detail}} if detail else {}
    return {"ph": "X", "tid": 1, "name": name, "ts": start, "dur": duration, **arguments}


def near(got, expected):
    return abs(got - expected) <= ROUNDING + 0.001 * expected


# Seconds: 10 in all, 8 of them in front, 2 behind. A header of Inlay's takes 2, one of the C++
# library's within it 1 more; a template takes 1, within the network 3, of which 1 is a constant's.
MADE = [
    event("ExecuteCompiler", 0, 10_000_000), event("Frontend", 0, 8_000_000),
    {"ph": "b", "tid": 1, "name": "Source", "ts": 0, "args": {"detail": "/x/include/inlay/a.hpp"}},
    {"ph": "b", "tid": 1, "name": "Source", "ts": 500_000, "args": {"detail": "/x/c++/12/vector"}},
    event("ParseClass", 600_000, 400_000, "std::vector"),
    {"ph": "e", "tid": 1, "name": "Source", "ts": 1_500_000},
    {"ph": "e", "tid": 1, "name": "Source", "ts": 3_000_000},
    event("InstantiateFunction", 3_000_000, 3_000_000, "inlay::model<digits>::run<0UL, int>"),
    event("InstantiateFunction", 3_000_000, 1_000_000, "inlay::optimize<false>"),
    event("EvaluateAsInitializer", 4_500_000, 1_000_000,
          "inlay::frozen<inlay::lower_network, inlay::frozen<digits, inlay::facts>>::made"),
    event("InstantiateClass", 6_000_000, 1_000_000, "std::pair<int, a<b>>::operator<<int>::c"),
    event("Backend", 8_000_000, 2_000_000), event("Total Backend", 0, 2_000_000)]


def main(program, trace):
    command = Command(program, "explain-compile-time")
    check, refuse = command.check, command.refuse

    whole, sections = read(command.run(trace, "--top", "100000").stdout)
    events = json.loads(pathlib.Path(trace).read_text())["traceEvents"]
    totals = {e["name"].removeprefix("Total "): e["dur"] * 1e-6 for e in events
              if e["name"].startswith("Total ")}
    seconds = {what: both[0] for what, both in whole.items()}
    check("the whole", abs(seconds.pop("the whole compilation") / totals["ExecuteCompiler"] - 1)
          < 0.01, True)
    check("the parts make the whole",
          near(sum(seconds.values()), whole["the whole compilation"][0]), True)
    check("optimizing is what Clang says of its backend",
          abs(seconds["optimizing and writing code"] / totals["Backend"] - 1) < 0.1, True)
    check("all is Inlay's at most", all(own <= all_ for all_, own in whole.values()), True)
    headers = sections["headers and sources, without what they include"]
    check("headers make what is read",
          abs(sum(headers.values()) - seconds["reading headers and sources"]) < 0.05, True)
    check("headers have the names that programs include them by",
          {"inlay/op/list.hpp", "type_traits", "stdio.h"} <= set(headers), True)
    (network,) = (title for title in sections if title.startswith("the network net, "))
    check("parts of a network", {"optimized", "graph read or recorded",
                                 "lowered to steps, memory planned", "code of step structure 0",
                                 "code of step structure 1"} <= set(sections[network]), True)
    check("they make the network", near(sum(sections[network].values()),
                                        float(re.search(r"([0-9.]+) s", network)[1])), True)

    with tempfile.TemporaryDirectory() as folder:
        made = pathlib.Path(folder) / "made.json"
        made.write_text(json.dumps({"traceEvents": MADE}))
        whole, sections = read(command.run(made).stdout)
        check("whole of what was made", whole, {
            "the whole compilation": (10.0, 5.0), "reading headers and sources": (3.0, 2.0),
            "making types and functions of templates": (3.0, 2.0),
            "evaluating constant expressions": (1.0, 1.0),
            "optimizing and writing code": (2.0, 0.0), "else": (1.0, 0.0)})
        check("sections of what was made", sections, {
            "the network digits, 3.000 s before its code is optimized":
                {"optimized": 1.0, "lowered to steps, memory planned": 1.0, "else": 1.0},
            "headers and sources, without what they include":
                {"inlay/a.hpp": 2.0, "vector": 1.0},
            "templates, of all arguments together, without what they need":
                {"inlay::model::run": 1.0, "inlay::optimize": 1.0,
                 "std::pair::operator<::c": 1.0},
            "what constant expressions are evaluated for": {"inlay::frozen::made": 1.0}})
        check("--top", command.run(made, "--top", "1").stdout.count(" others\n"), 3)

        wrong = f"{made}: it is no trace of clang++ -ftime-trace"
        for content, sentence in (
                ("", wrong), ("[]", wrong), ('{"traceEvents": 1}', wrong),
                ('{"traceEvents": []}', f"{wrong}: it has no events"),
                ('{"traceEvents": [1]}', f"{wrong}: an event is no object"),
                ('{"traceEvents": [{"ph": "X", "ts": "0"}]}', f"{wrong}: an event has no ts"),
                ('{"traceEvents": [{"ph": "e", "ts": 1}]}',
                 f"{wrong}: an event ends that did not begin"),
                ("[" * 100_000, wrong)):
            made.write_text(content)
            refuse([made], sentence)
        refuse([pathlib.Path(folder) / "none.json"], "cannot open")
        refuse([made, "--top", "0"], "--top", 2)
    command.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
