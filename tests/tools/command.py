"""The command line as its tests use it.

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import re
import subprocess
import sys


class Command:
    """A subcommand with the arguments that all its runs begin with, and what was wrong with it."""

    def __init__(self, *begin):
        self.begin = begin
        self.wrong = []

    def run(self, *arguments):
        return subprocess.run([*self.begin, *map(str, arguments)], capture_output=True, text=True)

    def engines(self):
        """What --engine may name, as the help says it."""
        words = " ".join(self.run("--help").stdout.split())
        return re.search(r"What computes: (\w+(?:, \w+)*)", words)[1].split(", ")

    def check(self, what, got, expected):
        if got != expected:
            self.wrong.append(f"{what}: expected {expected!r}, got {got!r}")

    def refuse(self, arguments, sentence, returncode=1):
        """Runs with a mistake: the exit status, and a part of what is said."""
        refused = self.run(*arguments)
        self.check(f"exit status of {arguments}", refused.returncode, returncode)
        if sentence not in refused.stderr:
            self.wrong.append(f"{arguments}: expected {sentence!r} in {refused.stderr!r}")

    def finish(self):
        if self.wrong:
            sys.exit("\n".join(self.wrong))
