// Expand.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/expand.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "one_node.hpp"

namespace {
using namespace inlay_test;

constexpr graph expand_to(shape const& x, std::initializer_list<std::int64_t> extents) {
  builder b("", 21);
  auto const in = b.input({}, float32(x));
  auto const to = b.constant({}, {static_cast<std::int64_t>(extents.size())}, extents);
  b.output(apply<op::expand>(b, "", {in, to}));
  return b.finish();
}
constexpr bool gives(shape const& x, std::initializer_list<std::int64_t> extents, shape const& y,
                     shape const& strides) {
  auto g = expand_to(x, extents);
  auto const type = type_of(g);
  g.values[g.operands[g.nodes[0].outputs.first]].type = *type;
  tensor_view v{layout(float32(x)), 0};
  op::expand::view_of_input(node_view(g, g.nodes[0]), 0, v);
  return type->shape == y && looks(v.lies, y, strides);
}
constexpr bool refuses(graph g, rule broken, std::string_view text) {
  auto const type = type_of(std::move(g));
  return !type && type.failure().broken == broken && type.failure().text.view() == text;
}

// onnx.shape_inference: the two broadcast with each other.
static_assert(gives({3, 1}, {2, 1, 4}, {2, 3, 4}, {0, 1, 0}));
static_assert(gives({3, 4}, {1}, {3, 4}, {4, 1}));
static_assert(gives({}, {2}, {2}, {0}));

static_assert(refuses(expand_to({3, 4}, {3, 5}), rule::shapes_must_broadcast,
                      "the shapes 3x4 and 3x5 do not broadcast: 4 and 5 stand on the same axis"));
static_assert(refuses(expand_to({3, 4}, {3, -1}), rule::an_extent_must_not_be_negative,
                      "extent 1 of the new shape is -1"));

}  // namespace

TEST_CASE("a shape that is computed leaves the result without") {
  builder b("", 21);
  auto const x = b.input({}, float32({2}));
  b.output(apply<op::expand>(b, "", {x, b.input({}, {element_type::int64, {1}})}));
  auto const type = type_of(b.finish());
  REQUIRE(type);
  CHECK_FALSE(type->has_shape);
}
