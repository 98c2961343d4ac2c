"""What is compiled: programs that grow, and networks from ONNX files.

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).parents[2]
EMBED = ROOT / "cmake" / "embed_file.cmake"

# A network whose parameters are inputs, as code: `body` is a function on x, of shape `shape`.
EXPRESSION = """#include <inlay/execute/weighted_model.hpp>
#include <inlay/frontend/expr.hpp>
#include <inlay/inlay.hpp>

inline constexpr auto net = inlay::network([](inlay::input<float, {shape}> x) {{
{body}
  return x;
}});

using model = inlay::weighted_model<net>;
float const* run(model const& m, model::context& c, inlay::view<float const, {shape}> x);
float const* run(model const& m, model::context& c, inlay::view<float const, {shape}> x) {{
  return m(c, x).data();
}}
"""

ONNX = """#include <inlay/inlay.hpp>
#include <model.onnx.hpp>

inline constexpr auto net = inlay::onnx(model_onnx, {DIMENSIONS});

using model = inlay::model<net>;
float const* run(model::context& c, model::input<0> x);
float const* run(model::context& c, model::input<0> x) { return model()(c, x).data(); }
"""

NODES = """  auto const weight = parameter(x, "weight", {{8, 8}});
  auto const bias = parameter(x, "bias", {{8}});
  for (int i = 0; i < {count} / 4; ++i) {{
    x = matmul(x, weight);
    x = x + bias;
    x = relu(x);
    x = softmax(x);
  }}"""

NUMBERS = """  for (int i = 0; i < {count} / 2; ++i) x = x * 1.5f + 0.5f;"""

LAYERS = """  auto const layer = [](auto y) {{ return relu(dense<16>(y, "fc")); }};
  x = repeat<{count}>("layers", x, layer);"""

BLOCKS = """  x = repeat<{count}>("blocks", x, [](auto y) {{
    auto z = relu(batch_norm(conv<16, 3>(y, "conv1", {{.padding = 1}}), "bn1"));
    z = batch_norm(conv<16, 3>(z, "conv2", {{.padding = 1}}), "bn2");
    return relu(z + y);
  }});"""

# group → (size → source), in the order of the table.
SOURCES = {
    "an empty file": {0: ""},
    "#include <inlay/inlay.hpp>": {0: "#include <inlay/inlay.hpp>\n"},
    "with <inlay/frontend/expr.hpp>":
        {0: "#include <inlay/frontend/expr.hpp>\n#include <inlay/inlay.hpp>\n"},
    "nodes in a chain": {n: EXPRESSION.format(shape="1, 8", body=NODES.format(count=n))
                         for n in (100, 200, 400)},
    "nodes with numbers": {n: EXPRESSION.format(shape="1, 8", body=NUMBERS.format(count=n))
                           for n in (100, 200, 400)},
    "layers, dense and relu": {n: EXPRESSION.format(shape="1, 16", body=LAYERS.format(count=n))
                               for n in (10, 50, 100)},
    "residual blocks": {n: EXPRESSION.format(shape="1, 16, 8, 8", body=BLOCKS.format(count=n))
                        for n in (4, 8, 16)},
}


# M. Sandler et al., MobileNetV2, 2018, table 2.
MOBILENET_V2 = """  auto const layer = [](auto y, char const* name, std::int64_t channels,
                        int size, int stride, std::int64_t groups) {
    return within(name, y, [&](auto z) {
      inlay::expr::window const w{
          .stride = stride, .padding = size / 2, .groups = groups, .bias = false};
      z = inlay::expr::convolve<inlay::op::conv>(z, "conv", channels, {size, size}, w);
      return batch_norm(z, "bn");
    });
  };
  auto const block = [&](auto y, int factor, int channels, int stride) {
    auto const hidden = factor * y.extent(1);
    auto z = factor == 1 ? y : clip(layer(y, "expand", hidden, 1, 1, 1), 0, 6);
    z = clip(layer(z, "depthwise", hidden, 3, stride, hidden), 0, 6);
    z = layer(z, "project", channels, 1, 1, 1);
    return stride == 1 && y.extent(1) == channels ? z + y : z;
  };
  x = clip(layer(x, "stem", 32, 3, 2, 1), 0, 6);
  constexpr int stages[7][4] = {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2},
                                {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
  constexpr char const* names[] = {"0", "1", "2", "3", "4", "5", "6"};
  for (int i = 0; i < 7; ++i) {
    for (int j = 0; j < stages[i][2]; ++j) {
      x = within(names[i], x, [&](auto y) {
        return within(names[j], y, [&](auto z) {
          return block(z, stages[i][0], stages[i][1], j == 0 ? stages[i][3] : 1);
        });
      });
    }
  }
  x = clip(layer(x, "last", 1280, 1, 1, 1), 0, 6);
  x = dense<1000>(flatten(global_average_pool(x)), "classes");"""
SOURCES["MobileNetV2, weights at run time"] = {
    0: EXPRESSION.format(shape="1, 3, 224, 224", body=MOBILENET_V2)}

# ONNX files of the examples, and the dimensions without a value that they have.
NETWORKS = {"LeNet": ("lenet/lenet.onnx", '{"batch", 1}'),
            "ResNet-8": ("classification/resnet8.onnx", "")}


def write_cases(folder, word):
    """Yields (group, size, source file, flags) of those whose names have that word, one after the
    other in the same files."""
    source = folder / "case.cpp"
    for group, sources in SOURCES.items():
        for size, text in sources.items():
            if word in f"{size} {group}":
                source.write_text(text)
                yield group, size, source, []
    for name, (example, dimensions) in NETWORKS.items():
        group = f"{name}, an ONNX file"
        if word not in group:
            continue
        model = folder / "model.onnx"
        shutil.copy(ROOT / "examples" / example, model)
        subprocess.run(["cmake", f"-Dfile={model}", f"-Dheader={model}.hpp", "-P", EMBED],
                       check=True)
        source.write_text(ONNX.replace("DIMENSIONS", dimensions))
        yield group, 0, source, [f"-I{folder}"]
