// How messages call a node, and that a graph keeps its first error.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/graph.hpp"

#include <doctest/doctest.h>

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
