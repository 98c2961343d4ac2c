"""The Debian packages are built, and a program with what they hold: debian.py [CMAKE_OPTION...]

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import os
import pathlib
import subprocess
import sys
import tempfile

from tools import build_consumer, copy_sources, need, skip


def main(*options):
    need("dpkg-buildpackage", "dh", "cmake", "ninja")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        sources = copy_sources(folder / "inlay")
        check = subprocess.run(["dpkg-checkbuilddeps"], cwd=sources, capture_output=True, text=True)
        if check.returncode != 0:
            skip(check.stderr.strip())
        # What compiles quickest.
        build = {"DEB_BUILD_OPTIONS": "nocheck noopt parallel=2", "DEB_CXXFLAGS_STRIP": "-g",
                 "INLAY_CMAKE_OPTIONS": " ".join(options)}
        subprocess.run(["dpkg-buildpackage", "-b", "-us", "-uc"], cwd=sources, check=True,
                       env={**os.environ, **build})
        for package in folder.glob("*.deb"):
            print(package.name)
            subprocess.run(["dpkg-deb", "-x", package, folder / "root"], check=True)
        prefix = folder / "root" / "usr"
        print(subprocess.run([prefix / "bin" / "inlay", "--help"], check=True, capture_output=True,
                             text=True).stdout)
        build_consumer(prefix, ["highway", "xsimd", "interpreter", "jit"])


if __name__ == "__main__":
    main(*sys.argv[1:])
