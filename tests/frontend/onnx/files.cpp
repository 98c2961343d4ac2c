// Files that others wrote, whole, cut off and damaged.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/frontend/onnx/read.hpp"

namespace {

using inlay::graph;
using inlay::value_id;

std::string file_of(std::string_view path) {
  std::ifstream file(INLAY_SOURCE_DIR "/" + std::string(path), std::ios::binary);
  REQUIRE_MESSAGE(file.is_open(), path);
  return {std::istreambuf_iterator<char>(file), {}};
}
std::string const lenet_path = "examples/lenet/lenet.onnx";
std::string const data_path = "tests/frontend/onnx/data/";

bool holds(std::size_t size, inlay::range r) {
  return r.first <= size && r.count <= size - r.first;
}

/// Whether every index and size in a graph is as passes rely on.
bool is_well_formed(graph const& g) {
  std::vector<bool> is_defined(g.values.size());
  for (auto const id : g.inputs) is_defined.at(id) = true;
  for (std::size_t i = 0; i < g.values.size(); ++i) {
    auto const& v = g.values[i];
    if (v.constant == inlay::not_constant) continue;
    is_defined[i] = true;
    if (v.constant >= g.constants.size()) return false;
    auto const bytes = static_cast<std::int64_t>(g.bytes_of(g.constants[v.constant]).size());
    if (bytes != inlay::bytes_of(v.type.element, inlay::elements_of(v.type.shape))) return false;
  }
  for (auto const& n : g.nodes) {
    if (!holds(g.operands.size(), n.inputs) || !holds(g.operands.size(), n.outputs)) return false;
    if (!holds(g.attributes.size(), n.attributes)) return false;
    for (auto const id : g.inputs_of(n)) {
      if (id != inlay::no_value && !is_defined.at(id)) return false;
    }
    for (auto const id : g.outputs_of(n)) {
      if (is_defined.at(id)) return false;
      is_defined[id] = true;
    }
    for (auto const& a : g.attributes_of(n)) {
      using enum inlay::attribute_kind;
      bool const is_real = a.kind == real || a.kind == reals;
      bool const is_text = a.kind == text || a.kind == texts;
      auto const size = is_real ? g.reals.size() : is_text ? g.texts.size() : g.integers.size();
      if (!holds(size, a.values)) return false;
    }
  }
  for (auto const id : g.outputs) {
    if (!is_defined.at(id)) return false;
  }
  return !g.outputs.empty();
}

/// A graph that is well formed, or an error that says what is wrong somewhere in the file.
bool is_as_promised(std::string_view file) {
  auto const g = inlay::read_onnx(file);
  if (!g.failure) return is_well_formed(g);
  return !g.failure.text.empty() && g.failure.offset <= static_cast<std::int64_t>(file.size());
}

TEST_CASE("LeNet has its 9 nodes, its names, its shapes and its weights") {
  auto const file = file_of(lenet_path);
  auto const g = inlay::read_onnx(file);
  REQUIRE(std::string(g.failure.text.view()) == "");
  CHECK(is_well_formed(g));
  CHECK(g.name == "lenet");
  CHECK(g.opset == 17);

  std::string nodes;
  for (auto const& n : g.nodes) {
    nodes.append(n.name).append(":").append(n.type).append(" ");
    CHECK(n.op == inlay::find_operator("", n.type));
    CHECK(file.substr(static_cast<std::size_t>(n.offset), 1) == "\x0a");
  }
  CHECK(nodes ==
        "conv1:Conv relu1:Relu pool1:MaxPool conv2:Conv relu2:Relu pool2:MaxPool flatten:Flatten "
        "fc:Gemm softmax:Softmax ");

  auto const text_of = [&](value_id id) {
    auto const& v = g.values[id];
    inlay::sentence text;
    text << v.name << " " << v.type.element << " " << v.type.shape;
    return std::string(text.view());
  };
  std::string constants;
  for (value_id id = 0; id < g.values.size(); ++id) {
    if (!g.is_constant(id)) continue;
    constants += text_of(id) + "\n";
    auto const bytes = g.bytes_of(g.constants[g.values[id].constant]);
    auto const at = file.find(bytes);
    CHECK(bytes.data() == file.data() + at);
  }
  CHECK(constants ==
        "conv1.bias float32 8\nconv1.weight float32 8x1x5x5\nconv2.bias float32 16\n"
        "conv2.weight float32 16x8x5x5\nfc.bias float32 10\nfc.weight float32 10x256\n");
  auto const bias = g.bytes_of(g.constants[0]);
  CHECK(bias.substr(0, 4) == "\345\266\301<");  // as onnx's Python prints it

  REQUIRE(g.inputs.size() == 1);
  CHECK(text_of(g.inputs[0]) == "image float32 ?x1x28x28");
  CHECK(g.symbols[0] == "batch");
  REQUIRE(g.outputs.size() == 1);
  CHECK(g.values[g.outputs[0]].name == "probabilities");

  auto const& pool = g.nodes[2];
  auto const attributes = g.attributes_of(pool);
  REQUIRE(attributes.size() == 2);
  CHECK(attributes[0].name == "kernel_shape");
  CHECK(attributes[0].kind == inlay::attribute_kind::integers);
  CHECK(g.integers[attributes[0].values.first] == 2);
  CHECK(attributes[0].values.count == 2);
}

TEST_CASE("elements are the same in raw_data and in the field of their type") {
  auto const file = file_of(data_path + "tensors.onnx");
  auto const g = inlay::read_onnx(file);
  REQUIRE(std::string(g.failure.text.view()) == "");
  CHECK(is_well_formed(g));
  REQUIRE(g.constants.size() == 40);
  for (std::size_t i = 0; i < 40; i += 2) {
    auto const& raw = g.values[i];
    auto const& typed = g.values[i + 1];
    CAPTURE(raw.name);
    CHECK(raw.name.substr(0, raw.name.find('.')) == inlay::name_of(raw.type.element));
    CHECK(raw.type == typed.type);
    CHECK(g.bytes_of(g.constants[i]) == g.bytes_of(g.constants[i + 1]));
  }
}

TEST_CASE("attributes of every kind") {
  using enum inlay::attribute_kind;
  auto const file = file_of(data_path + "attributes.onnx");
  auto const g = inlay::read_onnx(file);
  REQUIRE(std::string(g.failure.text.view()) == "");
  CHECK(is_well_formed(g));
  auto const of = [&](std::string_view name) {
    for (auto const& a : g.attributes) {
      if (a.name == name) return a;
    }
    FAIL("no attribute " << std::string(name));
    return inlay::attribute{};
  };
  auto const is = [&](std::string_view name, inlay::attribute_kind kind, std::uint32_t count) {
    return of(name).kind == kind && of(name).values.count == count;
  };
  auto const integer_of = [&](std::string_view name) { return g.integers[of(name).values.first]; };
  CHECK(g.attributes.size() == 11);
  CHECK(is("a_float", real, 1));
  CHECK(is("a_int", integer, 1));
  CHECK(is("a_string", text, 1));
  CHECK(is("a_tensor", tensor, 1));
  CHECK(is("a_graph", inlay::attribute_kind::graph, 1));
  CHECK(is("a_type", type, 1));
  CHECK(is("some_floats", reals, 2));
  CHECK(is("some_ints", integers, 3));
  CHECK(is("some_strings", texts, 2));
  CHECK(is("some_tensors", tensors, 1));
  CHECK(is("some_graphs", graphs, 1));
  CHECK(g.reals[of("a_float").values.first] == 0.5f);
  CHECK(integer_of("a_int") == -3);
  CHECK(g.texts[of("a_string").values.first] == "text");
  CHECK(g.values[static_cast<std::size_t>(integer_of("some_tensors"))].type ==
        inlay::tensor_type{inlay::element_type::int64, {2}});
  CHECK(g.nodes[0].domain == "com.example");
}

TEST_CASE("a file that is cut off anywhere is an error or a graph") {
  for (auto const& path : {lenet_path, data_path + "tensors.onnx", data_path + "attributes.onnx"}) {
    auto const file = file_of(path);
    for (std::size_t size = 0; size < file.size(); ++size) {
      // A copy of its own, so that a sanitizer sees a read past its end.
      std::vector<char> const part(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
      if (!is_as_promised({part.data(), part.size()})) FAIL(path << " cut off at byte " << size);
    }
  }
  auto const g = inlay::read_onnx(std::string_view(file_of(lenet_path)).substr(0, 24000));
  CHECK(std::string(g.failure.text.view()) ==
        "the file is cut off at byte 24000: field 7 of the model has 24622 bytes, 23981 are left");
}

/// The bytes of a file that the reader looks at, and every `step`-th of the elements, which it
/// does not.
std::vector<std::size_t> places_in(std::string_view file, std::size_t step) {
  std::vector<bool> is_element(file.size());
  auto const g = inlay::read_onnx(file);
  for (auto const& c : g.constants) {
    if (c.bytes.size() < 64) continue;
    auto const first = c.bytes.data() - file.data();
    std::fill_n(is_element.begin() + first, c.bytes.size(), true);
  }
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < file.size(); ++i) {
    if (!is_element[i] || i % step == 0) places.push_back(i);
  }
  return places;
}

/// Damages every byte but elements, and every `step`-th of those.
void damage(std::size_t step) {
  for (auto const& path : {lenet_path, data_path + "tensors.onnx", data_path + "attributes.onnx"}) {
    auto const whole = file_of(path);
    std::vector<char> file(whole.begin(), whole.end());
    for (auto const i : places_in(whole, step)) {
      for (auto const bits : {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff}) {
        auto const before = file[i];
        file[i] = static_cast<char>(before ^ bits);
        bool const is_fine = is_as_promised({file.data(), file.size()});
        file[i] = before;
        if (!is_fine) FAIL(path << " with the bits " << bits << " of byte " << i << " flipped");
      }
    }
  }
}

TEST_CASE("a file with a damaged byte is an error or a graph") { damage(61); }
TEST_CASE("a file with any byte damaged, at length" * doctest::skip()) { damage(1); }

}  // namespace
