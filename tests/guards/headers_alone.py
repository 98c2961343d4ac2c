"""Every header compiles when it comes first: headers_alone.py INCLUDE_FOLDER COMPILER FLAG...

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import concurrent.futures
import pathlib
import subprocess
import sys


def complaint(folder, header, command):
    text = f"#include <{header.relative_to(folder)}>\n"
    run = subprocess.run([*command, "-fsyntax-only", "-x", "c++", "-"],
                         input=text, capture_output=True, text=True)
    return f"{header} does not compile alone:\n{run.stderr}" if run.returncode != 0 else ""


def main(folder, *command):
    folder = pathlib.Path(folder)
    headers = sorted(folder.rglob("*.hpp"))
    if not headers:
        sys.exit(f"There is no header under {folder}.")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda header: complaint(folder, header, command), headers))
    complaints = [text for text in found if text]
    print(f"{len(headers) - len(complaints)} of {len(headers)} headers compile alone.")
    if complaints:
        sys.exit("\n".join(complaints))


if __name__ == "__main__":
    main(*sys.argv[1:])
