// How messages call a node, and that a graph keeps its first error.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/graph.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string_view>

#include "everything.hpp"
#include "inlay/graph/builder.hpp"

namespace {
using namespace inlay;

constexpr graph three_nodes() {
  builder b;
  auto const x = b.input("x", {element_type::float32, {2}});
  auto const a = b.add(operator_id{1}, "Relu", "", {x});
  auto const c = b.add(operator_id{1}, "Relu", "relu 2", {a});
  b.output(b.add(operator_id{2}, "MatMul", "fc", {c, c}));
  return b.finish();
}

constexpr bool label_is(std::size_t index, std::string_view expected) {
  auto const g = three_nodes();
  return label_of(g, g.nodes[index]).view() == expected;
}
static_assert(label_is(0, "node 0 (Relu)"));
static_assert(label_is(1, "node 1 'relu 2' (Relu)"));
static_assert(label_is(2, "node 2 'fc' (MatMul)"));

// Nodes of bodies and functions say where they are.
constexpr bool label_in_a_body_is(std::size_t index, std::string_view expected) {
  auto const g = inlay_test::everything();
  return label_of(g, g.body_nodes[index]).view() == expected;
}
static_assert(label_in_a_body_is(0, "node 0 'next' (Add) of body 'loop'"));
static_assert(label_in_a_body_is(2, "node 1 (Neg) of body 'then'"));
static_assert(label_in_a_body_is(3, "node 0 (Neg) of body 5"));
static_assert(label_in_a_body_is(5, "node 1 (Call) of function 'Split.2'"));
constexpr bool a_node_among_bodies_keeps_its_label() {
  auto const g = inlay_test::everything();
  return label_of(g, g.nodes[3]).view() == "node 3 (If)";
}
static_assert(a_node_among_bodies_keeps_its_label());

constexpr error located() {
  auto g = three_nodes();
  g.nodes[2].offset = 1234;
  fail(g, g.nodes[2], make_error(rule::an_extent_must_not_be_negative, "it is ", -3));
  fail(g, g.nodes[0], make_error(rule::shapes_must_broadcast, "later"));
  g.fail(make_error(rule::shapes_must_broadcast, "later still"));
  return g.failure;
}
static_assert(located().broken == rule::an_extent_must_not_be_negative);
static_assert(located().text.view() == "node 2 'fc' (MatMul): it is -3");
static_assert(located().offset == 1234);

}  // namespace

TEST_CASE("a graph can be copied, and the copy stands alone") {
  auto const g = three_nodes();
  auto copy = g;
  copy.nodes[0].name = "changed";
  copy.operands[0] = 5;
  CHECK(g.nodes[0].name.empty());
  CHECK(g.operands[0] == 0);
}
