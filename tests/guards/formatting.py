"""All C++ is formatted as .clang-format says: formatting.py ROOT

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import shutil
import subprocess
import sys

from files import CPP, code_files

FORMATTER = "clang-format-22"


def main(root):
    if shutil.which(FORMATTER) is None:
        sys.exit(f"{FORMATTER} is not installed; the Debian package has the same name.")
    files = [path for path in code_files(root) if path.suffix in CPP]
    if files and subprocess.run([FORMATTER, "--dry-run", "-Werror", *files]).returncode != 0:
        sys.exit(f"To format the files named above: {FORMATTER} -i FILE...")


if __name__ == "__main__":
    main(sys.argv[1])
