// Models: order, names, versions, and what is refused.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/frontend/onnx/model.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "inlay/frontend/onnx/read.hpp"
#include "protobuf.hpp"

namespace {

using protobuf::input;
using protobuf::message;
using protobuf::model;
using protobuf::node;
using protobuf::output;
using protobuf::relu_graph;
using protobuf::tensor;

/// Whether `holds(graph)` of the graph in a file that reads without an error.
template <class Holds> constexpr bool reads(message const& file, Holds holds) {
  auto const g = inlay::read_onnx(file.view());
  return !g.failure && holds(g);
}
using inlay::graph;

static_assert(reads(model(relu_graph()), [](graph const& g) {
  auto const& n = g.nodes[0];
  auto const& x = g.values[g.inputs[0]];
  return g.opset == 17 && g.nodes.size() == 1 && n.type == "Relu" && n.name == "r" &&
         n.op == inlay::find_operator("", "Relu") && n.offset == 6 &&
         g.inputs_of(n)[0] == g.inputs[0] && g.outputs_of(n)[0] == g.outputs[0] && x.name == "x" &&
         x.type.element == inlay::element_type::float32 && x.type.shape == inlay::shape{-1, 2} &&
         g.symbols[0] == "batch" && g.values[g.outputs[0]].name == "y" &&
         !g.values[g.outputs[0]].type.has_shape;
}));

// Fields come in any order; a second graph is the rest of the first, as protobuf has it.
static_assert(reads(message()
                        .sub(8, message().integer(2, 17))
                        .sub(7, message().sub(12, output("y")).sub(1, node("Add", "", "w", "y")))
                        .sub(7, message().sub(5, tensor("w")).text(2, "late"))
                        .integer(1, 8),
                    [](graph const& g) {
                      return g.name == "late" && g.nodes.size() == 1 && g.constants.size() == 1;
                    }));

// An initializer that is also an input is a constant (IR versions before 4).
static_assert(reads(model(relu_graph().sub(5, tensor("x"))), [](graph const& g) {
  return g.inputs.empty() && g.is_constant(g.inputs_of(g.nodes[0])[0]);
}));

// Left-out inputs and outputs keep their places.
static_assert(reads(
    model(message()
              .sub(11, input("x"))
              .sub(1, message().text(1, "x").text(1, "").text(1, "x").text(2, "").text(2, "y").text(
                          4, "Clip"))
              .sub(12, output("y"))),
    [](graph const& g) {
      auto const in = g.inputs_of(g.nodes[0]);
      auto const out = g.outputs_of(g.nodes[0]);
      return in.size() == 3 && in[1] == inlay::no_value && in[2] == in[0] && out.size() == 2 &&
             g.values[out[0]].name.empty() && out[1] == g.outputs[0];
    }));

// Both names of ONNX's own domain, and one that is not.
constexpr message relu_of(std::string_view domain) {
  return model(message()
                   .sub(1, node("Relu", "r", "x", "y").text(7, domain))
                   .sub(11, input("x"))
                   .sub(12, output("y")));
}
static_assert(reads(relu_of("ai.onnx"), [](graph const& g) {
  return g.nodes[0].domain.empty() && g.nodes[0].op != inlay::operator_id::unlisted;
}));
static_assert(reads(relu_of("com.example"), [](graph const& g) {
  return g.nodes[0].domain == "com.example" && g.nodes[0].op == inlay::operator_id::unlisted;
}));
static_assert(reads(message()
                        .integer(1, 8)
                        .sub(7, relu_graph())
                        .sub(8, message().text(1, "ai.onnx").integer(2, 13))
                        .sub(8, message().text(1, "com.example").integer(2, 99)),
                    [](graph const& g) { return g.opset == 13; }));

// Dimensions: the same name is the same symbol, and one without a name equals no other.
static_assert(reads(
    model(relu_graph()
              .sub(11, input("x2"))
              .sub(11, message().text(1, "z").sub(
                           2, message().sub(1, message().integer(1, 7).sub(
                                                   2, message()
                                                          .sub(1, message())
                                                          .sub(1, message().text(2, ""))
                                                          .sub(1, message().integer(1, 0))))))
              .sub(11, message().text(1, "s").sub(2, message().sub(1, message().integer(1, 7))))),
    [](graph const& g) {
      return g.values[g.inputs[1]].type.shape == inlay::shape{-1, 2} &&
             g.values[g.inputs[2]].type.shape == inlay::shape{-2, -3, 0} && g.symbols.size() == 3 &&
             g.symbols[1].empty() && !g.values[g.inputs[3]].type.has_shape;
    }));

void check(std::string_view file, inlay::rule broken, std::string_view text) {
  auto const g = inlay::read_onnx(file);
  CHECK(std::string(g.failure.text.view()) == text);
  CHECK(g.failure.broken == broken);
}
void check(message const& file, inlay::rule broken, std::string_view text) {
  check(file.view(), broken, text);
}

TEST_CASE("the versions are supported") {
  using enum inlay::rule;
  check(model(relu_graph(), 6), the_opset_must_be_supported,
        "the model uses opset 6; 7 to 28 are supported");
  check(model(relu_graph(), 29), the_opset_must_be_supported,
        "the model uses opset 29; 7 to 28 are supported");
  check(model(relu_graph(), 17, 2), the_ir_version_must_be_supported,
        "the model has IR version 2; 3 to 14 are supported");
  check(model(relu_graph(), 17, 15), the_ir_version_must_be_supported,
        "the model has IR version 15; 3 to 14 are supported");
  check(message().integer(1, 8).sub(7, relu_graph()), the_opset_must_be_supported,
        "the model does not say which opset it uses");
  CHECK_FALSE(inlay::read_onnx(model(relu_graph(), 7, 3).view()).failure);
  CHECK_FALSE(inlay::read_onnx(model(relu_graph(), 28, 14).view()).failure);
}

TEST_CASE("the file holds a graph with an output") {
  using enum inlay::rule;
  check("", the_file_must_hold_a_graph, "the file holds no graph of ONNX");
  check(message().integer(1, 8), the_file_must_hold_a_graph, "the file holds no graph of ONNX");
  check("\x89PNG\r\n\x1a\n", the_file_must_not_be_truncated,
        "the file is cut off at byte 8: field 1281 of the model has 8 bytes, 6 are left");
  check(model(message().sub(11, input("x"))), a_graph_must_have_an_output,
        "the graph has no output");
}

TEST_CASE("names are defined once, before they are used") {
  using enum inlay::rule;
  auto const twice = relu_graph().sub(1, node("Abs", "a", "x", "y"));
  check(model(twice), a_name_must_be_defined_once,
        "node 1 'a' (Abs): the name 'y' is defined twice");
  check(model(relu_graph().sub(11, input("x"))), a_name_must_be_defined_once,
        "the name 'x' is defined twice");
  check(model(relu_graph().sub(5, tensor("w")).sub(5, tensor("w"))), a_name_must_be_defined_once,
        "the name 'w' is defined twice");
  check(model(relu_graph().sub(1, node("Abs", "a", "z", "b")).sub(1, node("Abs", "", "y", "z"))),
        a_name_must_be_defined_before_it_is_used,
        "node 1 'a' (Abs): it reads 'z', which nothing before it defines");
  check(model(relu_graph().sub(1, node("Abs", "a", "b", "b"))),
        a_name_must_be_defined_before_it_is_used,
        "node 1 'a' (Abs): it reads 'b', which nothing before it defines");
  check(model(relu_graph().sub(12, output("z"))), a_name_must_be_defined_before_it_is_used,
        "output 'z' of the graph is not defined");
  check(model(relu_graph().sub(5, tensor(""))), a_name_must_not_be_empty,
        "an initializer has no name");
  check(model(relu_graph().sub(11, input(""))), a_name_must_not_be_empty,
        "an input of the graph has no name");
  check(model(relu_graph().sub(1, message().text(1, "x"))), a_name_must_not_be_empty,
        "node 1 (): it does not say which operator it applies");
}

TEST_CASE("an input is a tensor of a known element type and rank") {
  using enum inlay::rule;
  auto const typed = [](message const& type) {
    return model(relu_graph().sub(11, message().text(1, "z").sub(2, type)));
  };
  auto const shaped = [&](message const& shape) {
    return typed(message().sub(1, message().integer(1, 1).sub(2, shape)));
  };
  check(model(relu_graph().sub(11, message().text(1, "z"))), an_input_must_have_a_type,
        "input 'z' has no type");
  check(typed(message().sub(1, message())), the_element_type_must_be_supported,
        "input 'z': ONNX has no element type 0");
  auto const in_sequence = message().sub(1, message().sub(1, message().integer(1, 77)));
  check(typed(message().sub(4, in_sequence)), the_element_type_must_be_supported,
        "input 'z': ONNX has no element type 77");
  check(typed(message().sub(5, message().integer(1, 99))), the_element_type_must_be_supported,
        "input 'z': ONNX has no element type 99");
  check(typed(message().sub(1, message().integer(1, 77))), the_element_type_must_be_supported,
        "input 'z': ONNX has no element type 77");
  check(shaped(message().sub(1, message().integer(1, -3))), an_extent_must_not_be_negative,
        "input 'z' has a negative extent");
  message ranks;
  for (int i = 0; i < 9; ++i) ranks.sub(1, message().integer(1, 1));
  check(shaped(ranks), a_shape_must_have_at_most_8_axes,
        "input 'z' has 9 axes; at most 8 are supported");
}

TEST_CASE("an error says where in the file it is") {
  auto const file = model(relu_graph().sub(12, output("z")));
  auto const where = inlay::read_onnx(file.view()).failure.offset;
  CHECK(file.view().substr(static_cast<std::size_t>(where), 3) == "\x0a\x01z");
}

}  // namespace
