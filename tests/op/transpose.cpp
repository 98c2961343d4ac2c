// Transpose: its type, its errors, and how its kernel sees the tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/transpose.hpp"

#include <doctest/doctest.h>

#include "one_node.hpp"

namespace {
using namespace inlay_test;

using axes_list = std::initializer_list<std::int64_t>;

constexpr bool gives(axes_list perm, shape const& x, shape const& y) {
  return infers<op::transpose>(y, {float32(x)}, {{"perm", perm}});
}
static_assert(gives({1, 2, 0}, {2, 3, 4}, {3, 4, 2}) && gives({0, 1}, {2, 3}, {2, 3}));
static_assert(infers<op::transpose>({4, 3, 2}, {float32({2, 3, 4})}));
static_assert(infers<op::transpose>({}, {float32({})}));

constexpr bool fails(axes_list perm, rule broken, std::string_view text) {
  return refuses<op::transpose>(broken, text, {float32({2, 3})}, {{"perm", perm}});
}
static_assert(fails({0}, rule::an_attribute_must_be_in_range, "perm has 1 axes, the input has 2"));
static_assert(fails({0, 2}, rule::the_axis_must_be_within_the_rank,
                    "axis 2 of perm is outside of the input's 2 axes"));
static_assert(fails({0, -1}, rule::the_axis_must_be_within_the_rank,
                    "axis -1 of perm is outside of the input's 2 axes"));
static_assert(fails({1, 1}, rule::the_axis_must_be_within_the_rank, "perm names axis 1 twice"));

/// Whether a copy of it sees both with these extents, and these strides of the input and the
/// output, and is a transposition.
constexpr bool is_seen(bool is_transposition, shape const& x, axes_list perm, shape const& extents,
                       shape const& from, shape const& to) {
  auto const g = one_node<op::transpose>({float32(x)}, {{"perm", perm}}, 22);
  tensor_view v{layout(float32(x)), 0};
  op::transpose::view_of_input(node_view(g, g.nodes[0]), 0, v);
  lowering l;
  return lower_copy(l, v.lies, layout(v.lies.element, v.lies.extents)) == is_transposition &&
         looks(l.inputs[0], extents, from) && looks(l.outputs[0], extents, to);
}
// Channels behind rows and columns, which stay together: a batch of matrices.
static_assert(is_seen(true, {2, 3, 4, 5}, {0, 2, 3, 1}, {2, 20, 3}, {60, 1, 20}, {60, 3, 1}));
// Heads in front of rows, which stay contiguous.
static_assert(is_seen(false, {7, 4, 8}, {1, 0, 2}, {4, 7, 8}, {8, 32, 1}, {56, 8, 1}));
// The axis along which the input is contiguous is the last but one.
static_assert(is_seen(true, {2, 3, 4}, {2, 1, 0}, {3, 4, 2}, {4, 1, 12}, {2, 6, 1}));
// Where nothing moves in memory, there is one row.
static_assert(is_seen(false, {1, 3, 4}, {1, 0, 2}, {12}, {1}, {1}));
static_assert(is_seen(false, {}, {}, {1}, {1}, {1}));

}  // namespace
