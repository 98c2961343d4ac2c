// Transpose: axes in another order.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/string_view.hpp"
#include "inlay/kernel/transposition.hpp"
#include "inlay/op/elementwise.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

inline constexpr attribute_rule transpose_attributes[] = {{"perm", attribute_kind::integers}};

/// Which axis of the input each axis of the output is.
constexpr result<shape> permutation_of(auto const& n, int rank) {
  shape axes;
  if (!n.has_attribute("perm")) {
    for (int i = rank - 1; i >= 0; --i) axes.push_back(i);
    return axes;
  }
  auto const perm = n.integers("perm");
  if (static_cast<int>(perm.size()) != rank) {
    return make_error(rule::an_attribute_must_be_in_range, "perm has ", perm.size(),
                      " axes, the input has ", rank);
  }
  bool is_named[max_rank]{};
  for (auto const axis : perm) {
    if (axis < 0 || axis >= rank) {
      return make_error(rule::the_axis_must_be_within_the_rank, "axis ", axis,
                        " of perm is outside of the input's ", rank, " axes");
    }
    if (is_named[axis]) {
      return make_error(rule::the_axis_must_be_within_the_rank, "perm names axis ", axis, " twice");
    }
    is_named[axis] = true;
    axes.push_back(axis);
  }
  return axes;
}

/// Moves an axis further back, the same in both tensors.
constexpr void move_axis(layout& x, layout& y, int from, int to) {
  for (layout* const t : {&x, &y}) {
    for (shape* const s : {&t->extents, &t->strides}) {
      auto const moved = (*s)[from];
      for (int i = from; i < to; ++i) (*s)[i] = (*s)[i + 1];
      (*s)[to] = moved;
    }
  }
}

/// An elementwise copy of one tensor to another, as `lower_elementwise` leaves it, as a
/// transposition sees it: the axis along which the input is contiguous is the last but one; false
/// where it is the last one, or there is none.
///   x {12, 5, 4} of strides {1, 48, 12} → {5, 12, 4} of strides {48, 1, 12}
constexpr bool lower_transposition(lowering& l) {
  auto& x = l.inputs[0];
  auto& y = l.outputs[0];
  int const last = x.strides.size() - 1;
  if (last < 1 || x.strides[last] == 1) return false;
  for (int i = 0; i < last; ++i) {
    if (x.strides[i] != 1) continue;
    move_axis(x, y, i, last - 1);
    return true;
  }
  return false;
}

}  // namespace detail

namespace op {

/// The input with its axes in another order, the reverse one by default: axis i of the output is
/// axis perm[i] of the input.                                          ONNX: Transpose, since 1
struct transpose {
  static constexpr string_view name = "Transpose";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::transpose_attributes;
  using types = stored_types;
  using kernel = transposition;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    auto const axes = detail::permutation_of(n, x.shape.size());
    if (!axes) return axes.failure();
    shape y;
    for (auto const axis : *axes) y.push_back(x.shape[static_cast<int>(axis)]);
    return tensor_type{x.element, y};
  }
  static constexpr void lower(auto const& n, lowering& l) {
    auto& x = l.inputs[0];
    auto const from = x;
    auto const axes = *detail::permutation_of(n, from.extents.size());
    for (int i = 0; i < axes.size(); ++i) {
      auto const axis = static_cast<int>(axes[i]);
      x.extents[i] = from.extents[axis];
      x.strides[i] = from.strides[axis];
    }
    lower_elementwise(l);
    detail::lower_transposition(l);
    for (layout* const t : {&x, &l.outputs[0]}) {
      if (t->extents.size() > 1) continue;
      t->strides = {t->extents[0], 1};
      t->extents = {1, t->extents[0]};
    }
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
