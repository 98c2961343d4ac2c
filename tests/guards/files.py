"""The files of the tree that the guards read.

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import pathlib

CPP = {".hpp", ".cpp", ".h"}
CODE = CPP | {".py", ".cmake"}
FOLDERS = ("include", "tests", "tools", "examples", "benchmarks", "scripts", "cmake", "packaging",
           "src", ".ci")


def is_code(path):
    """Whether people write code in this file: by its suffix, its name, or its first line."""
    if path.suffix in CODE or path.name == "CMakeLists.txt":
        return True
    return path.suffix == "" and path.read_bytes().startswith(b"#!")


def code_files(root, folders=FOLDERS):
    """The code under these folders, in order; what Python left there is not code."""
    for folder in folders:
        for path in sorted((pathlib.Path(root) / folder).rglob("*")):
            if path.is_file() and path.parent.name != "__pycache__" and is_code(path):
                yield path
