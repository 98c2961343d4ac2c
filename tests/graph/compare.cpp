// The first difference between two graphs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/compare.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "everything.hpp"

namespace {
using namespace inlay;
using inlay_test::everything;
using inlay_test::f32;

static_assert(first_difference(graph{}, graph{}).empty());
static_assert(first_difference(everything(), everything()).empty());

/// What is said after `change`, from both sides.
template <class Change>
constexpr bool says(std::string_view sentence, std::string_view reversed, Change change) {
  auto const before = everything();
  auto after = everything();
  change(after);
  return first_difference(before, after).view() == sentence &&
         first_difference(after, before).view() == reversed;
}

static_assert(says("the name is 'a \"net\" \\ of?two lines' and 'n'",
                   "the name is 'n' and 'a \"net\" \\ of?two lines'",
                   [](graph& g) { g.name = "n"; }));
static_assert(says("the opset is 28 and 13", "the opset is 13 and 28",
                   [](graph& g) { g.opset = 13; }));
static_assert(says("the error is '' and 'x'", "the error is 'x' and ''",
                   [](graph& g) { g.fail(make_error(rule::shapes_must_broadcast, "x")); }));
static_assert(says("the number of values is 34 and 35", "the number of values is 35 and 34",
                   [](graph& g) { g.values.push_back({}); }));

static_assert(says("value 1 'x': the name is 'x' and ''", "value 1: the name is '' and 'x'",
                   [](graph& g) { g.values[1].name = {}; }));
static_assert(says("value 1 'x': the element type is 'float32' and 'int8'",
                   "value 1 'x': the element type is 'int8' and 'float32'",
                   [](graph& g) { g.values[1].type.element = element_type::int8; }));
static_assert(says("value 5 's': only one has a shape", "value 5 's': only one has a shape",
                   [](graph& g) { g.values[5].type.has_shape = false; }));
static_assert(says("value 5 's': the number of dimensions is 0 and 1",
                   "value 5 's': the number of dimensions is 1 and 0",
                   [](graph& g) { g.values[5].type.shape.push_back(1); }));
static_assert(says("value 1 'x': dimension 3 is 8 and 9", "value 1 'x': dimension 3 is 9 and 8",
                   [](graph& g) { g.values[1].type.shape[3] = 9; }));
static_assert(says("value 1 'x': dimension 0 has a value in one graph only",
                   "value 1 'x': dimension 0 has a value in one graph only",
                   [](graph& g) { g.values[1].type.shape[0] = 9; }));
static_assert(says("value 1 'x': dimension 0 is 'batch' and 'n'",
                   "value 1 'x': dimension 0 is 'n' and 'batch'",
                   [](graph& g) { g.symbols[0] = "n"; }));
static_assert(says("value 6 'unused': dimension 1 equals an earlier one in one graph only",
                   "value 6 'unused': dimension 1 equals an earlier one in one graph only",
                   [](graph& g) {
                     g.values[6].type.shape[1] = -5;  // the other "batch"
                   }));
static_assert(says("value 3: only one is a constant", "value 3: only one is a constant",
                   [](graph& g) { g.values[3].constant = not_constant; }));
static_assert(says("value 0 'w': byte 7 of the elements is 191 and 63",
                   "value 0 'w': byte 7 of the elements is 63 and 191",
                   [](graph& g) { g.storage[7] = 0x3f; }));
static_assert(says("value 3: the number of bytes is 4 and 2",
                   "value 3: the number of bytes is 2 and 4",
                   [](graph& g) { g.constants[1].bytes = "ab"; }));

static_assert(says("input 0 is %1 and %5", "input 0 is %5 and %1",
                   [](graph& g) { g.inputs[0] = 5; }));
static_assert(says("it has 4 and 5 outputs", "it has 5 and 4 outputs",
                   [](graph& g) { g.outputs.push_back(0); }));
static_assert(says("the number of nodes is 5 and 4", "the number of nodes is 4 and 5",
                   [](graph& g) { g.nodes.pop_back(); }));

static_assert(says("node 0 'first' (Thing): the operator is 'Thing' and 'Other'",
                   "node 0 'first' (Other): the operator is 'Other' and 'Thing'",
                   [](graph& g) { g.nodes[0].type = "Other"; }));
static_assert(says("node 2 (Print): the domain is 'my domain' and ''",
                   "node 2 (Print): the domain is '' and 'my domain'",
                   [](graph& g) { g.nodes[2].domain = {}; }));
static_assert(says("node 0 'first' (Thing): the operator_id is 7 and 0",
                   "node 0 'first' (Thing): the operator_id is 0 and 7",
                   [](graph& g) { g.nodes[0].op = operator_id::unlisted; }));
static_assert(says("node 0 'first' (Thing): the name is 'first' and '1st'",
                   "node 0 '1st' (Thing): the name is '1st' and 'first'",
                   [](graph& g) { g.nodes[0].name = "1st"; }));
static_assert(says("node 0 'first' (Thing): input 1 is none and %2",
                   "node 0 'first' (Thing): input 1 is %2 and none",
                   [](graph& g) { g.operands[g.nodes[0].inputs.first + 1] = 2; }));
static_assert(says("node 1 (Split.2): it has 3 and 2 outputs",
                   "node 1 (Split.2): it has 2 and 3 outputs",
                   [](graph& g) { g.nodes[1].outputs.count = 2; }));
static_assert(says("node 0 'first' (Thing): it has 14 and 13 attributes",
                   "node 0 'first' (Thing): it has 13 and 14 attributes",
                   [](graph& g) { g.nodes[0].attributes.count = 13; }));

constexpr attribute& attribute_of(graph& g, std::uint32_t i) {
  return g.attributes[g.nodes[0].attributes.first + i];
}
static_assert(says("node 0 'first' (Thing): attribute 0 is 'integer' and 'axis'",
                   "node 0 'first' (Thing): attribute 0 is 'axis' and 'integer'",
                   [](graph& g) { attribute_of(g, 0).name = "axis"; }));
static_assert(says("node 0 'first' (Thing): attribute 'integer' is -3 and 1",
                   "node 0 'first' (Thing): attribute 'integer' is 1 and -3",
                   [](graph& g) { g.integers[attribute_of(g, 0).values.first] = 1; }));
static_assert(says("node 0 'first' (Thing): attribute 'integer' is of kind integer and other",
                   "node 0 'first' (Thing): attribute 'integer' is of kind other and integer",
                   [](graph& g) { attribute_of(g, 0).kind = attribute_kind::other; }));
static_assert(says("node 0 'first' (Thing): attribute 'real' is 0x1.99999ap-4 and 0.0",
                   "node 0 'first' (Thing): attribute 'real' is 0.0 and 0x1.99999ap-4",
                   [](graph& g) { g.reals[attribute_of(g, 2).values.first] = 0; }));
static_assert(says("node 0 'first' (Thing): attribute 'text' is \"a \\\"b\\\"\\x09\" and \"\"",
                   "node 0 'first' (Thing): attribute 'text' is \"\" and \"a \\\"b\\\"\\x09\"",
                   [](graph& g) { g.texts[attribute_of(g, 3).values.first] = {}; }));
static_assert(says("node 0 'first' (Thing): attribute 'list'[1] is -2 and 7",
                   "node 0 'first' (Thing): attribute 'list'[1] is 7 and -2",
                   [](graph& g) { g.integers[attribute_of(g, 4).values.first + 1] = 7; }));
static_assert(says("node 0 'first' (Thing): attribute 'list' has 3 and 2 elements",
                   "node 0 'first' (Thing): attribute 'list' has 2 and 3 elements",
                   [](graph& g) { attribute_of(g, 4).values.count = 2; }));
static_assert(says("node 0 'first' (Thing): attribute 'reals'[1] is -0.0 and 0.0",
                   "node 0 'first' (Thing): attribute 'reals'[1] is 0.0 and -0.0",
                   [](graph& g) { g.reals[attribute_of(g, 5).values.first + 1] = 0; }));
static_assert(says("node 0 'first' (Thing): attribute 'tensor' is %3 and %0",
                   "node 0 'first' (Thing): attribute 'tensor' is %0 and %3",
                   [](graph& g) { g.integers[attribute_of(g, 7).values.first] = 0; }));

// Where a graph keeps things is not what it is.
constexpr bool is_same_after_moves() {
  auto g = everything();
  auto& n = g.nodes[0];
  auto const inputs = n.inputs;
  n.inputs.first = static_cast<std::uint32_t>(g.operands.size());
  for (std::uint32_t i = 0; i < inputs.count; ++i) {
    auto const id = g.operands[inputs.first + i];
    g.operands.push_back(id);
  }
  n.offset = 55;
  g.symbols.push_back("odd name");
  g.values[1].type.shape[1] = -static_cast<std::int64_t>(g.symbols.size());
  auto const moved = g.constants[0];
  g.constants.push_back(moved);
  g.values[0].constant = static_cast<std::uint32_t>(g.constants.size() - 1);
  return first_difference(g, everything()).empty() && first_difference(everything(), g).empty();
}
static_assert(is_same_after_moves());

// A graph whose indices point nowhere is compared all the same.
constexpr bool compares_the_broken() {
  graph g;
  g.values.push_back({"x", {f32, {-5}}});
  auto h = g;
  h.values[0].type.shape[0] = -6;
  return first_difference(g, g).empty() &&
         first_difference(g, h).view() == "value 0 'x': dimension 0 is -5 and -6";
}
static_assert(compares_the_broken());

}  // namespace

TEST_CASE("graphs are compared at run time too") {
  auto g = everything();
  CHECK(first_difference(g, everything()).empty());
  g.opset = 1;
  CHECK(first_difference(g, everything()).view() == "the opset is 1 and 28");
}
