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

// What a plain network does not have.
static_assert(says("the ir_version is 13 and 9", "the ir_version is 9 and 13",
                   [](graph& g) { g.ir_version = 9; }));
static_assert(says("", "", [](graph& g) { g.ir_version = 0; }));
static_assert(says("the number of operator sets is 2 and 1",
                   "the number of operator sets is 1 and 2",
                   [](graph& g) { g.graph_facts::operator_sets.count = 1; }));
static_assert(says("the version of 'my domain' is 1 and 4", "the version of 'my domain' is 4 and 1",
                   [](graph& g) { g.operator_sets[1].version = 4; }));
static_assert(says("the domain of an operator set is 'my domain' and 'x'",
                   "the domain of an operator set is 'x' and 'my domain'",
                   [](graph& g) { g.operator_sets[1].domain = "x"; }));

static_assert(says("the note 'producer_name' is 'inlay' and ''",
                   "the note 'producer_name' is '' and 'inlay'",
                   [](graph& g) { g.annotations[11].text = {}; }));
static_assert(says("node 0 'first' (Thing): only one has the note 'doc_string'",
                   "node 0 'first' (Thing): only one has the note 'doc_string'",
                   [](graph& g) { g.annotations[13].index = 1; }));
static_assert(says("value 23 'next': the key of a note is 'metadata:unit' and 'x'",
                   "value 23 'next': the key of a note is 'x' and 'metadata:unit'",
                   [](graph& g) { g.annotations[0].key = "x"; }));
static_assert(says("node 3 (If): the key of a note is 'metadata:b' and 'metadata:a'",
                   "node 3 (If): the key of a note is 'metadata:a' and 'metadata:b'",
                   [](graph& g) { g.annotations[7].index = 4; }));
static_assert(says("node 0 'next' (Add) of body 'loop': the note 'overload' is 'plus' and 'minus'",
                   "node 0 'next' (Add) of body 'loop': the note 'overload' is 'minus' and 'plus'",
                   [](graph& g) { g.annotations[4].text = "minus"; }));
static_assert(says("node 3 (If): attribute 'then_branch': the note 'doc_string' is 'outer' and ''",
                   "node 3 (If): attribute 'then_branch': the note 'doc_string' is '' and 'outer'",
                   [](graph& g) { g.annotations[6].text = {}; }));
static_assert(says("function 'Split.2': the note 'doc_string' is 'splits' and ''",
                   "function 'Split.2': the note 'doc_string' is '' and 'splits'",
                   [](graph& g) { g.annotations[2].text = {}; }));

static_assert(says("value 18 'list': the container is 'sequence' and 'optional'",
                   "value 18 'list': the container is 'optional' and 'sequence'",
                   [](graph& g) { g.containers[2].kind = container_kind::optional; }));
static_assert(says("value 18 'list': the type of the keys is 'int64' and 'string'",
                   "value 18 'list': the type of the keys is 'string' and 'int64'",
                   [](graph& g) { g.containers[1].key = element_type::string; }));
static_assert(says("value 18 'list': only one is optional", "value 18 'list': only one is optional",
                   [](graph& g) { g.containers[1].inner = not_contained; }));
static_assert(says("value 19 'secret': the domain of the type is 'com.example' and 'x'",
                   "value 19 'secret': the domain of the type is 'x' and 'com.example'",
                   [](graph& g) { g.containers[3].domain = "x"; }));
static_assert(says("value 19 'secret': the name of the type is 'a \"thing\"' and 'x'",
                   "value 19 'secret': the name of the type is 'x' and 'a \"thing\"'",
                   [](graph& g) { g.containers[3].name = "x"; }));
static_assert(says("value 11 'words': string 1 is '' and 'b'",
                   "value 11 'words': string 1 is 'b' and ''",
                   [](graph& g) { g.texts[g.constants[3].texts.first + 1] = "b"; }));
static_assert(says("value 11 'words': the number of strings is 2 and 1",
                   "value 11 'words': the number of strings is 1 and 2",
                   [](graph& g) { g.constants[3].texts.count = 1; }));
static_assert(says("value 13 'far': only one has its elements in another file",
                   "value 13 'far': only one has its elements in another file",
                   [](graph& g) { g.constants[5].external = not_external; }));
static_assert(says("value 13 'far': the file of its elements is 'weights.bin' and 'x'",
                   "value 13 'far': the file of its elements is 'x' and 'weights.bin'",
                   [](graph& g) { g.externals[0].location = "x"; }));
static_assert(says("value 13 'far': the offset of its elements is 64 and 0",
                   "value 13 'far': the offset of its elements is 0 and 64",
                   [](graph& g) { g.externals[0].offset = 0; }));
static_assert(says("value 13 'far': the length of its elements is 8 and -1",
                   "value 13 'far': the length of its elements is -1 and 8",
                   [](graph& g) { g.externals[0].length = -1; }));
static_assert(says("value 13 'far': the checksum of its elements is 'abc' and ''",
                   "value 13 'far': the checksum of its elements is '' and 'abc'",
                   [](graph& g) { g.externals[0].checksum = {}; }));
