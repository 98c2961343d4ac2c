"""inlay run computes what NumPy and onnxruntime do: run.py PROGRAM LENET

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import io
import pathlib
import struct
import sys
import tempfile
import zlib

import numpy as np
import onnx
import onnxruntime
from command import Command
from onnx import TensorProto, helper, numpy_helper


def png(pixels):
    """A PNG file of bytes [height, width] or [height, width, 3]."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))
    height, width = pixels.shape[:2]
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 2 if pixels.ndim == 3 else 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))


def bilinear(pixels, height, width):
    """Pixels [h, w, c] as [c, height, width], by the formula of the help text."""
    def along(size, old):
        at = np.clip((np.arange(size) + 0.5) * old / size - 0.5, 0, old - 1)
        first = np.floor(at).astype(int)
        return first, np.minimum(first + 1, old - 1), at - first
    y, y1, dy = along(height, pixels.shape[0])
    x, x1, dx = along(width, pixels.shape[1])
    p = pixels.astype(np.float64)
    rows = p[y] * (1 - dy)[:, None, None] + p[y1] * dy[:, None, None]
    all_ = rows[:, x] * (1 - dx)[None, :, None] + rows[:, x1] * dx[None, :, None]
    return all_.transpose(2, 0, 1) / 255


def add_model(element, shape):
    ports = [helper.make_tensor_value_info(name, element, shape) for name in ("a", "b", "sum")]
    node = helper.make_node("Add", ["a", "b"], ["sum"])
    same = helper.make_node("Identity", ["a"], ["../same"])
    other = helper.make_tensor_value_info("../same", element, shape)
    graph = helper.make_graph([node, same], "g", ports[:2], [ports[2], other])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])


