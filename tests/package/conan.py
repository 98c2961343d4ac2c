"""The Conan recipe makes a package that a program is built with: conan.py

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

Conan is the one of the Python environment that runs this script, else that of the PATH. Nothing is
fetched: the options of the recipe, which need packages of ConanCenter, stay off.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

from tools import copy_sources, need


def main():
    os.environ["PATH"] = f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"
    need("conan", "cmake")
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CONAN_HOME": f"{folder}/home"}
        recipe = copy_sources(pathlib.Path(folder) / "inlay") / "packaging" / "conan"
        subprocess.run(["conan", "profile", "detect"], check=True, env=environment)
        subprocess.run(["conan", "create", recipe, "--no-remote", "-s", "compiler.cppstd=20",
                        "--build", "inlay*"], check=True, env=environment)


if __name__ == "__main__":
    main()
