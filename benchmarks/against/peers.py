"""Other engines that run an ONNX file, each in one thread and in float32.

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

Each function makes a `Peer` of the file and of its one input; inputs and outputs stay where they
are between runs, where the engine can do that. An engine that is not installed is an ImportError.
The folder is for files of theirs.
"""

import dataclasses
import importlib.metadata
import importlib.util
import pathlib
import shutil
import subprocess
import time
import typing

import numpy as np


@dataclasses.dataclass
class Peer:
    name: str
    version: str
    run: typing.Callable[[], None]
    fetch: typing.Callable[[], np.ndarray]
    alive: tuple = ()  # what the two functions refer to


def turn(peer, least_seconds):
    """Microseconds a run, of as many as take so long."""
    count, start = 0, time.perf_counter()
    while (seconds := time.perf_counter() - start) < least_seconds:
        for _ in range(100):
            peer.run()
        count += 100
    return seconds / count * 1e6


def onnxruntime(model, image, folder=None):
    import onnxruntime as engine
    options = engine.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = engine.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    (output,) = session.run(None, {name: image})  # of the shape that it has for this input
    binding = session.io_binding()
    for bind, port, array in ((binding.bind_input, session.get_inputs()[0], image),
                              (binding.bind_output, session.get_outputs()[0], output)):
        bind(port.name, "cpu", 0, np.float32, array.shape, array.ctypes.data)
    return Peer("ONNX Runtime", engine.__version__,
                lambda: session.run_with_iobinding(binding), lambda: output, (image,))


def openvino(model, image, folder):
    import openvino as engine
    # On a processor with bfloat16 it would compute with that.
    how = {"INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY",
           "INFERENCE_PRECISION_HINT": "f32"}
    request = engine.Core().compile_model(str(model), "CPU", how).create_infer_request()
    tensors = {0: engine.Tensor(image, shared_memory=True)}
    infer = super(type(request), request).infer  # without looking at the types of arguments
    return Peer("OpenVINO", importlib.metadata.version("openvino"),
                lambda: infer(tensors, True, False),
                lambda: np.array(request.get_output_tensor(0).data), (image,))


def ncnn(model, image, folder):
    """Its converter, pnnx, writes beside a copy of the model."""
    import ncnn as engine
    converter = pathlib.Path(importlib.util.find_spec("pnnx").origin).with_name("pnnx")
    work = folder / "ncnn"
    work.mkdir()
    shutil.copy(model, work / "model.onnx")
    subprocess.run([converter, "model.onnx", "fp16=0"], cwd=work, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
    net = engine.Net()
    net.opt.num_threads = 1
    net.opt.use_fp16_storage = net.opt.use_fp16_packed = net.opt.use_fp16_arithmetic = False
    net.opt.use_bf16_storage = False
    if net.load_param(f"{work}/model.ncnn.param") or net.load_model(f"{work}/model.ncnn.bin"):
        raise RuntimeError("ncnn does not load what its converter wrote")
    given = engine.Mat(np.ascontiguousarray(image[0])).clone()
    (name_in,), (name_out,) = net.input_names(), net.output_names()
    last = []

    def run():
        extractor = net.create_extractor()
        extractor.input(name_in, given)
        last[:] = [extractor.extract(name_out)[1]]
    return Peer("ncnn", importlib.metadata.version("ncnn"), run, lambda: np.array(last[0]))


ALL = (onnxruntime, openvino, ncnn)
