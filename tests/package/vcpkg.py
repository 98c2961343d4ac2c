"""The vcpkg port installs what a program is built with: vcpkg.py

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import subprocess
import tempfile

from tools import ROOT, build_consumer, need


def main():
    need("vcpkg", "cmake")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["vcpkg", "install", "inlay", f"--overlay-ports={ROOT}/packaging/vcpkg",
                        "--classic", f"--x-install-root={folder}/installed",
                        f"--x-buildtrees-root={folder}/trees",
                        f"--x-packages-root={folder}/packages"], check=True)
        found = subprocess.run(["find", f"{folder}/installed", "-name", "inlay-config.cmake"],
                               check=True, capture_output=True, text=True).stdout.split()
        build_consumer(found[0].rsplit("/share/", 1)[0], [])


if __name__ == "__main__":
    main()
