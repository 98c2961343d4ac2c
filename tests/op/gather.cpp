// Gather: its type rule, and what its kernel sees.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/gather.hpp"

#include <doctest/doctest.h>

#include "inlay/pass/infer_types.hpp"
#include "inlay/pass/split_operators.hpp"
#include "one_node.hpp"

namespace {
using namespace inlay_test;

constexpr tensor_type int64(shape const& s) { return {element_type::int64, s}; }

static_assert(infers<op::gather>({2, 3, 4}, {float32({5, 4}), int64({2, 3})}));
static_assert(infers<op::gather>({5, 2}, {float32({5, 4}), int64({2})}, {{"axis", -1}}));
static_assert(infers<op::gather>({4}, {float32({5, 4}), {element_type::int32, {}}}));
static_assert(infers<op::gather>({0, 4}, {float32({0, 4}), int64({0})}));
static_assert(refuses<op::gather>(rule::the_axis_must_be_within_the_rank,
                                  "axis 2 is outside of the input's 2 axes",
                                  {float32({5, 4}), int64({2})}, {{"axis", 2}}));
static_assert(refuses<op::gather>(rule::the_element_type_must_be_supported,
                                  "the indices (input 1) are float32, where int64 or int32 is "
                                  "expected",
                                  {float32({5, 4}), float32({2})}));
static_assert(refuses<op::gather>(rule::an_index_must_be_in_range,
                                  "there is nothing along the axis of 0",
                                  {float32({0, 4}), int64({2})}));
static_assert(refuses<op::gather>(rule::a_shape_must_have_at_most_8_axes,
                                  "the result has 9 axes; at most 8 are supported",
                                  {float32({1, 1, 1, 1, 1}), int64({1, 1, 1, 1, 1})}));

constexpr bool axes_before_and_behind_are_one_each() {
  auto const l = lowered<op::gather>({float32({2, 3, 5, 4, 7}), int64({6, 2})}, {{"axis", 2}});
  return looks(l.inputs[0], {6, 5, 28}, {140, 28, 1}) && looks(l.inputs[1], {12}, {1}) &&
         looks(l.outputs[0], {6, 12, 28}, {336, 28, 1});
}
static_assert(axes_before_and_behind_are_one_each());

/// A Gather of constants along an axis of 5, after `split_operators`.
constexpr graph split(std::initializer_list<std::int64_t> indices, shape const& s) {
  builder b;
  auto const x = b.input("x", float32({2, 5}));
  auto const n = b.constant<std::int64_t>("n", s, indices);
  b.output(apply<op::gather>(b, "", {x, n}, {{"axis", 1}}));
  return split_operators(infer_types(b.finish()));
}
constexpr bool is_a_slice(graph const& g, shape const& to) {
  return !g.failure && is<op::slice>(g.nodes[0]) && g.values[g.outputs[0]].type.shape == to;
}
static_assert(is_a_slice(split({1, 2, 3}, {3}), {2, 3}));
static_assert(is_a_slice(split({-1, 2, -5}, {3}), {2, 3}));
static_assert(is_a_slice(split({-2}, {}), {2}) && split({-2}, {}).nodes.size() == 2);
static_assert(is<op::gather>(split({0, 1, 3}, {3}).nodes[0]));
static_assert(is<op::gather>(split({2, 2}, {2}).nodes[0]));
static_assert(split({0, 5}, {2}).failure.text.view() ==
              "node 0 (Gather): index 5 is outside of an axis of 5");

}  // namespace

TEST_CASE("a constant index that is outside is an error of the model") {
  CHECK(split({-6}, {}).failure.text.view() ==
        "node 0 (Gather): index -6 is outside of an axis of 5");
}
