// Concat: its type, its errors, and where its inputs are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/concat.hpp"

#include <doctest/doctest.h>

#include "inlay/graph/parse.hpp"
#include "inlay/graph/print.hpp"
#include "inlay/graph/verify.hpp"
#include "inlay/pass/infer_types.hpp"
#include "one_node.hpp"

namespace {
using namespace inlay_test;

static_assert(infers<op::concat>({2, 7}, {float32({2, 3}), float32({2, 4})}, {{"axis", 1}}));
static_assert(infers<op::concat>({6, 3}, {float32({2, 3}), float32({0, 3}), float32({4, 3})},
                                 {{"axis", -2}}));

static_assert(refuses<op::concat>(rule::an_attribute_must_have_a_value,
                                  "attribute 'axis' is left out", {float32({2})}));
static_assert(refuses<op::concat>(rule::the_axis_must_be_within_the_rank,
                                  "axis 1 is outside of the input's 1 axes", {float32({2})},
                                  {{"axis", 1}}));
static_assert(refuses<op::concat>(
    rule::shapes_must_broadcast,
    "input 1 of shape 3x4 differs from input 0 of shape 2x3 along another axis than 0",
    {float32({2, 3}), float32({3, 4})}, {{"axis", 0}}));

constexpr bool is_at(int input, shape const& extents, std::int64_t offset) {
  auto const g =
      one_node<op::concat>({float32({2, 3}), float32({2, 4}), float32({2, 1})}, {{"axis", 1}}, 22);
  tensor_view v{layout(float32({2, 8})), 0};
  op::concat::view_of_output(node_view(g, g.nodes[0]), input, v);
  return looks(v.lies, extents, {8, 1}) && v.offset == offset;
}
static_assert(is_at(0, {2, 3}, 0) && is_at(1, {2, 4}, 3) && is_at(2, {2, 1}, 7));

}  // namespace

TEST_CASE("what extents without a value come to together") {
  auto g = infer_types(
      verify(parse("graph \"g\" opset 21\ninput %0 : float32[n, 3]\ninput %1 : float32[m, k]\n"
                   "%2 = Concat(%0, %1) {axis = 0}\nreturn %2\n",
                   find_operator)));
  REQUIRE_FALSE(g.failure);
  CHECK(print(g, g.values[2].type).view() == "float32[m + n, 3]");
}
