// Every rule of a graph, broken once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/verify.hpp"

#include <doctest/doctest.h>

#include <limits>

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

}  // namespace

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
