"""inlay inspect tells what a model is made of: inspect_model.py PROGRAM LENET

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import json
import pathlib
import subprocess
import sys
import tempfile

from command import Command


def main(program, lenet):
    command = Command(program, "inspect")
    run, check = command.run, command.check

    report = json.loads(run("--json", lenet, "--dim", "batch=2").stdout)
    # Parameters and multiply-adds follow from the layers' published formulas.
    convolutions = (8 * 1 * 5 * 5, 24 * 24), (16 * 8 * 5 * 5, 8 * 8)
    dense = 10 * 256
    check("parameters", report["parameters"],
          sum(weights for weights, _ in convolutions) + dense + 8 + 16 + 10)
    check("multiply-adds", report["multiply_adds"],
          2 * (sum(weights * pixels for weights, pixels in convolutions) + dense))
    check("operators", report["operators"], {"Conv": 2, "Flatten": 1, "Gemm": 1, "MaxPool": 2,
                                             "Relu": 2, "Softmax": 1})
    check("inputs", report["inputs"], [{"name": "image", "type": "float32[2, 1, 28, 28]"}])
    check("unsupported", report["unsupported"], [])

    text = run(lenet, "--dim", "batch=1")
    check("exit status", text.returncode, 0)
    check("last line", text.stdout.splitlines()[-1].split()[0], "arena")
    graph = run("--text", lenet)
    check("first line of --text", graph.stdout.splitlines()[0], 'graph "lenet" opset 17')
    passes = run("--passes", lenet, "--dim", "batch=1").stdout.splitlines()
    check("first pass", [line for line in passes if line.startswith("#")][:2],
          ["# as read", "# verify: no change"])
    picture = run("--dot", lenet, "--dim", "batch=1").stdout
    check("first line of --dot", picture.splitlines()[0], 'digraph "lenet" {')
    check("a shape on an edge", "float32[1, 8, 24, 24]" in picture, True)
    check("help", run("--help").returncode, 0)
    program_text = run("--program", lenet, "--dim", "batch=1").stdout.splitlines()
    check("steps", [line for line in program_text if line.startswith("step ")], [
        "step 0  Conv + Relu + MaxPool 'conv1'  115200 multiply-adds",
        "step 1  Conv + Relu + MaxPool 'conv2'  204800 multiply-adds",
        "step 2  Gemm + Softmax 'fc'  2560 multiply-adds"])
    check("what the first step reads and writes", program_text[1:5:3],
          [f"  reads  'image': {4 * 28 * 28} bytes", f"  writes arena 0: {4 * 8 * 12 * 12} bytes"])

    one = (lenet, "--dim", "batch=1")
    names = ["inlay_0_Conv_Relu_MaxPool", "inlay_1_Conv_Relu_MaxPool", "inlay_2_Gemm_Softmax"]
    if "jit" in Command(program, "bench").engines():
        code = run("--llvm", *one).stdout.splitlines()
        check("functions", [line.split("@")[1].split("(")[0] for line in code
                            if line.startswith("define")], names)
        assembly = run("--assembly", *one).stdout.splitlines()
        check("labels", [line.split(":")[0] for line in assembly if line.startswith("inlay_")],
              names)
    else:
        command.refuse(["--llvm", *one], "code is compiled by LLVM", 2)

    if pathlib.Path("/dev/full").exists():
        with open("/dev/full", "w") as full:
            check("exit status where nothing can be written",
                  subprocess.run([program, "inspect", lenet, "--text"], stdout=full,
                                 stderr=subprocess.DEVNULL).returncode, 1)

    # Mistakes: what is said, and the exit status.
    with tempfile.TemporaryDirectory() as folder:
        cut = pathlib.Path(folder) / "cut.onnx"
        cut.write_bytes(pathlib.Path(lenet).read_bytes()[:1000])
        empty = pathlib.Path(folder) / "empty.onnx"
        empty.write_bytes(b"")
        # An initializer 'w' [1] of float32 in the file weights.bin, which is the output too.
        tensor = b"\x08\x01\x10\x01B\x01wj\x17\n\x08location\x12\x0bweights.binp\x01"
        graph = b"*" + bytes([len(tensor)]) + tensor + b"b\x03\n\x01w"
        apart = pathlib.Path(folder) / "apart.onnx"
        apart.write_bytes(b"\x08\x08B\x02\x10\x11:" + bytes([len(graph)]) + graph)
        absent = pathlib.Path(folder) / "absent.onnx"
        for arguments, returncode, sentence in (
                ([lenet], 1, "input 'image': dimension 0 'batch' has no value"),
                ([lenet, "--dim", "n=1"], 1, "the model has no dimension 'n'; it has 'batch'"),
                ([cut], 1, "the file is cut off at byte 1000"),
                ([absent], 1, f"cannot open '{absent}'"),
                ([folder], 1, f"cannot read '{folder}'"),
                ([empty], 1, f"cannot read '{empty}': it is empty"),
                ([apart], 1, f"{apart}: tensor 'w': cannot open 'weights.bin'"),
                ([lenet, "--dim", "batch"], 2, "--dim takes NAME=VALUE"),
                ([lenet, "--dim", "batch=1", "--arena-limit", "5631"], 1,
                 "the tensors between the layers need 5632 bytes; at most 5631 are allowed. "
                 "node 3 'conv2' (Conv) has the most, 5632: 4608 of node 0 'conv1' (Conv), "
                 "1024 of node 3 'conv2' (Conv)"),
                ([lenet, "--dim", "batch=1", "--program", "--arena-limit", "64"], 1,
                 "at most 64 are allowed"),
                ([lenet, "--arena-limit", "x"], 2, "--arena-limit"),
                ([lenet, "--text", "--json"], 2, "--json"),
                ([lenet, "--nonsense"], 2, "--nonsense"),
                ([], 2, "MODEL is required")):
            command.refuse(arguments, sentence, returncode)

    command.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
