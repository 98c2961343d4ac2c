"""benchmarks/record.py names what became slower, and nothing else: benchmark_record_test.py SCRIPT

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest


def run_of(ratios, compiler="GCC 12"):
    """What google-benchmark writes of benchmarks with these ratios, each once and one microsecond
    long, but for the first, which is three."""
    benchmarks = []
    for i, (name, (kind, *repetitions)) in enumerate(ratios.items()):
        for ratio in repetitions:
            benchmarks.append({"name": name, "run_type": "iteration", kind: ratio,
                               "real_time": 3.0 if i == 0 else 1.0})
        benchmarks.append({"name": f"{name}_mean", "run_type": "aggregate", kind: 0.0,
                           "real_time": 1.0})
    return {"context": {"compiler": compiler, "processor": "25 17", "vector_bits": "512"},
            "benchmarks": benchmarks}


BEFORE = {"net: a<1>/times:1/manual_time": ("of_peak", 0.9, 0.5, 0.8),
          "net: b<2>/times:2/manual_time": ("of_peak", 0.6),
          "c/manual_time": ("of_copy", 0.5)}


class Record(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.record(BEFORE, "--update")

    def record(self, ratios, *options, **machine):
        run = self.folder / "run.json"
        run.write_text(json.dumps(run_of(ratios, **machine)))
        ended = subprocess.run([sys.executable, SCRIPT, self.folder / "record.json", run, *options],
                               capture_output=True, text=True)
        return ended.returncode, ended.stdout

    def test_the_same_is_no_slower(self):
        # 3 · 0.8 and 2 · 0.6 of 5 microseconds.
        self.assertEqual(self.record(BEFORE), (0, "net (of_peak): 0.720\n"))

    def test_what_fell_is_named(self):
        code, said = self.record(BEFORE | {"c/manual_time": ("of_copy", 0.44)})
        self.assertEqual(code, 1)
        self.assertIn("c: 0.500 before, 0.440 now (GCC 12, 25 17, 512 bits)", said)
        self.assertNotIn("a<1>", said)

    def test_a_share_may_fall(self):
        slower = BEFORE | {"c/manual_time": ("of_copy", 0.46)}
        self.assertEqual(self.record(slower)[0], 0)
        self.assertEqual(self.record(slower, "--allow", "0.05")[0], 1)

    def test_another_machine_is_not_compared(self):
        code, said = self.record({"c/manual_time": ("of_copy", 0.1)}, compiler="Clang 22")
        self.assertEqual(code, 2)
        self.assertIn("has nothing of Clang 22, 25 17, 512 bits", said)

    def test_an_update_keeps_the_rest(self):
        self.record({"c/manual_time": ("of_copy", 0.7)}, "--update")
        known = json.loads((self.folder / "record.json").read_text())
        self.assertEqual(known, {"GCC 12, 25 17, 512 bits":
                                 {"net: a<1>": 0.8, "net: b<2>": 0.6, "c": 0.7}})


if __name__ == "__main__":
    SCRIPT = sys.argv.pop(1)
    unittest.main()
