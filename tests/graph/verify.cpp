// Every rule of a graph, broken once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/verify.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include "everything.hpp"
#include "inlay/graph/builder.hpp"

namespace {
using namespace inlay;

constexpr tensor_type pair{element_type::float32, {2}};

constexpr graph sound() {
  builder b("net");
  auto const x = b.input("x", pair);
  auto const w = b.constant<float>("w", {2}, {1.0f, 2.0f});
  auto const sum = b.add(operator_id{1}, "Add", "sum", {x, w});
  b.output(b.add(operator_id{2}, "Relu", "", {sum}), "y");
  return b.finish();
}
static_assert(!verify(sound()).failure);

/// The error of the sound graph after `change`.
template <class Change> constexpr error broken_by(Change change) {
  auto g = sound();
  change(g);
  return verify(std::move(g)).failure;
}
template <class Change> constexpr bool breaks(rule expected, std::string_view text, Change change) {
  auto const e = broken_by(change);
  return e.broken == expected && e.text.view() == text;
}
template <class Change> constexpr bool stays_sound(Change change) { return !broken_by(change); }

static_assert(breaks(rule::an_index_must_be_in_range, "value 9 does not exist",
                     [](graph& g) { g.inputs.push_back(9); }));
static_assert(breaks(rule::an_index_must_be_in_range, "value 9 does not exist",
                     [](graph& g) { g.operands[g.nodes[1].outputs.first] = 9; }));
static_assert(breaks(rule::an_index_must_be_in_range, "the constant 'w' has no elements",
                     [](graph& g) { g.values[1].constant = 1; }));

static_assert(breaks(rule::a_name_must_be_defined_once, "value 0 'x' is defined twice",
                     [](graph& g) { g.inputs.push_back(0); }));
static_assert(breaks(rule::a_name_must_be_defined_once, "value 1 'w' is defined twice",
                     [](graph& g) { g.inputs.push_back(1); }));
static_assert(breaks(rule::a_name_must_be_defined_once, "value 2 '' is defined twice",
                     [](graph& g) { g.operands[g.nodes[1].outputs.first] = 2; }));

static_assert(breaks(rule::a_tensor_must_hold_as_many_bytes_as_its_shape,
                     "the constant 'w' of shape 3 has 8 bytes",
                     [](graph& g) { g.values[1].type.shape = {3}; }));
static_assert(breaks(rule::a_tensor_must_hold_as_many_bytes_as_its_shape,
                     "the constant 'w' of shape 2 has 8 bytes",
                     [](graph& g) { g.values[1].type.element = element_type::float64; }));
static_assert(breaks(rule::a_tensor_must_hold_as_many_bytes_as_its_shape,
                     "the constant 'w' of shape ? has 8 bytes",
                     [](graph& g) { g.values[1].type.shape = {-1}; }));
static_assert(breaks(rule::a_tensor_must_hold_as_many_bytes_as_its_shape,
                     "the constant 'w' of shape 4294967296x4294967296 has 8 bytes", [](graph& g) {
                       g.values[1].type.shape = {std::int64_t{1} << 32, std::int64_t{1} << 32};
                     }));

static_assert(breaks(rule::a_name_must_be_defined_before_it_is_used,
                     "node 0 'sum' (Add): an input is not defined before it",
                     [](graph& g) { g.operands[g.nodes[0].inputs.first] = 3; }));
static_assert(breaks(rule::a_name_must_be_defined_before_it_is_used,
                     "node 0 'sum' (Add): an input is not defined before it",
                     [](graph& g) { g.operands[g.nodes[0].inputs.first] = 2; }));
static_assert(breaks(rule::a_name_must_be_defined_before_it_is_used,
                     "node 1 (Relu): an input is not defined before it",
                     [](graph& g) { g.operands[g.nodes[1].inputs.first] = 1000; }));
static_assert(breaks(rule::a_name_must_be_defined_before_it_is_used,
                     "node 0 'sum' (Add): an input is not defined before it",
                     [](graph& g) { g.inputs.clear(); }));

static_assert(breaks(rule::a_graph_must_have_an_output, "the graph 'net' has no output",
                     [](graph& g) { g.outputs.clear(); }));
static_assert(breaks(rule::a_name_must_be_defined_before_it_is_used,
                     "output 4 of the graph is not defined",
                     [](graph& g) { g.outputs.push_back(4); }));
static_assert(breaks(rule::a_name_must_be_defined_before_it_is_used,
                     "output 4 of the graph is not defined", [](graph& g) {
                       g.values.push_back({});
                       g.outputs.push_back(4);
                     }));

static_assert(stays_sound([](graph& g) { g.operands[g.nodes[0].inputs.first + 1] = no_value; }));
static_assert(stays_sound([](graph& g) { g.outputs.push_back(1); }));
static_assert(stays_sound([](graph& g) { g.values.push_back({}); }));

// The first error stays.
constexpr error earlier = make_error(rule::the_file_must_not_be_truncated, "earlier");
static_assert(breaks(rule::the_file_must_not_be_truncated, "earlier", [](graph& g) {
  g.outputs.clear();
  g.fail(earlier);
}));

// A node that was read from a file says where.
static_assert(broken_by([](graph& g) {
                g.nodes[0].offset = 77;
                g.inputs.clear();
              }).offset == 77);

// A node may leave out its first outputs, but not all.
static_assert(stays_sound([](graph& g) {
  auto& n = g.nodes[1];
  value_id const outputs[] = {no_value, g.operands[n.outputs.first]};
  n.outputs = {static_cast<std::uint32_t>(g.operands.size()), 2};
  g.operands.append(outputs, 2);
}));
static_assert(breaks(rule::the_number_of_outputs_must_match_the_operator,
                     "node 1 (Relu): it has no output",
                     [](graph& g) { g.operands[g.nodes[1].outputs.first] = no_value; }));
static_assert(breaks(rule::the_number_of_outputs_must_match_the_operator,
                     "node 1 (Relu): it has no output",
                     [](graph& g) { g.nodes[1].outputs.count = 0; }));
static_assert(breaks(rule::an_index_must_be_in_range,
                     "node 1 (Relu): its operands are out of range",
                     [](graph& g) { g.nodes[1].outputs.first = 0xffff'ffff; }));
static_assert(breaks(rule::an_index_must_be_in_range,
                     "node 1 (Relu): its attributes are out of range",
                     [](graph& g) { g.nodes[1].attributes = {0xffff'ffff, 0xffff'ffff}; }));

// All that a graph can hold, where each node computes something.
constexpr graph all() {
  auto g = inlay_test::everything();
  g.nodes[2].outputs.count = 1;
  return g;
}
static_assert(verify(all()).failure.text.view() == "");

template <class Change>
constexpr bool breaks_all(rule expected, std::string_view text, Change change) {
  auto g = all();
  change(g);
  auto const e = verify(std::move(g)).failure;
  return e.broken == expected && e.text.view() == text;
}

// Bodies are 0 'loop', 1 'then', 2 the other branch, 3 and 4 of node 4, 5 in the function, 6 the
// function's, 7 of the function without a node.
static_assert(breaks_all(rule::an_index_must_be_in_range,
                         "body 'loop' has nodes, inputs, constants or outputs out of range",
                         [](graph& g) { g.bodies[0].nodes.first = 99; }));
static_assert(breaks_all(rule::an_index_must_be_in_range,
                         "body 'then' has nodes, inputs, constants or outputs out of range",
                         [](graph& g) { g.bodies[1].constants = {0xffff'ffff, 0xffff'ffff}; }));
static_assert(breaks_all(rule::an_index_must_be_in_range,
                         "function 'Split.2' has attributes, operator sets or a body out of range",
                         [](graph& g) { g.functions[0].body = 99; }));
static_assert(breaks_all(rule::an_index_must_be_in_range,
                         "function 'Split.2' has attributes, operator sets or a body out of range",
                         [](graph& g) { g.functions[0].operator_sets.count = 99; }));
static_assert(breaks_all(rule::an_index_must_be_in_range,
                         "the operator sets of the graph are out of range",
                         [](graph& g) { g.graph_facts::operator_sets.count = 99; }));

static_assert(breaks_all(rule::a_body_must_be_held_once, "body 'one' is held twice", [](graph& g) {
  auto const& a = g.attributes[g.nodes[4].attributes.first];
  g.integers[a.values.first + 1] = 3;
}));
static_assert(breaks_all(rule::a_body_must_be_held_once, "body 'one' is held by nothing",
                         [](graph& g) {
                           auto& a = g.attributes[g.nodes[4].attributes.first];
                           ++a.values.first;
                           --a.values.count;
                         }));
static_assert(breaks_all(rule::a_body_must_be_held_once, "body 'then' is held twice", [](graph& g) {
  // The loop in the branch holds the branch.
  auto const& a = g.attributes[g.body_nodes[1].attributes.first];
  g.integers[a.values.first] = 1;
}));
static_assert(breaks_all(rule::nodes_of_a_body_must_stand_behind_those_of_bodies_in_it,
                         "body 'loop' has nodes behind the node that holds it", [](graph& g) {
                           g.body_nodes.push_back(g.body_nodes[0]);
                           g.bodies[0].nodes = {static_cast<std::uint32_t>(g.body_nodes.size() - 1),
                                                1};
                         }));

// What a body sees.
static_assert(breaks_all(rule::a_name_must_be_defined_before_it_is_used,
                         "node 1 (Neg) of body 'then': an input is defined in another body",
                         [](graph& g) { g.operands[g.body_nodes[2].inputs.first] = 22; }));
static_assert(breaks_all(rule::a_name_must_be_defined_before_it_is_used,
                         "node 0 'next' (Add) of body 'loop': an input is not defined before it",
                         [](graph& g) { g.operands[g.body_nodes[0].inputs.first] = 26; }));
static_assert(breaks_all(rule::a_name_must_be_defined_before_it_is_used,
                         "node 3 (If): an input is not defined before it",
                         [](graph& g) { g.operands[g.nodes[3].inputs.first] = 28; }));
static_assert(breaks_all(rule::a_name_must_be_defined_before_it_is_used,
                         "output 28 of body 2 is not defined",
                         [](graph& g) { g.operands[g.bodies[2].outputs.first] = 28; }));
static_assert(breaks_all(rule::a_name_must_be_defined_before_it_is_used,
                         "output 27 of the graph is not defined",
                         [](graph& g) { g.outputs[0] = 27; }));
static_assert(breaks_all(rule::a_name_must_be_defined_before_it_is_used,
                         "node 2 (Print): an input is not defined before it",
                         [](graph& g) { g.operands[g.nodes[2].inputs.first] = 24; }));
static_assert(breaks_all(rule::a_name_must_be_defined_once, "value 7 '' is defined twice",
                         [](graph& g) { g.operands[g.body_nodes[0].outputs.first] = 7; }));
static_assert(breaks_all(rule::a_name_must_be_defined_once, "value 21 'i' is defined twice",
                         [](graph& g) { g.operands[g.body_nodes[2].outputs.first] = 21; }));
static_assert(breaks_all(rule::a_name_must_be_defined_once, "value 22 'state' is defined twice",
                         [](graph& g) { g.operands[g.bodies[0].inputs.first] = 22; }));
static_assert(breaks_all(rule::an_index_must_be_in_range,
                         "body 'then' has the constant 25, which is none",
                         [](graph& g) { g.operands[g.bodies[1].constants.first] = 25; }));

// A function sees nothing outside it.
static_assert(
    breaks_all(rule::a_name_must_be_defined_before_it_is_used,
               "node 0 (Scale) of function 'Split.2': an input is defined in another body",
               [](graph& g) { g.operands[g.body_nodes[4].inputs.first] = 1; }));
static_assert(
    breaks_all(rule::a_name_must_be_defined_before_it_is_used,
               "node 0 (Scale) of function 'Split.2': an input is defined in another body",
               [](graph& g) { g.operands[g.body_nodes[4].inputs.first] = 0; }));
static_assert(breaks_all(rule::a_function_must_be_defined_once,
                         "the function 'Nothing' is defined twice", [](graph& g) {
                           g.functions.push_back(graph(g).functions[1]);
                           g.functions.back().body = static_cast<std::uint32_t>(g.bodies.size());
                           g.bodies.push_back({});
                         }));
static_assert(breaks_all(rule::a_body_must_be_held_once, "function 'Nothing' is held twice",
                         [](graph& g) {
                           g.functions.push_back(graph(g).functions[1]);
                           g.functions.back().name = "More";
                         }));

static_assert(breaks_all(rule::an_index_must_be_in_range,
                         "the annotation 'doc_string' is of something that does not exist",
                         [](graph& g) { g.annotations[1].index = 2; }));

/// A graph of so many bodies, each in the one before.
graph nested(std::uint32_t depth) {
  builder b("net");
  auto const x = b.input("x", pair);
  auto& g = b.unfinished();
  for (std::uint32_t i = 0; i <= depth; ++i) {
    auto const y = b.add_value({}, pair);
    auto n = inlay_test::loose_node(b, "If", {x}, {y});
    if (i != 0) {
      inlay_test::hold(g, n, inlay_test::holding(g, "body", attribute_kind::graph, {i - 1}));
    }
    if (i != depth) inlay_test::add_body(b, "", {}, {}, {n}, {y});
    else g.nodes.push_back(n);
  }
  b.output(static_cast<value_id>(g.values.size() - 1));
  return b.finish();
}

}  // namespace

TEST_CASE("bodies nest at most 64 deep") {
  CHECK(verify(nested(64)).failure.text.view() == "");
  auto const e = verify(nested(65)).failure;
  CHECK(e.broken == rule::bodies_must_nest_at_most_64_deep);
  CHECK(e.text.view() == "body 0 stands in more than 64 others");
}

TEST_CASE("a hundred thousand nodes in as many bodies are verified in one walk") {
  builder b("net");
  auto const x = b.input("x", pair);
  auto& g = b.unfinished();
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    auto const inner = b.add_value({}, pair);
    auto const outer = b.add_value({}, pair);
    auto const body = inlay_test::add_body(
        b, "", {}, {}, {inlay_test::loose_node(b, "Neg", {x}, {inner})}, {inner});
    auto n = inlay_test::loose_node(b, "If", {x}, {outer});
    inlay_test::hold(g, n, inlay_test::holding(g, "body", attribute_kind::graph, {body}));
    g.nodes.push_back(n);
  }
  b.output(2);
  CHECK(verify(b.finish()).failure.text.view() == "");
}

TEST_CASE("a constant whose size passes 2 to the 63 is refused, not computed with") {
  auto g = sound();
  auto const largest = std::numeric_limits<std::int64_t>::max();
  g.values[1].type.shape = {largest};
  auto const e = verify(g).failure;
  CHECK(e.broken == rule::a_tensor_must_hold_as_many_bytes_as_its_shape);
}

TEST_CASE("an extent that stands for no symbol of the graph is refused") {
  auto g = sound();
  g.values[0].type.shape = {-5};
  CHECK(verify(g).failure);
}
