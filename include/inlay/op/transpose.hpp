// Transpose: axes in another order.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/string_view.hpp"
#include "inlay/kernel/transposition.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/op/view.hpp"

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

}  // namespace detail

namespace op {

/// The input with its axes in another order, the reverse one by default: axis i of the output is
/// axis perm[i] of the input. The kernel is that of copies.            ONNX: Transpose, since 1
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
  static constexpr bool view_of_input(auto const& n, int, tensor_view& v) {
    auto const x = v.lies;
    auto const axes = *detail::permutation_of(n, x.extents.size());
    for (int i = 0; i < axes.size(); ++i) {
      auto const axis = static_cast<int>(axes[i]);
      v.lies.extents[i] = x.extents[axis];
      v.lies.strides[i] = x.strides[axis];
    }
    return true;
  }
  static constexpr bool view_of_output(auto const& n, int, tensor_view& v) {
    auto const y = v.lies;
    auto const axes = *detail::permutation_of(n, y.extents.size());
    for (int i = 0; i < axes.size(); ++i) {
      auto const axis = static_cast<int>(axes[i]);
      v.lies.extents[axis] = y.extents[i];
      v.lies.strides[axis] = y.strides[i];
    }
    return true;
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
