"""Whatever names Inlay's version says what core/config.hpp says: versions.py

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import json
import re
import sys

from tools import ROOT


def main():
    header = (ROOT / "include/inlay/core/config.hpp").read_text()
    parts = [re.search(rf"#define INLAY_VERSION_{part} (\d+)", header)[1]
             for part in ("MAJOR", "MINOR", "PATCH")]
    version, minor = ".".join(parts), ".".join(parts[:2])
    said = {
        "core/config.hpp's INLAY_VERSION": (
            re.search(r"#define INLAY_VERSION (\w+)", header)[1], "v" + minor.replace(".", "_")),
        "debian/changelog": (
            re.match(r"inlay \((\S+)-\d+\)", (ROOT / "debian/changelog").read_text())[1], version),
        "packaging/vcpkg/inlay/vcpkg.json": (
            json.loads((ROOT / "packaging/vcpkg/inlay/vcpkg.json").read_text())["version"],
            version),
        "CHANGELOG.md": (
            re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.M)[1], version),
    }
    users = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")),
             *sorted((ROOT / "examples").glob("*/CMakeLists.txt"))]
    for path in users:
        for found in re.findall(r"find_package\(inlay (\S+)", path.read_text()):
            said[f"{path.relative_to(ROOT)}"] = (found, minor)
    wrong = [f"{place} says {text}, not {right}" for place, (text, right) in said.items()
             if text != right]
    print(f"{len(said)} places name the version {version}.")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
