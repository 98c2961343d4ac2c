"""Lower rooms never include higher ones: include_order.py INCLUDE_FOLDER

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import pathlib
import re
import sys

# What a room may include beside itself.
MAY_INCLUDE = {"core": set()}
MAY_INCLUDE["graph"] = MAY_INCLUDE["stage"] = {"core"}
MAY_INCLUDE["op"] = MAY_INCLUDE["kernel"] = {"core", "graph", "stage", "op", "kernel"}
MAY_INCLUDE["program"] = MAY_INCLUDE["op"]
MAY_INCLUDE["pass"] = MAY_INCLUDE["program"] | {"program"}
MAY_INCLUDE["frontend"] = MAY_INCLUDE["pass"] | {"pass"}
for top in ("execute", "emit", "train"):
    MAY_INCLUDE[top] = MAY_INCLUDE["frontend"] | {"frontend"}

# Headers that cost a user more than they give, and the rooms every user includes.
HEAVY = {"iostream", "ranges", "format", "regex", "functional", "map", "algorithm", "iterator"}
LIGHT_ROOMS = {"core", "graph", "op", "pass"}

# A library, and the only files that may include it.
LIBRARIES = {
    r"(llvm|clang)/": (r"stage/llvm.*|execute/jit.*|emit/.*", "LLVM"),
    r"boost/hana": (r"frontend/hana.*", "Boost.Hana"),
    r"xsimd/": (r"stage/xsimd.*", "xsimd"),
}

MACRO_FILES = 2
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
DEFINE = re.compile(r"^\s*#\s*define\s+(\w+)")


def complaints_about_include(path, name):
    """path: the including file, below inlay/; name: what it includes, as <...> would say it."""
    room = path.parts[0]
    if name.startswith("inlay/"):
        other = name.split("/")[1]
        if other != room and other not in MAY_INCLUDE[room]:
            yield f"{room} may not include {other} ({name})"
        return
    if room == "core" and re.search(r"[/.]", name):
        yield f"core includes only the standard library ({name})"
    if room in LIGHT_ROOMS and name in HEAVY:
        yield f"<{name}> is too heavy for {room}"
    for library, (homes, title) in LIBRARIES.items():
        if re.match(library, name) and not re.fullmatch(homes, path.as_posix()):
            yield f"{title} may not be included here ({name})"


def complaints_about_file(root, file, macro_files):
    path = file.relative_to(root / "inlay")
    lines = file.read_text().splitlines()
    if not any("SPDX-License-Identifier:" in line for line in lines[:3]):
        yield f"{file}: the first three lines name no licence (SPDX-License-Identifier)"
    if path.as_posix() == "inlay.hpp":
        return
    if path.parts[0] not in MAY_INCLUDE:
        yield f"{file}: {path.parts[0]} is not a room"
        return
    for number, line in enumerate(lines, 1):
        if include := INCLUDE.match(line):
            quote, name = include.groups()
            if quote == '"' and (beside := (file.parent / name).resolve()).is_relative_to(root):
                name = beside.relative_to(root).as_posix() if beside.exists() else name
            for text in complaints_about_include(path, name):
                yield f"{file}:{number}: {text}"
        if define := DEFINE.match(line):
            macro = define[1]
            if path.name.endswith("-inl.hpp") and re.fullmatch(r"INLAY_\w+_INL_HPP", macro):
                continue
            if "highway" in (path.stem, path.parent.name) and macro.startswith("HWY_"):
                continue  # how Highway is told what to use
            macro_files.add(file)
            if not macro.startswith("INLAY_"):
                yield f"{file}:{number}: the macro {macro} does not begin with INLAY_"


def complaints(root):
    root = pathlib.Path(root).resolve()
    macro_files = set()
    for file in sorted((root / "inlay").rglob("*.hpp")):
        yield from complaints_about_file(root, file, macro_files)
    if len(macro_files) > MACRO_FILES:
        names = ", ".join(str(file) for file in sorted(macro_files))
        yield f"Macros are defined in more than {MACRO_FILES} files: {names}"


if __name__ == "__main__":
    found = list(complaints(sys.argv[1]))
    if found:
        sys.exit("\n".join(found))
