// Nodes that differ only in their values have one signature.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/program/signature.hpp"

#include <doctest/doctest.h>

#include "inlay/graph/builder.hpp"

namespace {
using namespace inlay;

constexpr auto f = element_type::float32;

/// Two nodes; `change` may alter the graph before they are compared.
template <class Change> constexpr bool differ_after(Change change) {
  builder b;
  auto const x = b.input("x", {f, {2, 3}});
  auto const y = b.input("y", {f, {2, 3}});
  auto const s = b.constant<std::int64_t>("s", {1}, {std::int64_t{6}});
  auto const t = b.constant<std::int64_t>("t", {1}, {std::int64_t{6}});
  b.add(operator_id{1}, "Thing", "first", {x, no_value, s},
        {{"a", 1}, {"l", {2, 3}}, {"r", 0.5f}, {"t", "x"}});
  b.add(operator_id{1}, "Thing", "second", {y, no_value, s},
        {{"a", 1}, {"l", {2, 3}}, {"r", 0.5f}, {"t", "x"}});
  auto g = b.finish();
  for (auto const& n : g.nodes) g.values[g.outputs_of(n)[0]].type = {f, {2, 3}};
  change(g, t);
  signature_table table(g);
  auto const first = table.hash(g.nodes[0]);
  if (table.find(g.nodes[0], first) != signature_table::absent) return false;
  table.insert(g.nodes[0], first, 7);
  if (table.find(g.nodes[0], first) != 7) return false;
  return table.find(g.nodes[1], table.hash(g.nodes[1])) != 7;
}

static_assert(!differ_after([](graph&, value_id) {}));
static_assert(!differ_after([](graph& g, value_id) { g.nodes[1].name = "other"; }));
static_assert(differ_after([](graph& g, value_id) { g.nodes[1].op = operator_id{2}; }));
static_assert(differ_after([](graph& g, value_id) { g.values[1].type.shape = {3, 2}; }));
static_assert(differ_after([](graph& g, value_id) {
  g.values[1].type.element = element_type::float64;
}));
static_assert(differ_after([](graph& g, value_id) {
  g.values[g.outputs_of(g.nodes[1])[0]].type.shape = {6};
}));
static_assert(differ_after([](graph& g, value_id) { g.nodes[1].inputs.count = 2; }));
static_assert(differ_after([](graph& g, value_id) {
  g.operands[g.nodes[1].inputs.first + 1] = 0;
}));
// A list of integers may be a shape: it is equal only to itself.
static_assert(differ_after([](graph& g, value_id t) {
  g.operands[g.nodes[1].inputs.first + 2] = t;
}));
// What a kernel looks at may be packed if it is a constant.
static_assert(differ_after([](graph& g, value_id) { g.values[1].constant = 0; }));
// The attributes, each in its name, its number of values, and its value.
static_assert(differ_after([](graph& g, value_id) {
  g.attributes[g.nodes[1].attributes.first].name = "b";
}));
static_assert(differ_after([](graph& g, value_id) { g.nodes[1].attributes.count = 3; }));
static_assert(differ_after([](graph& g, value_id) {
  g.integers[g.attributes[g.nodes[1].attributes.first].values.first] = 2;
}));
static_assert(differ_after([](graph& g, value_id) {
  g.integers[g.attributes[g.nodes[1].attributes.first + 1].values.first + 1] = 4;
}));
static_assert(differ_after([](graph& g, value_id) {
  g.reals[g.attributes[g.nodes[1].attributes.first + 2].values.first] = 0.25f;
}));
static_assert(differ_after([](graph& g, value_id) {
  g.texts[g.attributes[g.nodes[1].attributes.first + 3].values.first] = "y";
}));

constexpr bool differ_in_order() {
  builder b;
  auto const x = b.input("x", {f, {1, 2, 3, 4}});
  auto const y = b.input("y", {f, {1, 2, 3, 4}});
  b.add(operator_id{1}, "Thing", "first", {x});
  b.add(operator_id{1}, "Thing", "second", {y});
  auto g = b.finish();
  for (auto const& n : g.nodes) g.values[g.outputs_of(n)[0]].type = {f, {1, 2, 3, 4}};
  value_layouts layouts;
  layouts.images.forms = vector<std::uint32_t>(g.values.size(), 0);
  signature_table table(g, &layouts);
  table.insert(g.nodes[0], table.hash(g.nodes[0]), 7);
  if (table.find(g.nodes[1], table.hash(g.nodes[1])) != 7) return false;
  layouts.images.forms[y] = 1;
  return table.find(g.nodes[1], table.hash(g.nodes[1])) == signature_table::absent;
}
static_assert(differ_in_order());

}  // namespace

TEST_CASE("0 and -0 are two values of an attribute") {
  CHECK(differ_after([](graph& g, value_id) {
    g.reals[g.attributes[g.nodes[0].attributes.first + 2].values.first] = 0.0f;
    g.reals[g.attributes[g.nodes[1].attributes.first + 2].values.first] = -0.0f;
  }));
}
