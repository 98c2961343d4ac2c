"""Builds and runs the tests of vectors for another machine: cross.py MACHINE ROOT COMPILER FLAG...

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

The unit tests must pass, and LeNet must give the bits that it gives everywhere. COMPILER is a GCC,
whose namesake for MACHINE is taken, or a Clang.
"""

import dataclasses
import hashlib
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "reference"))
import lenet_bits  # noqa: E402

IMAGES = "50"


@dataclasses.dataclass
class Machine:
    triple: str
    flags: list[str]
    emulator: list[str]
    has_units: bool = True  # whose guard pages need an operating system
    library: str = "HIGHWAY"


MACHINES = {
    # Without an instruction that multiplies and adds: the kernels take minutes to compile.
    "x86-64-v2": Machine("x86_64-linux-gnu", ["-march=x86-64-v2"], []),
    "aarch64": Machine("aarch64-linux-gnu", ["-march=armv8-a+crypto"],
                       ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"]),
    "powerpc64le": Machine("powerpc64le-linux-gnu", ["-mcpu=power8"],
                           ["qemu-ppc64le", "-cpu", "power9", "-L", "/usr/powerpc64le-linux-gnu"]),
    "wasm32": Machine("wasm32-wasi",
                      ["--sysroot=/usr", "-msimd128", "-fno-exceptions", "-Wno-deprecated"],
                      ["node", "--no-warnings", str(HERE / "run_wasi.mjs")], has_units=False),
    "xsimd-x86-64": Machine("x86_64-linux-gnu", [], [], library="XSIMD"),
    "xsimd-x86-64-v3": Machine("x86_64-linux-gnu", ["-march=x86-64-v3"], [], library="XSIMD"),
    "xsimd-aarch64": Machine("aarch64-linux-gnu", [],
                             ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"], library="XSIMD"),
}


def command_of(machine, compiler):
    name = pathlib.Path(compiler).name
    if name.startswith("clang"):
        return [compiler, f"--target={machine.triple}"]
    return [f"{machine.triple}-{name}"]


def main(machine, root, compiler, *flags):
    machine, root = MACHINES[machine], pathlib.Path(root)
    tests = root / "tests"
    compile_with = [*command_of(machine, compiler), "-std=c++20", "-O1", f"-I{root / 'include'}",
                    f"-DINLAY_WITH_{machine.library}", *machine.flags, *flags]
    if "clang" in compile_with[0]:  # the macros of doctest, see CMakeLists.txt
        compile_with.append("-Wno-c2y-extensions")
    for tool in (compile_with[0], *machine.emulator[:1]):
        if not shutil.which(tool):
            sys.exit(f"{tool} is not installed; scripts/setup cross does that")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        if machine.has_units:
            sources = [tests / "main.cpp", *sorted(tests.glob("stage/vector*.cpp")),
                       *sorted(tests.glob("kernel/vector*.cpp")), tests / "kernel" / "windows.cpp"]
            subprocess.run([*compile_with, *sources, "-o", folder / "units"], check=True)
            subprocess.run([*machine.emulator, folder / "units"], check=True)

        lenet = root / "examples" / "lenet"
        subprocess.run(["cmake", f"-Dfile={lenet / 'lenet.onnx'}",
                        f"-Dheader={folder / 'lenet.onnx.hpp'}", "-P",
                        root / "cmake" / "embed_file.cmake"], check=True)
        subprocess.run([*compile_with, f"-isystem{folder}",
                        tests / "reference" / "lenet_probabilities.cpp", "-o", folder / "lenet"],
                       check=True)
        output = folder / "probabilities"
        subprocess.run([*machine.emulator, folder / "lenet", lenet, output, IMAGES], check=True)
        found = hashlib.sha256(output.read_bytes()).hexdigest()
        expected = lenet_bits.read_hash(tests / "reference" / "lenet.sha256", IMAGES)
        print(f"LeNet: {found}")
        if found != expected:
            sys.exit(f"LeNet should give {expected} for {IMAGES} images.")


if __name__ == "__main__":
    main(*sys.argv[1:])
