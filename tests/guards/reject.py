"""A mistake is refused with the right sentence: reject.py SOURCE OBJECT COMPILER FLAG...

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

The first line of the source is `// expect: REGEX`. The regex is searched for in the first error,
to which the sentence that the compiler spells as template arguments is appended:

  error: ... 'model_error<text<9>{"node \\'fc\\':"}, text<10>{"8 columns"}>' node 'fc': 8 columns

A source that includes must_fail.hpp is also compiled with INLAY_AT_RUN_TIME and linked with the
object: then it is a program that prints the sentence, which must be the same.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

PIECE = re.compile(r'\{"((?:[^"\\]|\\.)*)"')


def sentence_in(line):
    return " ".join(re.sub(r"\\(.)", r"\1", piece).strip() for piece in PIECE.findall(line))


def sentence_at_run_time(source, object_file, compiler, *flags):
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "mistake"
        subprocess.run([compiler, *flags, "-DINLAY_AT_RUN_TIME", source, object_file,
                        "-o", program], check=True)
        return subprocess.run([program], capture_output=True, text=True, check=True).stdout.strip()


def complaint(source, object_file, compiler, *flags):
    """What is wrong with how this compiler refuses the source; empty if nothing is."""
    first = source.read_text().split("\n", 1)[0]
    if not (expected := re.fullmatch(r"// expect: (.+)", first)):
        return f"{source}:1: the first line is not `// expect: REGEX`"
    run = subprocess.run(
        [compiler, *flags, "-fsyntax-only", "-fdiagnostics-color=never", source],
        capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"})
    if run.returncode == 0:
        return f"{source}: this compiles, but it should be refused with: {expected[1]}"
    errors = [line for line in run.stderr.splitlines() if "error:" in line]
    said = f"{errors[0]} {sentence_in(errors[0])}".strip() if errors else run.stderr
    if "[...]" in said:
        return f"{source}: the compiler cut the sentence; its pieces are too long:\n{said}"
    if not re.search(expected[1], said):
        return f"{source}: expected the first error to match\n{expected[1]}\nbut it is\n{said}"
    if '#include "must_fail.hpp"' in source.read_text():
        at_run_time = sentence_at_run_time(source, object_file, compiler, *flags)
        if at_run_time != sentence_in(errors[0]):
            return f"{source}: at run time the sentence is\n{at_run_time}\nand not as in\n{said}"
    return ""


if __name__ == "__main__":
    if said := complaint(pathlib.Path(sys.argv[1]), *sys.argv[2:]):
        sys.exit(said)
