"""inlay embed writes what inlay_embed does: embed.py PROGRAM LENET CMAKE EMBED_FILE COMPILER...

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

from command import Command

SOURCE = """
#include <inlay/inlay.hpp>
#include "lenet.hpp"
inline constexpr auto net = inlay::onnx(lenet_onnx, {{"batch", 1}});
static_assert(inlay::model<net>::macs > 0);
"""


def unknown_operator():
    import onnx
    from onnx import TensorProto, helper
    ports = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [2]) for name in "xy"]
    node = helper.make_node("Thing", ["x"], ["y"], domain="com.example")
    graph = helper.make_graph([node], "g", ports[:1], ports[1:])
    sets = [helper.make_opsetid("", 17), helper.make_opsetid("com.example", 1)]
    return onnx.helper.make_model(graph, opset_imports=sets).SerializeToString()


def main(program, lenet, cmake, embed_file, *compiler):
    command = Command(program, "embed")
    run, check = command.run, command.check

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        header = folder / "lenet.hpp"
        # The name begins with a digit, which no name in C++ does.
        shutil.copy(lenet, folder / "5-le net.onnx")
        for model in (pathlib.Path(lenet), folder / "5-le net.onnx"):
            subprocess.run([cmake, f"-Dfile={model}", f"-Dheader={folder}/by_cmake.hpp", "-P",
                            embed_file], check=True)
            result = run(model, "-o", header)
            check("exit status", (result.returncode, result.stderr), (0, ""))
            check(f"the header of {model.name} is CMake's",
                  header.read_bytes() == (folder / "by_cmake.hpp").read_bytes(), True)
        check("exit status with a dimension",
              run(lenet, "--dim", "batch=1", "-o", header).returncode, 0)
        (folder / "main.cpp").write_text(SOURCE)
        subprocess.run([*compiler, "-fsyntax-only", folder / "main.cpp"], check=True)

        (folder / "thing.onnx").write_bytes(unknown_operator())
        (folder / "cut.onnx").write_bytes(pathlib.Path(lenet).read_bytes()[:1000])
        (folder / "empty.onnx").write_bytes(b"")
        never = folder / "never.hpp"
        for arguments, returncode, sentence in (
                ([folder / "thing.onnx", "-o", never], 1,
                 "the operator 'com.example.Thing' is not supported"),
                ([folder / "cut.onnx", "-o", never], 1, "the file is cut off at byte 1000"),
                ([folder / "empty.onnx", "-o", never], 1, "it is empty"),
                ([folder / "absent.onnx", "-o", never], 1, "cannot open"),
                ([lenet, "-o", folder / "no" / "folder.hpp"], 1, "cannot write"),
                ([lenet, "--dim", "n=1", "-o", never], 1, "the model has no dimension 'n'"),
                ([lenet, "--dim", "batch=1", "--arena-limit", "64", "-o", never], 1,
                 "at most 64 are allowed. node 3 'conv2' (Conv)"),
                ([lenet], 2, "--output")):
            command.refuse(arguments, sentence, returncode)
        check("no header of what is wrong", never.exists(), False)

    command.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
