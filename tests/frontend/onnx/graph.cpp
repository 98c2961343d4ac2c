// Graphs inside graphs, functions, and what else a file holds besides tensors and nodes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/frontend/onnx/graph.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "inlay/frontend/onnx/read.hpp"
#include "inlay/frontend/onnx/write.hpp"
#include "inlay/graph/compare.hpp"
#include "inlay/pass/optimize.hpp"
#include "protobuf.hpp"

namespace {

using namespace inlay;
using protobuf::input;
using protobuf::message;
using protobuf::model;
using protobuf::node;
using protobuf::output;
using protobuf::relu_graph;
using protobuf::tensor;

constexpr message graph_attribute(std::string_view name, message const& g) {
  return message().text(1, name).sub(6, g).integer(20, 5);
}
constexpr message entry(std::string_view key, std::string_view value) {
  return message().text(1, key).text(2, value);
}

/// Whether `holds(graph)` of the graph in a file, and its file again holds the same graph.
template <class Holds> constexpr bool reads(message const& file, Holds holds) {
  auto const g = read_onnx(file.view());
  if (g.failure || verify(g).failure || !holds(g)) return false;
  auto const written = write_onnx(g);
  if (!written) return false;
  auto const again = read_onnx({written->data(), written->size()});
  return first_difference(g, again).empty();
}

// Two branches that use the same names, an initializer of their own, and a value around them.
constexpr message branch(std::string_view type) {
  return message()
      .text(2, type)
      .sub(5, tensor("w"))
      .sub(1, message().text(1, "x").text(1, "w").text(2, "t").text(4, type))
      .sub(12, output("t"));
}
constexpr message if_graph() {
  return message()
      .text(2, "g")
      .sub(11, input("x"))
      .sub(1, message()
                  .text(1, "x")
                  .text(2, "y")
                  .text(4, "If")
                  .sub(5, graph_attribute("then_branch", branch("Add")))
                  .sub(5, graph_attribute("else_branch", branch("Mul"))))
      .sub(12, input("y"));
}
static_assert(reads(model(if_graph()), [](graph const& g) {
  auto const& add = g.body_nodes[g.bodies[0].nodes.first];
  auto const& mul = g.body_nodes[g.bodies[1].nodes.first];
  return g.nodes.size() == 1 && g.bodies.size() == 2 && g.bodies[0].name == "Add" &&
         g.attributes_of(g.nodes[0]).size() == 2 && g.inputs_of(add)[0] == g.inputs[0] &&
         g.inputs_of(mul)[0] == g.inputs[0] && g.inputs_of(add)[1] != g.inputs_of(mul)[1] &&
         g.bodies[1].constants.count == 1 && g.values[g.outputs_of(mul)[0]].name == "t" &&
         g.operands[g.bodies[1].outputs.first] == g.outputs_of(mul)[0];
}));

// Attributes and operands of a node stand together though graphs stand between them in the file.
static_assert(
    reads(model(message()
                    .text(2, "g")
                    .sub(11, input("x"))
                    .sub(1, message()
                                .sub(5, graph_attribute("a", branch("Add")))
                                .sub(5, message().text(1, "i").integer(3, 7).integer(20, 2))
                                .text(1, "x")
                                .sub(5, graph_attribute("b", branch("Mul")))
                                .text(2, "y")
                                .text(1, "x")
                                .text(4, "Odd"))
                    .sub(12, input("y"))),
          [](graph const& g) {
            auto const a = g.attributes_of(g.nodes[0]);
            return a.size() == 3 && a[0].name == "a" && a[1].name == "i" && a[2].name == "b" &&
                   g.integers[a[1].values.first] == 7 && g.integers[a[0].values.first] == 0 &&
                   g.integers[a[2].values.first] == 1 && g.inputs_of(g.nodes[0]).size() == 2 &&
                   g.inputs_of(g.nodes[0])[1] == g.inputs[0];
          }));

// A function with an attribute, a default, an overload, and its own operator sets.
constexpr message scale_function() {
  auto const alpha = message().text(1, "alpha").integer(20, 1).text(21, "factor");
  return message()
      .text(1, "Scale")
      .text(4, "a")
      .text(5, "b")
      .text(6, "factor")
      .sub(7, message().text(1, "a").text(2, "b").text(4, "Elu").sub(5, alpha))
      .text(8, "scales")
      .sub(9, message().text(1, "").integer(2, 17))
      .text(10, "local")
      .sub(11, message().text(1, "offset").real(2, 0.5f).integer(20, 1))
      .text(13, "plain")
      .sub(14, entry("k", "v"));
}
constexpr message model_with_function() {
  auto const call =
      message().text(1, "x").text(2, "y").text(4, "Scale").text(7, "local").text(8, "plain");
  auto const g = message().text(2, "g").sub(11, input("x")).sub(1, call).sub(12, input("y"));
  return model(g, 17, 10)
      .sub(8, message().text(1, "local").integer(2, 3))
      .sub(25, scale_function());
}
static_assert(reads(model_with_function(), [](graph const& g) {
  auto const& f = g.functions[0];
  auto const& b = g.bodies[f.body];
  auto const& n = g.body_nodes[b.nodes.first];
  return g.functions.size() == 1 && f.name == "Scale" && f.domain == "local" &&
         f.overload == "plain" && f.attributes.count == 1 &&
         g.texts[f.attributes.first] == "factor" && f.default_attributes.count == 1 &&
         g.attributes[f.default_attributes.first].name == "offset" && f.operator_sets.count == 1 &&
         g.operator_sets[f.operator_sets.first].version == 17 &&
         g.graph_facts::operator_sets.count == 1 && g.operator_sets[0].domain == "local" &&
         g.operator_sets[0].version == 3 && g.attributes_of(n)[0].reference == "factor" &&
         g.inputs_of(n)[0] == g.operands[b.inputs.first] && g.annotations.size() == 3;
}));

// A domain that the file imports twice comes back twice.
static_assert(reads(model(message(relu_graph()).text(2, "g"))
                        .sub(8, message().text(1, "local").integer(2, 1))
                        .sub(8, message().text(1, "local").integer(2, 2)),
                    [](graph const& g) { return g.operator_sets.size() == 2; }));

// What is said of parts: of the model, the graph, a node, a value.
static_assert(reads(
    message()
        .integer(1, 10)
        .text(2, "somebody")
        .text(3, "1.2")
        .text(4, "org.example")
        .integer(5, -7)
        .text(6, "a model")
        .sub(7, message()
                    .sub(1, node("Relu", "r", "x", "y").text(6, "a node").sub(9, entry("a", "b")))
                    .text(2, "g")
                    .sub(5, tensor("w").text(12, "a tensor"))
                    .text(10, "a graph")
                    .sub(11, input("x").text(3, "a value").sub(4, entry("c", "d")))
                    .sub(12, input("y"))
                    .sub(14, message().text(1, "x").sub(2, entry("SCALE_TENSOR", "w")))
                    .sub(16, entry("e", "f")))
        .sub(8, message().integer(2, 17))
        .sub(14, entry("license", "none"))
        .sub(20, message().sub(1, message().text(2, "init"))),
    [](graph const& g) {
      auto const says = [&](annotated what, std::string_view key, std::string_view text) {
        for (auto const& a : g.annotations) {
          if (a.what == what && a.key == key && a.text == text) return true;
        }
        return false;
      };
      using enum annotated;
      return g.annotations.size() == 15 && says(annotated::model, "producer_name", "somebody") &&
             says(annotated::model, "producer_version", "1.2") &&
             says(annotated::model, "domain", "org.example") &&
             says(annotated::model, "model_version", "-7") &&
             says(annotated::model, "doc_string", "a model") &&
             says(annotated::model, "metadata:license", "none") &&
             says(annotated::graph, "doc_string", "a graph") &&
             says(annotated::graph, "metadata:e", "f") &&
             says(annotated::node, "doc_string", "a node") &&
             says(annotated::node, "metadata:a", "b") && says(value, "doc_string", "a tensor") &&
             says(value, "doc_string", "a value") && says(value, "metadata:c", "d") &&
             says(value, "quantization:SCALE_TENSOR", "w");
    }));

// Types: a sequence of optional tensors, a map, a sparse tensor, an opaque type, none in a body.
constexpr message tensor_type_message() {
  return message().sub(1,
                       message().integer(1, 1).sub(2, message().sub(1, message().integer(1, 2))));
}
constexpr message typed(std::string_view name, message const& type) {
  return message().text(1, name).sub(2, type);
}
static_assert(reads(
    model(
        message()
            .text(2, "g")
            .sub(11,
                 typed("s",
                       message().sub(
                           4, message().sub(
                                  1, message().sub(9, message().sub(1, tensor_type_message()))))))
            .sub(11, typed("m",
                           message().sub(5, message().integer(1, 8).sub(2, tensor_type_message()))))
            .sub(11, typed("p", message().sub(8, message().integer(1, 1))))
            .sub(11,
                 typed("o", message().sub(7, message().text(1, "d").text(2, "n")).text(6, "IMAGE")))
            .sub(1, node("Relu", "", "s", "t"))
            .sub(1, node("Relu", "", "t", "y"))
            .sub(12, input("y"))
            .sub(13, typed("t", tensor_type_message()))),
    [](graph const& g) {
      auto const container_of = [&](std::size_t i) {
        return g.containers[g.values[g.inputs[i]].container];
      };
      return container_of(0).kind == container_kind::sequence &&
             g.containers[container_of(0).inner].kind == container_kind::optional &&
             g.values[g.inputs[0]].type == tensor_type{element_type::float32, {2}} &&
             container_of(1).kind == container_kind::map &&
             container_of(1).key == element_type::string &&
             container_of(2).kind == container_kind::sparse_tensor &&
             container_of(3).kind == container_kind::opaque && container_of(3).name == "n" &&
             g.values[g.outputs_of(g.nodes[0])[0]].type ==
                 tensor_type{element_type::float32, {2}} &&
             g.annotations[0].key == "denotation";
    }));

// Sparse initializers keep both forms of their indices.
constexpr message indices(message t, std::initializer_list<std::int64_t> numbers) {
  t.integer(2, 7);
  for (auto const i : numbers) t.integer(7, i);
  return t;
}
constexpr message sparse(message const& of_indices) {
  return message().sub(1, tensor("w")).sub(2, of_indices).integer(3, 3).integer(3, 4);
}
constexpr message sparse_model(message const& of_indices) {
  return model(message().text(2, "g").sub(15, sparse(of_indices)).sub(12, output("w")));
}
static_assert(reads(sparse_model(indices(message().integer(1, 2), {1, 11})), [](graph const& g) {
  auto const& c = g.constants[g.values[g.outputs[0]].constant];
  return g.values[g.outputs[0]].type == tensor_type{element_type::float32, {3, 4}} &&
         g.values[c.sparse_indices].type.shape == shape{2};
}));
static_assert(reads(sparse_model(indices(message().integer(1, 2).integer(1, 2), {0, 1, 2, 3})),
                    [](graph const& g) { return g.values.size() == 3; }));

void check(message const& file, std::string_view text, std::int64_t least_offset = 1) {
  auto const g = read_onnx(file.view());
  CHECK(std::string(g.failure.text.view()) == text);
  CHECK(g.failure.offset >= least_offset);
}

TEST_CASE("what is wrong with a sparse tensor is a sentence") {
  check(sparse_model(indices(message().integer(1, 2), {1, 12})),
        "sparse tensor 'w' (3x4) has the index 12");
  check(sparse_model(indices(message().integer(1, 2).integer(1, 2), {0, 1, 3, 3})),
        "sparse tensor 'w' (3x4) has the index 3 on axis 0");
  check(sparse_model(indices(message().integer(1, 3), {1, 2, 3})),
        "sparse tensor 'w' of 2 axes has values of shape 2, and indices of type int64 and shape 3");
  check(model(relu_graph().sub(15, message())), "a sparse initializer has no name");
  check(model(relu_graph().sub(15, message().sub(1, tensor("w")))),
        "sparse tensor 'w' lacks its values or its indices");
}

TEST_CASE("an error in a body names the node and the body, and is placed in it") {
  auto const inner = message().text(2, "then").sub(1, node("Relu", "r", "z", "t"));
  auto const g = relu_graph().sub(
      1, message().text(2, "u").text(4, "If").sub(5, graph_attribute("then_branch", inner)));
  auto const file = model(g);
  check(file, "node 0 'r' (Relu) in 'then': it reads 'z', which nothing before it defines");
  auto const where = static_cast<std::size_t>(read_onnx(file.view()).failure.offset);
  CHECK(file.view().substr(where, 3) == "\x0a\x01z");
}

TEST_CASE("an error in a function names it") {
  auto const f = message().text(1, "F").text(4, "a").text(5, "b");
  check(model(relu_graph()).sub(25, f), "output 'b' of the function 'F' is not defined");
  check(model(relu_graph()).sub(25, message().text(4, "a")), "a function of the model has no name");
  check(model(relu_graph()).sub(25, message(f).sub(7, node("Relu", "", "x", "b"))),
        "node 0 (Relu) in 'F': it reads 'x', which nothing before it defines");
}

TEST_CASE("graphs nest at most as deep as messages may") {
  auto const nested = [](int depth) {
    message g = message().sub(1, node("Relu", "", "x", "t")).sub(12, output("t"));
    for (int i = 0; i < depth; ++i) {
      g = message()
              .sub(1, message().text(2, "t").text(4, "If").sub(5, graph_attribute("b", g)))
              .sub(12, output("t"));
    }
    return model(message(g).sub(11, input("x")));
  };
  CHECK(reads(nested(20), [](graph const& g) { return g.bodies.size() == 20; }));
  auto const g = read_onnx(nested(21).view());
  CHECK(g.failure.broken == rule::messages_must_nest_at_most_64_deep);
  CHECK(read_onnx(nested(2000).view()).failure.broken == rule::messages_must_nest_at_most_64_deep);
}

TEST_CASE("what passes do not support is a sentence") {
  auto const refusal = [](message const& file) {
    return std::string(optimize(read_onnx(file.view())).failure.text.view());
  };
  auto const pair = typed("x", tensor_type_message());
  auto const with = [&](message const& n) {
    return model(message().sub(11, pair).sub(1, n).sub(12, output("y")));
  };
  CHECK(refusal(with(message().text(1, "x").text(2, "y").text(4, "If").text(3, "if").sub(
            5, graph_attribute("b", message())))) ==
        "node 0 'if' (If): the operator 'If' is not supported");
  CHECK(refusal(with(node("Relu", "r", "x", "y").sub(5, graph_attribute("b", message())))) ==
        "node 0 'r' (Relu): attribute 'b' is unknown");
  CHECK(refusal(with(node("Softmax", "s", "x", "y")
                         .sub(5, message().text(1, "axis").integer(20, 2).text(21, "a")))) ==
        "node 0 's' (Softmax): attribute 'axis' refers to 'a', but is in no function");
  CHECK(refusal(sparse_model(indices(message().integer(1, 2), {1, 11}))) ==
        "output 'w': the constant 'w' is a sparse tensor, which is not supported");
  CHECK(refusal(model(
            message()
                .sub(11, typed("x", message().sub(4, message().sub(1, tensor_type_message()))))
                .sub(1, node("Relu", "", "x", "y"))
                .sub(12, output("y")))) ==
        "input 'x': it is a sequence; only tensors are supported");
}

}  // namespace
