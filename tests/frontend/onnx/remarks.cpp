// What a file says of attributes, tensors in them, types and inputs besides what they are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "inlay/frontend/onnx/read.hpp"
#include "inlay/frontend/onnx/write.hpp"
#include "inlay/graph/compare.hpp"
#include "inlay/graph/parse.hpp"
#include "inlay/graph/print.hpp"
#include "inlay/graph/verify.hpp"
#include "inlay/op/list.hpp"
#include "protobuf.hpp"

namespace {

using namespace inlay;
using protobuf::input;
using protobuf::message;
using protobuf::model;
using protobuf::node;
using protobuf::tensor;

struct remark {
  annotated what;
  std::string_view key;
  std::string_view text;
};

/// Whether a graph has these annotations and no others.
constexpr bool has_only(graph const& g, std::initializer_list<remark> remarks) {
  for (auto const& r : remarks) {
    bool is_there = false;
    for (auto const& a : g.annotations) {
      is_there = is_there || (a.what == r.what && a.key == r.key && a.text == r.text);
    }
    if (!is_there) return false;
  }
  return g.annotations.size() == remarks.size();
}

/// Whether a file's graph has these annotations, and its file again holds the same graph.
constexpr bool keeps(message const& file, std::initializer_list<remark> remarks) {
  auto const g = read_onnx(file.view());
  if (g.failure || verify(g).failure || !has_only(g, remarks)) return false;
  auto const written = write_onnx(g);
  if (!written) return false;
  return first_difference(g, read_onnx({written->data(), written->size()})).empty();
}

constexpr message attribute(std::string_view name, std::int64_t type) {
  return message().text(1, name).integer(20, type);
}
template <class... Message> constexpr message relu_with(Message const&... attributes) {
  auto n = node("Relu", "r", "x", "y");
  (n.sub(5, attributes), ...);
  return message().text(2, "g").sub(1, n).sub(11, input("x")).sub(12, input("y"));
}

// An attribute's documentation, also where it stands before the name.
static_assert(keeps(model(relu_with(attribute("a", 2).integer(3, 1).text(13, "first"),
                                    message().text(13, "second").text(1, "b").integer(3, 2))),
                    {{annotated::node, "doc_string:a", "first"},
                     {annotated::node, "doc_string:b", "second"}}));

// Tensors in attributes have names of their own, documentations and metadata; sparse ones in both
// of their parts.
constexpr message entry(std::string_view key, std::string_view value) {
  return message().text(1, key).text(2, value);
}
constexpr message indices() {
  return message().integer(1, 2).integer(2, 7).integer(7, 0).integer(7, 2).text(8, "where");
}
static_assert(keeps(
    model(relu_with(
        attribute("t", 4).sub(5, tensor("one").text(12, "doc").sub(16, entry("k", "v"))),
        attribute("ts", 9).sub(10, tensor("two")).sub(10, tensor("")),
        attribute("s", 11).sub(22,
                               message().sub(1, tensor("what")).sub(2, indices()).integer(3, 3)))),
    {{annotated::value, "name", "one"},
     {annotated::value, "doc_string", "doc"},
     {annotated::value, "metadata:k", "v"},
     {annotated::value, "name", "two"},
     {annotated::value, "name", "what"},
     {annotated::value, "name", "where"}}));

// Of a tensor that stands twice in an attribute, the last one counts, and nothing of the first one
// is left in the graph: no value, text, stored element or place in another file.
constexpr message external() {
  return message().integer(1, 2).integer(2, 1).sub(13, entry("location", "w.bin")).integer(14, 1);
}
constexpr message texts() { return message().integer(1, 1).integer(2, 8).text(6, "text"); }
constexpr bool is_replaced(std::int64_t type, std::uint64_t field, message const& first,
                           message const& last) {
  auto const file = model(relu_with(attribute("a", type).sub(field, first).sub(field, last)));
  auto const alone = model(relu_with(attribute("a", type).sub(field, last)));
  auto const g = read_onnx(file.view());
  auto const expected = read_onnx(alone.view());
  return !g.failure && first_difference(g, expected).empty() && g.externals.empty() &&
         g.texts.empty() && g.storage.size() == expected.storage.size() &&
         g.values.size() == expected.values.size() && g.symbols.size() == expected.symbols.size() &&
         g.annotations.size() == expected.annotations.size();
}
static_assert(is_replaced(4, 5, external(), tensor("last")));
static_assert(is_replaced(4, 5, texts(), tensor("last")));
static_assert(is_replaced(4, 5, indices(), tensor("last")));
static_assert(is_replaced(11, 22, message().sub(1, tensor("first")).sub(2, indices()).integer(3, 7),
                          message().sub(1, tensor("last")).sub(2, indices()).integer(3, 3)));

// Denotations of types, of the types inside them, and of dimensions.
constexpr message dimension(std::int64_t extent, std::string_view denotation) {
  return message().integer(1, extent).text(3, denotation);
}
constexpr message denoted_tensor(std::string_view denotation) {
  auto const shape = message()
                         .sub(1, dimension(2, "DATA_BATCH"))
                         .sub(1, message().text(2, "n"))
                         .sub(1, message().text(3, "DATA_FEATURE"));
  return message().sub(1, message().integer(1, 1).sub(2, shape)).text(6, denotation);
}
constexpr message sequence_of(message const& type) {
  return message().sub(4, message().sub(1, type)).text(6, "LIST");
}
constexpr message typed(std::string_view name, message const& type) {
  return message().text(1, name).sub(2, type);
}
static_assert(keeps(model(message()
                              .text(2, "g")
                              .sub(1, node("Relu", "r", "x", "t"))
                              .sub(1, node("Relu", "s", "t", "y"))
                              .sub(11, typed("x", denoted_tensor("IMAGE")))
                              .sub(12, typed("y", sequence_of(denoted_tensor("TENSOR"))))
                              .sub(13, typed("t", message().text(6, "AUDIO")))),
                    {{annotated::value, "denotation", "IMAGE"},
                     {annotated::value, "dimension_denotation:0", "DATA_BATCH"},
                     {annotated::value, "dimension_denotation:2", "DATA_FEATURE"},
                     {annotated::value, "denotation", "LIST"},
                     {annotated::value, "denotation:1", "TENSOR"},
                     {annotated::value, "dimension_denotation:0", "DATA_BATCH"},
                     {annotated::value, "dimension_denotation:2", "DATA_FEATURE"},
                     {annotated::value, "denotation", "AUDIO"}}));

// Those of types in attributes, whose name comes behind them here.
static_assert(keeps(model(relu_with(message()
                                        .sub(15, message().sub(1, message().integer(1, 1)))
                                        .sub(15, sequence_of(denoted_tensor("TENSOR")))
                                        .text(1, "types")
                                        .integer(20, 14),
                                    attribute("a", 13).sub(14, denoted_tensor("SCALE")))),
                    {{annotated::node, "denotation:1:0:types", "LIST"},
                     {annotated::node, "denotation:1:1:types", "TENSOR"},
                     {annotated::node, "dimension_denotation:1:0:types", "DATA_BATCH"},
                     {annotated::node, "dimension_denotation:1:2:types", "DATA_FEATURE"},
                     {annotated::node, "denotation:0:0:a", "SCALE"},
                     {annotated::node, "dimension_denotation:0:0:a", "DATA_BATCH"},
                     {annotated::node, "dimension_denotation:0:2:a", "DATA_FEATURE"}}));

// Attributes in bodies and functions, and defaults.
constexpr message remarked_body() {
  return message()
      .text(2, "then")
      .sub(1, node("Relu", "r", "x", "t").sub(5, attribute("a", 2).integer(3, 1).text(13, "inner")))
      .sub(12, input("t"));
}
constexpr message remarked_function() {
  return message()
      .text(1, "F")
      .text(4, "a")
      .text(5, "b")
      .sub(7, node("Relu", "r", "a", "b").sub(5, attribute("a", 2).integer(3, 1).text(13, "there")))
      .text(10, "local")
      .sub(11, attribute("alpha", 4).sub(5, tensor("default")).text(13, "of the function"));
}
static_assert(keeps(
    model(message()
              .text(2, "g")
              .sub(1, message().text(1, "x").text(2, "y").text(4, "If").sub(
                          5, attribute("then_branch", 5).sub(6, remarked_body()).text(13, "outer")))
              .sub(11, input("x"))
              .sub(12, input("y")))
        .sub(8, message().text(1, "local").integer(2, 1))
        .sub(25, remarked_function()),
    {{annotated::node, "doc_string:then_branch", "outer"},
     {annotated::body_node, "doc_string:a", "inner"},
     {annotated::body_node, "doc_string:a", "there"},
     {annotated::value, "name", "default"},
     {annotated::function, "doc_string:alpha", "of the function"}}));

// Inputs with defaults stay inputs, at their places; what one says more than its default is kept.
constexpr message constant_input(std::string_view name) {
  auto const shape = message().sub(1, message().integer(1, 2));
  return typed(name, message().sub(1, message().integer(1, 1).sub(2, shape)));
}
constexpr message add_graph() {
  return message()
      .text(2, "g")
      .sub(5, tensor("w"))
      .sub(5, tensor("v"))
      .sub(1, message().text(1, "x").text(1, "w").text(2, "y").text(4, "Add"))
      .sub(12, input("y"));
}
constexpr message symbolic_input() { return input("v").text(3, "any batch"); }
static_assert(keeps(model(add_graph().sub(11, constant_input("w")).sub(11, input("x"))),
                    {{annotated::value, "input:0", ""}}));
static_assert(keeps(
    model(add_graph().sub(11, symbolic_input()).sub(11, input("x")).sub(11, constant_input("w"))),
    {{annotated::value, "input:0", symbolic_input().view()}, {annotated::value, "input:2", ""}}));

// Before IR version 4, all initializers are inputs; only another order is worth a remark.
static_assert(keeps(
    model(add_graph().sub(11, input("x")).sub(11, constant_input("w")).sub(11, constant_input("v")),
          8, 3),
    {}));
static_assert(keeps(
    model(add_graph().sub(11, constant_input("v")).sub(11, input("x")).sub(11, constant_input("w")),
          8, 3),
    {{annotated::value, "input:0", ""}, {annotated::value, "input:2", ""}}));

/// The names of a file's inputs, in their order.
std::string inputs_in(vector<char> const& file) {
  std::string names;
  error failure;
  onnx_format::source const from{{file.data(), file.size()}, &failure};
  onnx_format::message m(from, from.file, "the model");
  while (m.next()) {
    if (m.number() != 7) continue;
    for (onnx_format::message g(m, "the graph"); g.next();) {
      if (g.number() != 11) continue;
      for (onnx_format::message v(g, "an input"); v.next();) {
        if (v.number() == 1) names += std::string(v.bytes()) + " ";
      }
    }
  }
  CHECK(!failure);
  return names;
}

TEST_CASE("remarks come back from text, bytes and all") {
  auto const file = model(add_graph().sub(11, input("x")).sub(11, symbolic_input()));
  auto const g = read_onnx(file.view());
  auto const text = print(g, with_elements);
  auto const parsed = parse(text.view(), find_operator);
  CHECK(std::string(first_difference(g, parsed).view()) == "");
}

TEST_CASE("the places of inputs may be any text") {
  auto const file = model(add_graph().sub(11, constant_input("w")).sub(11, input("x")));
  for (auto const key :
       {"input:", "input:-1", "input:x", "input:7", "input:99999999999999999999"}) {
    auto g = read_onnx(file.view());
    g.annotations[0].key = key;
    g.annotations.push_back({annotated::value, g.inputs[0], "input:0", {}});
    auto const written = write_onnx(g);
    REQUIRE(written);
    CHECK(inputs_in(*written) == "x w ");
  }
}

TEST_CASE("the message of an input that is another's is not written") {
  auto const file = model(add_graph().sub(11, symbolic_input()).sub(11, input("x")));
  auto g = read_onnx(file.view());
  for (auto const& text : {std::string("\xff"), std::string(input("x").view())}) {
    g.annotations[0].text = text;
    auto const written = write_onnx(g);
    REQUIRE(written);
    CHECK(inputs_in(*written) == "v x ");
  }
}

TEST_CASE("inputs with defaults are written among the others") {
  auto const inputs_of = [](message const& file) {
    auto const g = read_onnx(file.view());
    CHECK(g.inputs.size() == 1);
    auto const written = write_onnx(g);
    REQUIRE(written);
    return inputs_in(*written);
  };
  auto const graph = add_graph();
  auto const v = constant_input("v");
  auto const x = input("x");
  auto const w = constant_input("w");
  CHECK(inputs_of(model(message(graph).sub(11, v).sub(11, x).sub(11, w))) == "v x w ");
  CHECK(inputs_of(model(message(graph).sub(11, x).sub(11, v))) == "x v ");
  CHECK(inputs_of(model(message(graph).sub(11, x))) == "x ");
  CHECK(inputs_of(model(message(graph).sub(11, w).sub(11, v).sub(11, x), 8, 3)) == "w v x ");
  CHECK(inputs_of(model(message(graph).sub(11, x), 8, 3)) == "x w v ");
}

}  // namespace
