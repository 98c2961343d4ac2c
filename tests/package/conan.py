"""The Conan recipe makes a package that a program is built with: conan.py

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import os
import pathlib
import subprocess
import tempfile

from tools import copy_sources, need


def main():
    need("conan", "cmake")
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CONAN_HOME": f"{folder}/home"}
        recipe = copy_sources(pathlib.Path(folder) / "inlay") / "packaging" / "conan"
        subprocess.run(["conan", "profile", "detect"], check=True, env=environment)
        subprocess.run(["conan", "create", recipe, "--no-remote", "-s", "compiler.cppstd=20",
                        "--build", "inlay*"], check=True, env=environment)


if __name__ == "__main__":
    main()
