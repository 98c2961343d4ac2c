"""What the tests of package managers share: skipping, copies of the sources, a project that uses
what was made.

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CONSUMER = pathlib.Path(__file__).resolve().parent / "consumer"
SKIPPED = 77  # as CMakeLists.txt tells CTest


def skip(why):
    print(f"Skipped: {why}.")
    sys.exit(SKIPPED)


def need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            skip(f"there is no program {program}")


def copy_sources(folder):
    """The tree without what builds made, at a new place."""
    shutil.copytree(ROOT, folder, symlinks=True,
                    ignore=shutil.ignore_patterns("build", ".git", "__pycache__"))
    return pathlib.Path(folder)


def build_consumer(prefix, components, *options):
    """Builds tests/package/consumer with the package under a prefix, and runs it."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = ";".join(components)
        subprocess.run(["cmake", "-S", CONSUMER, "-B", folder, f"-DCOMPONENTS={wanted}",
                        f"-DCMAKE_PREFIX_PATH={prefix}", *options], check=True)
        subprocess.run(["cmake", "--build", folder], check=True)
        for program in ("consumer", "vectors", "batches", "interpret", "compile"):
            if (path := pathlib.Path(folder) / program).exists():
                subprocess.run([path], check=True)
