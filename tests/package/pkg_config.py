"""What pkg-config says of the installed libraries compiles and links a program:
pkg_config.py PKG_CONFIG PREFIX CONSUMER_FOLDER PACKAGE SOURCE COMPILER...

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import os
import pathlib
import subprocess
import sys
import tempfile


def main(pkg_config, prefix, folder, package, source, *compiler):
    found = sorted(str(path.parent) for path in pathlib.Path(prefix).rglob(f"{package}.pc"))
    if not found:
        sys.exit(f"There is no {package}.pc under {prefix}.")
    paths = [*found, os.environ.get("PKG_CONFIG_PATH", "")]
    environment = {**os.environ, "PKG_CONFIG_PATH": ":".join(paths)}
    flags = subprocess.run([pkg_config, "--cflags", "--libs", package], env=environment,
                           check=True, capture_output=True, text=True).stdout.split()
    print(" ".join(flags))
    with tempfile.TemporaryDirectory() as scratch:
        program = f"{scratch}/program"
        subprocess.run([*compiler, f"{folder}/{source}", "-o", program, *flags], check=True)
        subprocess.run([program], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