static_assert(says("value 15 'sparse': the tensor of its values is %16 and %0",
                   "value 15 'sparse': the tensor of its values is %0 and %16",
                   [](graph& g) { g.constants[7].sparse_values = 0; }));
static_assert(says("value 15 'sparse': the tensor of its indices is %17 and none",
                   "value 15 'sparse': the tensor of its indices is none and %17",
                   [](graph& g) { g.constants[7].sparse_indices = no_value; }));

static_assert(says("node 3 (If): attribute 'then_branch': the name of the body is 'then' and 'x'",
                   "node 3 (If): attribute 'then_branch': the name of the body is 'x' and 'then'",
                   [](graph& g) { g.bodies[1].name = "x"; }));
static_assert(says("node 3 (If): attribute 'then_branch': it has 1 and 0 constants",
                   "node 3 (If): attribute 'then_branch': it has 0 and 1 constants",
                   [](graph& g) { g.bodies[1].constants.count = 0; }));
static_assert(says("node 3 (If): attribute 'else_branch': output 0 is %7 and %5",
                   "node 3 (If): attribute 'else_branch': output 0 is %5 and %7",
                   [](graph& g) { g.operands[g.bodies[2].outputs.first] = 5; }));
static_assert(says("node 3 (If): attribute 'then_branch': the number of nodes is 2 and 1",
                   "node 3 (If): attribute 'then_branch': the number of nodes is 1 and 2",
                   [](graph& g) { g.bodies[1].nodes.count = 1; }));
static_assert(says("node 0 (Loop) of body 'then': attribute 'body': input 0 is %21 and %22",
                   "node 0 (Loop) of body 'then': attribute 'body': input 0 is %22 and %21",
                   [](graph& g) { g.operands[g.bodies[0].inputs.first] = 22; }));
static_assert(says("node 0 'next' (Add) of body 'loop': the operator is 'Add' and 'Sub'",
                   "node 0 'next' (Sub) of body 'loop': the operator is 'Sub' and 'Add'",
                   [](graph& g) { g.body_nodes[0].type = "Sub"; }));
static_assert(says("node 1 (Neg) of body 'then': the name is '' and 'n'",
                   "node 1 'n' (Neg) of body 'then': the name is 'n' and ''",
                   [](graph& g) { g.body_nodes[2].name = "n"; }));
static_assert(says("node 4 (All): attribute 'graphs': the name of the body is 'one' and ''",
                   "node 4 (All): attribute 'graphs': the name of the body is '' and 'one'",
                   [](graph& g) { g.bodies[3].name = {}; }));
static_assert(says("node 4 (All): attribute 'graphs' has 2 and 1 elements",
                   "node 4 (All): attribute 'graphs' has 1 and 2 elements",
                   [](graph& g) { g.attributes[g.nodes[4].attributes.first].values.count = 1; }));
static_assert(says("node 4 (All): attribute 'sparse' is sparse %15 and sparse %16",
                   "node 4 (All): attribute 'sparse' is sparse %16 and sparse %15", [](graph& g) {
                     auto const& a = g.attributes[g.nodes[4].attributes.first + 1];
                     g.integers[a.values.first] = 16;
                   }));
static_assert(says("node 4 (All): attribute 'type': dimension 1 is 7 and 8",
                   "node 4 (All): attribute 'type': dimension 1 is 8 and 7",
                   [](graph& g) { g.types[0].tensor.shape[1] = 8; }));
static_assert(says("node 4 (All): attribute 'types': only one is opaque",
                   "node 4 (All): attribute 'types': only one is opaque",
                   [](graph& g) { g.types[2].container = not_contained; }));

static_assert(says("the number of functions is 2 and 1", "the number of functions is 1 and 2",
                   [](graph& g) { g.functions.pop_back(); }));
static_assert(says("function 'Nothing': the name is 'Nothing' and 'x'",
                   "function 'x': the name is 'x' and 'Nothing'",
                   [](graph& g) { g.functions[1].name = "x"; }));
static_assert(says("function 'Split.2': the overload is 'two' and ''",
                   "function 'Split.2': the overload is '' and 'two'",
                   [](graph& g) { g.functions[0].overload = {}; }));
static_assert(says("function 'Split.2': attribute 1 is 'the axes' and 'x'",
                   "function 'Split.2': attribute 1 is 'x' and 'the axes'",
                   [](graph& g) { g.texts[g.functions[0].attributes.first + 1] = "x"; }));
static_assert(says("function 'Split.2': attribute 'beta' is 7 and 8",
                   "function 'Split.2': attribute 'beta' is 8 and 7", [](graph& g) {
                     auto const& a = g.attributes[g.functions[0].default_attributes.first];
                     g.integers[a.values.first] = 8;
                   }));
static_assert(says("function 'Split.2': the version of 'com.example' is 2 and 1",
                   "function 'Split.2': the version of 'com.example' is 1 and 2",
                   [](graph& g) { g.operator_sets[3].version = 1; }));
static_assert(
    says("node 0 (Scale) of function 'Split.2': attribute 'alpha' refers to 'alpha' and ''",
         "node 0 (Scale) of function 'Split.2': attribute 'alpha' refers to '' and 'alpha'",
         [](graph& g) { g.attributes[g.body_nodes[4].attributes.first].reference = {}; }));

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
