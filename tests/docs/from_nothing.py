"""A new user does what the README says, and nothing else, on a Debian that has nothing.

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

The README's first blocks of C++, CMake and shell are written into the files that it names, beside a
copy of the sources, and run in a root that debootstrap made. Without root or debootstrap, they run
here with an empty environment, but for the line that installs packages; the first line of the
output says which.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MIRROR = "http://deb.debian.org/debian"
EMPTY = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/tmp", "LC_ALL": "C.UTF-8"}
PROBABILITIES = re.compile(r"^(0\.\d{3} ){10}$", re.MULTILINE)


def first_block(readme, language):
    return re.search(rf"^```{language}\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)[1]


def write_project(folder):
    """The README's project; what is to be typed there."""
    readme = (ROOT / "README.md").read_text()
    folder.mkdir(parents=True)
    (folder / "digits.cpp").write_text(first_block(readme, "cpp"))
    (folder / "CMakeLists.txt").write_text(first_block(readme, "cmake"))
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    for name in filter(None, files.stdout.split("\0")):
        place = folder / "inlay" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place)
    return first_block(readme, "sh")


def run(command, folder, root=None):
    """Types a text into a shell; what it prints goes to the output too."""
    inside = ["chroot", root] if root else []
    script = f"set -eux; cd {folder}; {command}"
    shell = subprocess.Popen([*inside, "/bin/bash", "-c", script], env=EMPTY, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    lines = []
    for line in shell.stdout:
        print(line, end="", flush=True)
        lines.append(line)
    if shell.wait() != 0:
        sys.exit(f"It ended with {shell.returncode}.")
    return "".join(lines)


def main():
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        if os.geteuid() == 0 and shutil.which("debootstrap"):
            print("In a new root of Debian 12:", flush=True)
            root = scratch / "root"
            subprocess.run(["debootstrap", "--variant=minbase", "bookworm", root, MIRROR],
                           check=True)
            typed = write_project(root / "home" / "digits")
            said = run(typed, "/home/digits", root)
        else:
            print("Here, with an empty environment: a new root needs root and debootstrap.")
            typed = write_project(scratch / "digits")
            said = run(re.sub(r"^apt-get .*\n", "", typed), scratch / "digits")
        if not PROBABILITIES.search(said):
            sys.exit("There are no ten probabilities.")


if __name__ == "__main__":
    main()
