// What an operator sees of a node.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/node_view.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "inlay/graph/builder.hpp"

namespace {
using namespace inlay;

constexpr graph one_node() {
  builder b("", 13);
  auto const x = b.input("x", {element_type::float32, {2, 3}});
  auto const c = b.constant<std::int64_t>("c", {2}, {std::int64_t{7}, std::int64_t{-8}});
  b.output(b.add(operator_id{1}, "Thing", "", {x, no_value, c},
                 {{"axis", 2}, {"alpha", 0.5f}, {"mode", "fast"}, {"list", {4, 5}}}));
  return b.finish();
}

constexpr bool sees_inputs() {
  auto const g = one_node();
  node_view const n(g, g.nodes[0]);
  return n.opset() == 13 && n.inputs() == 3 && n.outputs() == 1 && n.has_input(0) &&
         !n.has_input(1) && n.has_input(2) && !n.has_input(3) && n.has_output(0) &&
         !n.has_output(1) && n.input(0).element == element_type::float32 &&
         n.input_shape(0) == shape{2, 3} && !n.output(0).has_shape;
}
static_assert(sees_inputs());

constexpr bool sees_attributes() {
  auto const g = one_node();
  node_view const n(g, g.nodes[0]);
  return n.has_attribute("axis") && !n.has_attribute("Axis") && n.integer("axis", 9) == 2 &&
         n.integer("none", 9) == 9 && n.real("alpha", 1) == 0.5f && n.real("none", 1) == 1 &&
         n.text("mode", "slow") == "fast" && n.text("none", "slow") == "slow" &&
         n.integers("list").size() == 2 && n.integers("list")[1] == 5 && n.integers("none").empty();
}
static_assert(sees_attributes());

constexpr bool sees_constants() {
  auto const g = one_node();
  node_view const n(g, g.nodes[0]);
  return !n.is_constant(0) && !n.is_constant(1) && n.is_constant(2) && !n.is_constant(3) &&
         n.constant_integer(2, 0) == 7 && n.constant_integer(2, 1) == -8;
}
static_assert(sees_constants());

static_assert(axis_of(0, 3) == 0 && axis_of(2, 3) == 2);
static_assert(axis_of(-1, 3) == 2 && axis_of(-3, 3) == 0);
static_assert(axis_of(3, 3) == -1 && axis_of(-4, 3) == -1);
static_assert(axis_of(0, 0) == -1 && axis_of(-1, 0) == -1);

}  // namespace

TEST_CASE("an axis of any size is within the rank or refused") {
  CHECK(axis_of(std::numeric_limits<std::int64_t>::max(), 8) == -1);
  CHECK(axis_of(std::numeric_limits<std::int64_t>::min(), 8) == -1);
  CHECK(axis_of(std::int64_t{1} << 32, 8) == -1);
}