def main(program, lenet):
    command = Command(program, "run")
    run, check, refuse = command.run, command.check, command.refuse
    wrong = command.wrong

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        random = np.random.default_rng(1)

        # LeNet, from each kind of file.
        image = random.random((1, 1, 28, 28), np.float32)
        expected = onnxruntime.InferenceSession(lenet).run(None, {"image": image})[0]
        np.save(folder / "image.npy", image)
        np.save(folder / "fortran.npy", np.asfortranarray(image[0, 0]).reshape(1, 1, 28, 28))
        np.savez(folder / "image.npz", image=image)
        np.savez_compressed(folder / "packed.npz", other=image, image=image)
        (folder / "image.pb").write_bytes(numpy_helper.from_array(image).SerializeToString())
        one = ("--dim", "batch=1")
        for file in ("image=image.npy", "image.npy", "image.npz", "image=packed.npz",
                     "image=image.pb", "image=fortran.npy"):
            parts = file.split("=")
            where = "=".join([*parts[:-1], str(folder / parts[-1])])
            result = run(lenet, *one, "--input", where, "--output", folder / "out.npz")
            check(f"exit status of {file}", (result.returncode, result.stderr), (0, ""))
            with np.load(folder / "out.npz") as outputs:
                (output,) = outputs.files
                if not np.allclose(outputs[output], expected, rtol=1e-4, atol=1e-6):
                    wrong.append(f"{file}: {outputs[output]}, not {expected}")
        for engine in command.engines():
            np.save(folder / "two.npy", random.random((2, 1, 28, 28), np.float32))
            for dimension in (("--dim", "batch=2"), ()):
                result = run(lenet, *dimension, "--engine", engine, "--input", folder / "two.npy",
                             "--output", folder / "two_out.npy")
                check(f"exit status of {engine}", (result.returncode, result.stderr), (0, ""))
                wanted = onnxruntime.InferenceSession(lenet).run(
                    None, {"image": np.load(folder / "two.npy")})[0]
                if not np.allclose(np.load(folder / "two_out.npy"), wanted, rtol=1e-4, atol=1e-6):
                    wrong.append(f"{engine} {dimension}: not what onnxruntime computes")
        for engine in command.engines():
            refuse([lenet, *one, "--engine", engine, "--arena-limit", 100, "--input",
                    folder / "image.npy"], "bytes; at most 100 are allowed. node ")
        result = run(lenet, *one, "--input", folder / "image.npy")
        lines = result.stdout.splitlines()
        check("type of the output", lines[0].split(": ")[1], "float32 1x10")
        order = np.argsort(-expected[0])
        check("top 5", [int(part.split("]")[0]) for part in lines[2].split("[")[1:]],
              list(order[:5]))
        check("first word of --output FILE.npy",
              (run(lenet, *one, "--input", folder / "image.npy", "--output",
                   folder / "out.npy").returncode, np.load(folder / "out.npy").shape),
              (0, (1, 10)))

        # Every type that NumPy has and we store; several inputs and outputs; orders of bytes.
        for kind in ("f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"):
            a = random.integers(0, 50, (2, 3)).astype(kind)
            b = random.integers(0, 50, (2, 3)).astype(kind)
            model = folder / f"add_{kind}.onnx"
            onnx.save(add_model(helper.np_dtype_to_tensor_dtype(a.dtype), [2, 3]), model)
            np.savez(folder / "ab.npz", b=b.astype(">" + kind), a=np.asfortranarray(a))
            result = run(model, "--input", folder / "ab.npz", "--output", folder / kind)
            if result.returncode != 0:
                # A type that Add has no kernel for is said to be so.
                check(f"sentence about {kind}", "is not supported" in result.stderr, True)
                continue
            got = np.load(folder / kind / "sum.npy")
            check(f"sum of {kind}", (got.dtype, got.tolist()), (a.dtype, (a + b).tolist()))
            check(f"files of {kind}", sorted(p.name for p in (folder / kind).iterdir()),
                  ["_.._same.npy", "sum.npy"])

        # Pictures.
        for channels in (1, 3):
            shape = [1, channels, 6, 5]
            model = folder / "picture.onnx"
            x = helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)
            y = helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)
            graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "g", [x], [y])
            onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), model)
            pixels = random.integers(0, 256, (9, 7, channels), np.uint8)
            (folder / "p.png").write_bytes(png(pixels if channels == 3 else pixels[:, :, 0]))
            result = run(model, "--input", folder / "p.png", "--mean", "0.25", "--scale", "2",
                         "--output", folder / "p.npy")
            check("exit status of a picture", (result.returncode, result.stderr), (0, ""))
            wanted = np.maximum((bilinear(pixels, 6, 5) - 0.25) * 2, 0)
            if not np.allclose(np.load(folder / "p.npy")[0], wanted, atol=1e-6):
                wrong.append(f"a picture of {channels} channels: {np.load(folder / 'p.npy')[0]}")
        refuse([model, "--input", folder / "p.png", "--mean", "1,2"],
               "--mean and --scale take 1 number or 3")
        (folder / "cut.png").write_bytes((folder / "p.png").read_bytes()[:60])
        refuse([model, "--input", folder / "cut.png"], "cut.png: the picture is damaged")
        (folder / "text.jpg").write_bytes(b"no picture")
        refuse([model, "--input", folder / "text.jpg"], "text.jpg: it is no PNG or JPEG picture")

        # Inputs that are missing or wrong.
        np.save(folder / "wide.npy", image.astype(np.float64))
        np.save(folder / "small.npy", image[:, :, :5])
        at = folder / "image.npy"
        refuse([lenet, *one], "input 'image' (float32 1x1x28x28) is missing")
        refuse([lenet, *one, "--input", f"image={folder}/wide.npy"],
               "input 'image': " f"{folder}/wide.npy holds float64 1x1x28x28, the model wants "
               "float32 1x1x28x28")
        refuse([lenet, *one, "--input", f"image={folder}/small.npy"], "holds float32 1x1x5x28")
        refuse([lenet, *one, "--input", f"picture={at}"],
               "the model has no input 'picture'; it has 'image'")
        refuse([lenet, *one, "--input", at, "--input", at], "input 'image' is given twice")
        refuse([lenet, *one, "--input", "image=nothing.npy"], "cannot open 'nothing.npy'")
        refuse([lenet, *one, "--input", "image=image.txt"], "image.txt is none of .npy, .npz")
        several = np.concatenate([image] * 3)
        np.save(folder / "several.npy", several)
        check("type of the output for three", run(
            lenet, "--input", folder / "several.npy").stdout.splitlines()[0].split(": ")[1],
              "float32 3x10")
        refuse([lenet, *one, "--input", folder / "several.npy"], "holds float32 3x1x28x28")
        refuse([lenet, *one, "--engine", "abacus"], "no engine 'abacus'; there is: interpreter", 2)
        refuse([lenet, *one, "--engine", "scalar", "--threads", "4"],
               "--threads 4: the engine 'scalar' has 1", 2)
        check("what two threads compute", run(lenet, "--input", at, "--threads", "2").stdout,
              run(lenet, "--input", at).stdout)
        refuse([lenet, *one, "--input", at, "--output", at / "deeper"], "cannot make the folder")

        # Files that are damaged.
        good = at.read_bytes()
        ints = io.BytesIO()
        np.save(ints, np.array(["text"]))
        huge = good.replace(b"(1, 1, 28, 28)", b"(1, 99999999,)")
        for number, (bytes_, sentence) in enumerate((
                (b"", "it is no .npy array"), (good[:8], "the array is cut off"),
                (good[:60], "the array is cut off"), (good[:-1], "does not have 3135 bytes"),
                (good[:6] + b"\x07" + good[7:], "version 7 of .npy is not supported"),
                (good.replace(b"'shape'", b"'shade'"), "the header of the array is not NumPy's"),
                (good.replace(b"28, 28", b"28, -8"), "the header of the array is not NumPy's"),
                (huge, "does not have 3136 bytes"),
                (good.replace(b"(1, 1, 28, 28)", b"(1,1,1,1,1,1,1,1,1)"), "more than 8 axes"),
                (good.replace(b"(1, 1, 28, 28)", b"(9999999999, 9999999999)"), "does not have"),
                (ints.getvalue(), "elements of NumPy's type '<U4' are not supported"))):
            file = folder / f"bad{number}.npy"
            file.write_bytes(bytes_)
            refuse([lenet, *one, "--input", file], sentence)
        packed = (folder / "packed.npz").read_bytes()
        middle = len(packed) // 4
        for number, (bytes_, sentence) in enumerate((
                (b"PK", "it is no .npz file"), (packed[:-30], "it is no .npz file"),
                (packed[100:], "list of arrays is damaged"),
                (packed[:middle] + bytes([packed[middle] ^ 1]) + packed[middle + 1:],
                 "'other': its bytes are damaged"))):
            file = folder / f"bad{number}.npz"
            file.write_bytes(bytes_)
            array = "other" if "other" in sentence else "image"
            model = folder / "named.onnx"
            proto = onnx.load(lenet)
            proto.graph.input[0].name = array
            for node in proto.graph.node:
                node.input[:] = [array if x == "image" else x for x in node.input]
            onnx.save(proto, model)
            refuse([model, *one, "--input", f"{array}={file}"], sentence)
        proto = (folder / "image.pb").read_bytes()
        strings = numpy_helper.from_array(np.array(["a"], object)).SerializeToString()
        for number, (bytes_, sentence) in enumerate((
                (proto[:-1], "the file is cut off"), (b"\xff" * 40, "at byte 0"),
                (b"", "ONNX has no element type 0"), (strings, "it holds texts"))):
            file = folder / f"bad{number}.pb"
            file.write_bytes(bytes_)
            refuse([lenet, *one, "--input", file], sentence)

    command.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
