// Softmax, and its logarithm.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/string_view.hpp"
#include "inlay/kernel/softmax.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/op/view.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

inline constexpr attribute_rule softmax_attributes[] = {{"axis", attribute_kind::integer}};

constexpr result<tensor_type> infer_softmax(auto const& n) {
  auto const& x = n.input_shape(0);
  auto const axis = n.integer("axis", -1);
  if (axis_of(axis, x.size()) < 0) {
    return make_error(rule::the_axis_must_be_within_the_rank, "axis ", axis,
                      " is outside of the input's ", x.size(), " axes");
  }
  return n.input(0);
}

/// Axes before and behind the one in question are joined.   {2, 3, 4, 5} along 1 → {2, 3, 20}
constexpr shape softmax_extents(auto const& n, shape const& x) {
  int const axis = axis_of(n.integer("axis", -1), x.size());
  shape seen{1, 1, 1};
  for (int i = 0; i < x.size(); ++i) seen[i < axis ? 0 : i == axis ? 1 : 2] *= x[i];
  return seen;
}
/// It goes over the input three times, whose neighbours must lie next to each other.
constexpr bool reads_softmax(auto const& n, layout x) {
  if (!see_as(x, softmax_extents(n, x.extents))) return false;
  return x.strides[x.extents[2] == 1 ? 1 : 2] == 1;
}
/// How the kernels see tensors of which element operators make their input; false where they
/// cannot.
constexpr bool see_through(softmax_normalization const&, auto const& n, span<layout> tensors,
                           layout&) {
  auto const& x = tensors[0].extents;
  auto const seen = softmax_extents(n, x);
  return seen[2] == 1 && see_as_rows(tensors, axis_of(n.integer("axis", -1), x.size()));
}
constexpr bool see_through(log_softmax_normalization const&, auto const& n, span<layout> tensors,
                           layout& y) {
  return see_through(softmax_normalization{}, n, tensors, y);
}
constexpr void lower_softmax(auto const& n, lowering& l) {
  auto const seen = softmax_extents(n, l.inputs[0].extents);
  see_as(l.inputs[0], seen);
  see_as(l.outputs[0], seen);
}

}  // namespace detail

namespace op {

/// exp(x) divided by its sum along `axis`, the last by default. `convert_opset` brings the form of
/// opsets before 13 to this one.                                            ONNX: Softmax, since 1
struct softmax {
  static constexpr string_view name = "Softmax";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::softmax_attributes;
  using types = float_types;
  using kernel = softmax_normalization;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_softmax(n); }
  static constexpr bool reads(auto const& n, int, layout const& x) {
    return detail::reads_softmax(n, x);
  }
  static constexpr bool writes(auto const& n, layout const& y) { return reads(n, 0, y); }
  static constexpr void lower(auto const& n, lowering& l) { detail::lower_softmax(n, l); }
};

/// The logarithm of a softmax.                                           ONNX: LogSoftmax, since 1
struct log_softmax {
  static constexpr string_view name = "LogSoftmax";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::softmax_attributes;
  using types = float_types;
  using kernel = log_softmax_normalization;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_softmax(n); }
  static constexpr bool reads(auto const& n, int, layout const& x) {
    return detail::reads_softmax(n, x);
  }
  static constexpr bool writes(auto const& n, layout const& y) { return reads(n, 0, y); }
  static constexpr void lower(auto const& n, lowering& l) { detail::lower_softmax(n, l); }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
