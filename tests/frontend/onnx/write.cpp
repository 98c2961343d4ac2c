// What is written is read back as the same graph.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/frontend/onnx/write.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "inlay/frontend/onnx/read.hpp"
#include "inlay/graph/parse.hpp"
#include "inlay/graph/print.hpp"
#include "protobuf.hpp"

namespace {

using namespace inlay;
using protobuf::message;

constexpr std::string_view view_of(vector<char> const& bytes) {
  return {bytes.data(), bytes.size()};
}

/// Whether a graph and what is read of its file have the same text.
constexpr bool comes_back(graph const& g) {
  if (g.failure) return false;
  auto const file = write_onnx(g);
  if (!file) return false;
  auto const back = read_onnx(view_of(*file));
  return !back.failure && print(back).view() == print(g).view();
}

constexpr message typed_output(std::string_view name) { return protobuf::input(name); }

constexpr bool file_comes_back(message const& graph, std::int64_t opset = 17) {
  return comes_back(read_onnx(protobuf::model(graph, opset).view()));
}

// x → Relu → y, with a symbolic dimension, a node's name and the graph's name.
static_assert(file_comes_back(message()
                                  .sub(1, protobuf::node("Relu", "r", "x", "y"))
                                  .text(2, "small")
                                  .sub(11, protobuf::input("x"))
                                  .sub(12, typed_output("y"))));

// Inputs and outputs that are left out, another domain, constants, and every kind of attribute.
constexpr message attribute(std::string_view name, std::int64_t type) {
  return message().text(1, name).integer(20, type);
}
static_assert(
    file_comes_back(message()
                        .text(2, "g")
                        .sub(5, protobuf::tensor("w"))
                        .sub(11, protobuf::input("x"))
                        .sub(1, message()
                                    .text(1, "x")
                                    .text(1, "")
                                    .text(1, "w")
                                    .text(2, "")
                                    .text(2, "y")
                                    .text(4, "Everything")
                                    .text(7, "com.example")
                                    .sub(5, attribute("f", 1).real(2, 0.1f))
                                    .sub(5, attribute("i", 2).integer(3, -3))
                                    .sub(5, attribute("s", 3).text(4, "text"))
                                    .sub(5, attribute("t", 4).sub(5, protobuf::tensor("named")))
                                    .sub(5, attribute("fs", 6).real(7, 1).real(7, -2.5f))
                                    .sub(5, attribute("is", 7).integer(8, 4).integer(8, -5))
                                    .sub(5, attribute("ss", 8).text(9, "a").text(9, ""))
                                    .sub(5, attribute("ts", 9).sub(10, protobuf::tensor("")))
                                    .sub(5, attribute("none", 7)))
                        .sub(12, typed_output("y"))));

// A tensor that the file gives twice is the last one, and no constant of the graph is left over.
static_assert(file_comes_back(message()
                                  .text(2, "g")
                                  .sub(1, message()
                                              .text(2, "y")
                                              .text(4, "Constant")
                                              .sub(5, attribute("value", 4)
                                                          .sub(5, protobuf::tensor("a"))
                                                          .sub(5, protobuf::tensor("b"))))
                                  .sub(12, typed_output("y"))));

// The shape of an input is not known; dimensions without a name are not the same.
constexpr message value_of(std::string_view name, message const& tensor_type) {
  return message().text(1, name).sub(2, message().sub(1, tensor_type));
}
constexpr message nameless() {
  return message().sub(1, message()).sub(1, message()).sub(1, message());
}
static_assert(file_comes_back(message()
                                  .text(2, "g")
                                  .sub(1, protobuf::node("Foo", "", "x", "y"))
                                  .sub(11, value_of("x", message().integer(1, 7)))
                                  .sub(12,
                                       value_of("y", message().integer(1, 9).sub(2, nameless())))));

// An output whose type the file does not say comes back without one.
static_assert(file_comes_back(message()
                                  .text(2, "g")
                                  .sub(1, protobuf::node("Foo", "", "x", "y"))
                                  .sub(11, protobuf::input("x"))
                                  .sub(12, protobuf::output("y"))));

// What a builder made: its nameless values get names that are new.
constexpr graph with_nameless_values() {
  builder b("built", 17);
  auto const x = b.input("value_2", {element_type::float32, {2, 2}});
  auto const w = b.constant<float>({}, {2, 2}, {1, 2, 3, 4});
  auto const h = apply<op::matmul>(b, {}, {x, w});
  auto const y = apply<op::relu>(b, "value_3", {h});
  b.output(y);
  return b.finish();
}
constexpr bool gets_names() {
  auto const file = write_onnx(with_nameless_values());
  auto const g = read_onnx(view_of(*file));
  auto const& relu = g.nodes[1];
  return !g.failure && g.nodes.size() == 2 && g.values[0].name == "value_1" &&
         g.values[g.inputs[0]].name == "value_2" &&
         g.values[g.inputs_of(relu)[0]].name == "value_2_" &&
         g.values[g.outputs[0]].name == "value_3" && g.values[g.outputs[0]].type.has_shape;
}
static_assert(gets_names());

// A part that nothing reads has a name too: ONNX Runtime takes no Split without one.
constexpr bool all_parts_get_names() {
  builder b("built", 18);
  auto const x = b.input("x", {element_type::float32, {2, 2}});
  auto const parts = b.add(id_of<op::split>, "Split", {}, {x}, {{"num_outputs", 2}}, 2);
  b.output(parts, "y");
  auto const file = write_onnx(b.finish());
  auto const g = read_onnx(view_of(*file));
  return !g.failure && g.values[g.outputs_of(g.nodes[0])[1]].name == "value_2";
}
static_assert(all_parts_get_names());

// Types of outputs are inferred, and the nodes that shapes are computed with stay.
constexpr bool keeps_nodes_of_shapes() {
  builder b("built", 11);
  auto const x = b.input("x", {element_type::float32, {2, 1, 3}});
  auto const shape_of_x = b.add(operator_id::unlisted, "Shape", {}, {x});
  auto const y = apply<op::reshape>(b, {}, {x, shape_of_x});
  b.output(apply<op::squeeze>(b, {}, {y}, {{"axes", {std::int64_t{1}}}}), "y");
  auto const file = write_onnx(b.finish());
  auto const g = read_onnx(view_of(*file));
  return !g.failure && g.opset == 11 && g.nodes.size() == 3 && g.nodes[0].type == "Shape" &&
         g.nodes[2].attributes.count == 1 &&
         g.values[g.outputs[0]].type == tensor_type{element_type::float32, {2, 3}};
}
static_assert(keeps_nodes_of_shapes());

static_assert(onnx_format::ir_version_of(7) == 4 && onnx_format::ir_version_of(9) == 4 &&
              onnx_format::ir_version_of(10) == 5 && onnx_format::ir_version_of(13) == 7 &&
              onnx_format::ir_version_of(17) == 8 && onnx_format::ir_version_of(21) == 10 &&
              onnx_format::ir_version_of(24) == 12 && onnx_format::ir_version_of(27) == 13 &&
              onnx_format::ir_version_of(28) == 14);

/// The sentence because of which a graph cannot be written.
std::string refusal(graph const& g) { return std::string(write_onnx(g).failure().text.view()); }

std::string file_of(std::string_view path) {
  std::ifstream file(INLAY_SOURCE_DIR "/" + std::string(path), std::ios::binary);
  REQUIRE_MESSAGE(file.is_open(), path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("LeNet comes back, and its file a second time is the same") {
  auto const original = file_of("examples/lenet/lenet.onnx");
  auto const g = read_onnx(original);
  CHECK(comes_back(g));
  auto const once = write_onnx(g);
  REQUIRE(once);
  auto const back = read_onnx(view_of(*once));
  auto const twice = write_onnx(back);
  REQUIRE(twice);
  CHECK(view_of(*once) == view_of(*twice));
  REQUIRE(back.constants.size() == g.constants.size());
  for (std::size_t i = 0; i < g.constants.size(); ++i) {
    CHECK(back.bytes_of(back.constants[i]) == g.bytes_of(g.constants[i]));
  }
}

TEST_CASE("constants of every element type come back") {
  auto const file = file_of("tests/frontend/onnx/data/tensors.onnx");
  auto const g = read_onnx(file);
  auto typed = g;
  typed.values[typed.outputs[0]].type = {element_type::float32, {5}};
  CHECK(comes_back(typed));
  auto const written = write_onnx(g);
  REQUIRE(written);
  auto const back = read_onnx(view_of(*written));
  for (std::size_t i = 0; i < g.constants.size(); ++i) {
    CHECK(back.bytes_of(back.constants[i]) == g.bytes_of(g.constants[i]));
  }
}

TEST_CASE("attributes of every kind come back") {
  auto const file = file_of("tests/frontend/onnx/data/attributes.onnx");
  CHECK(comes_back(read_onnx(file)));
}

TEST_CASE("what a graph does not keep is an error that names the node and the attribute") {
  auto const file = file_of("tests/frontend/onnx/data/attributes.onnx");
  auto g = read_onnx(file);
  g.attributes[0].kind = attribute_kind::other;
  CHECK(refusal(g).ends_with("holds what a graph does not keep; it cannot be written"));
}

TEST_CASE("a graph without an opset, or with a name for two values, cannot be written") {
  auto g = with_nameless_values();
  g.opset = 0;
  CHECK(refusal(g) == "the graph does not say which opset it uses");
  g = with_nameless_values();
  g.values[1].name = "value_2";
  CHECK(refusal(g) == "the name 'value_2' is defined twice");
}

TEST_CASE("a type that nobody declared and that cannot be inferred is an error where no file was") {
  builder b("built", 17);
  auto const x = b.input("x", {element_type::float32, {b.symbol("batch"), 2}});
  b.output(b.add({}, "Foo", "f", {x}));
  CHECK(refusal(b.finish()) == "node 0 'f' (Foo): the operator 'Foo' is not supported");
}

TEST_CASE("an attribute that lacks a tensor cannot be written") {
  auto const g = parse(R"(graph "g" opset 13
input %0 "x" : float32[2]
%1 "y" = Foo(%0) {tensors = [none]} "f" : float32[2]
return %1
)");
  CHECK(refusal(g) ==
        "node 0 'f' (Foo): attribute 'tensors' holds what a graph does not keep; it cannot be "
        "written");
}

TEST_CASE("dimensions that follow from others are written as expressions") {
  builder b("net", 21);
  auto const other = b.nameless_symbol();
  auto const x = b.input("x", {element_type::float32, {b.symbol("n"), 3, b.symbol("h"), other}});
  b.output(apply<op::flatten>(b, "", {x}), "y");
  b.output(apply<op::max_pool>(b, "", {x}, {{"kernel_shape", {2, 1}}, {"strides", {2, 1}}}), "z");
  auto const file = write_onnx(b.finish());
  REQUIRE(file);
  auto const back = read_onnx(view_of(*file));
  REQUIRE(!back.failure);
  CHECK(print(back, back.values[back.outputs[0]].type).view() == "float32[n, ?0]");
  CHECK(print(back, back.values[back.outputs[1]].type).view() ==
        "float32[n, 3, \"floor(h / 2)\", ?0]");
}

TEST_CASE("the error of a graph is that of its file") {
  CHECK(refusal(read_onnx("")) == "the file holds no graph of ONNX");
}

TEST_CASE("a name that is tried for a value without one may be taken, underscores and all") {
  builder b("built", 17);
  auto const x = b.input("x", {element_type::float32, {1}});
  std::string names[100];
  std::string name = "value_101";
  auto y = x;
  for (auto& n : names) {
    n = name;
    y = apply<op::relu>(b, {}, {y});
    b.unfinished().values[y].name = n;
    name += '_';
  }
  y = apply<op::relu>(b, {}, {y});
  b.output(y);
  auto const g = b.finish();
  auto const file = write_onnx(g);
  REQUIRE(file);
  auto const back = read_onnx(view_of(*file));
  CHECK(std::string(back.values[back.outputs[0]].name) == name);
}

}  // namespace
