// Normalization of the last axes by their own statistics.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/string_view.hpp"
#include "inlay/kernel/row_normalization.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/op/view.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

inline constexpr attribute_rule row_attributes[] = {{"axis", attribute_kind::integer},
                                                    {"epsilon", attribute_kind::real},
                                                    {"stash_type", attribute_kind::integer}};

/// Whether x has the extents of y from `axis` on, or a single element, but for ones in front: what
/// the kernel takes.
constexpr bool fits_rows(auto const& n, shape const& x, shape const& y, int axis) {
  bool is_single = true;
  bool is_whole = x.size() >= y.size() - axis;
  for (int i = 0; i < x.size(); ++i) {
    int const to = y.size() - x.size() + i;
    is_single = is_single && x[i] == 1;
    is_whole = is_whole && n.can_equal(x[i], to >= axis ? y[to] : 1);
  }
  return is_single || is_whole;
}

/// Whether x broadcasts to y, and y to nothing larger.
constexpr bool repeats_to(auto const& n, shape const& x, shape const& y) {
  int const missing = y.size() - x.size();
  bool fits = missing >= 0;
  for (int i = 0; fits && i < x.size(); ++i) fits = x[i] == 1 || n.can_equal(x[i], y[i + missing]);
  return fits;
}
/// Whether the kernel takes the scale (input 1) or the bias (input 2) of a node; without a bias,
/// yes.
constexpr bool takes_parameter(auto const& n, int input) {
  auto const& x = n.input_shape(0);
  return !n.has_input(input) ||
         fits_rows(n, n.input_shape(input), x, axis_of(n.integer("axis", -1), x.size()));
}
constexpr bool is_split_row_normalization(auto const& n) {
  return !takes_parameter(n, 1) || !takes_parameter(n, 2);
}

/// The type rule of LayerNormalization and RMSNormalization.
constexpr result<tensor_type> infer_row_normalization(auto const& n) {
  auto const& x = n.input(0);
  int const rank = x.shape.size();
  auto const given = n.integer("axis", -1);
  int const axis = axis_of(given, rank);
  if (axis < 0) {
    return make_error(rule::the_axis_must_be_within_the_rank, "axis ", given,
                      " is outside of the input's ", rank, " axes");
  }
  // 1 is float32 in ONNX's numbers, 11 float64.
  auto const stash = n.integer("stash_type", 1);
  if (stash != 1 && !(stash == 11 && x.element == element_type::float64)) {
    return make_error(rule::an_attribute_must_be_in_range, "attribute 'stash_type' is ", stash,
                      "; statistics have the element type of the input, ", x.element);
  }
  constexpr string_view names[] = {"scale", "bias"};
  for (int i = 1; i < 3; ++i) {
    if (takes_parameter(n, i) || repeats_to(n, n.input_shape(i), x.shape)) continue;
    return make_error(rule::shapes_must_broadcast, "the ", names[i - 1], " of shape ",
                      n.input_shape(i), " does not broadcast to the input of shape ", x.shape);
  }
  return x;
}

/// Rows of the axes from `axis` on.   {2, 3, 4, 5} from axis 2 on → {6, 20}
constexpr shape extents_as_rows(auto const& n, shape const& x) {
  int const axis = axis_of(n.integer("axis", -1), x.size());
  shape rows{1, 1};
  for (int i = 0; i < x.size(); ++i) rows[i < axis ? 0 : 1] *= x[i];
  return rows;
}
/// It goes over the input three times, whose neighbours must lie next to each other.
constexpr bool reads_rows(auto const& n, int input, layout x) {
  return input == 0 && see_as(x, extents_as_rows(n, x.extents)) && x.strides[1] == 1;
}
/// How the kernels see tensors of which element operators make their input; false where they
/// cannot.
constexpr bool see_through(layer_normalization const&, auto const& n, span<layout> tensors,
                           layout&) {
  return see_as_rows(tensors, axis_of(n.integer("axis", -1), tensors[0].extents.size()));
}
constexpr bool see_through(root_mean_square_normalization const&, auto const& n,
                           span<layout> tensors, layout& y) {
  return see_through(layer_normalization{}, n, tensors, y);
}
constexpr void lower_row_normalization(auto const& n, lowering& l) {
  auto const rows = extents_as_rows(n, l.inputs[0].extents);
  for (std::size_t i = 1; i < l.inputs.size(); ++i) {
    auto& scale = l.inputs[i];
    if (scale.element == element_type::undefined) continue;
    bool const repeats = elements_of(scale.extents) == 1;
    scale = layout(scale.element, {rows[1]});
    if (repeats) scale.strides = {0};
  }
  see_as(l.inputs[0], rows);
  see_as(l.outputs[0], rows);
  l.multiply_adds = elements_of(rows);
}

}  // namespace detail

namespace op {

/// y = (x - mean) / sqrt(variance + epsilon) · scale + bias, with the mean and the variance of the
/// axes from `axis` on, the last by default.
/// *Shapes*: scale and bias broadcast to x. Where they are not those of x from `axis` on, nor one
/// element, `split_operators` makes other nodes of it.
///                                                             ONNX: LayerNormalization, since 17
struct layer_norm {
  static constexpr string_view name = "LayerNormalization";
  static constexpr int since = 17;
  static constexpr arity inputs{2, 3};
  static constexpr arity outputs{1, 3};
  static constexpr span<attribute_rule const> attributes = detail::row_attributes;
  using types = float_types;
  using kernel = layer_normalization;

  static constexpr result<tensor_type> infer(auto const& n) {
    if (n.has_output(1) || n.has_output(2)) {
      return make_error(rule::the_form_of_the_operator_must_be_supported,
                        n.has_output(1) ? "the mean (output 1)" : "the deviation (output 2)",
                        " is not supported");
    }
    return detail::infer_row_normalization(n);
  }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_rows(n, input, x);
  }
  static constexpr bool writes(auto const& n, layout const& y) { return reads(n, 0, y); }
  static constexpr bool is_split(auto const& n) { return detail::is_split_row_normalization(n); }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_row_normalization(n, l);
    append_words(l.words, layer_normalization{n.real("epsilon", 1e-5f)});
  }
};

/// y = x / sqrt(mean of squares + epsilon) · scale, likewise.    ONNX: RMSNormalization, since 23
struct rms_norm {
  static constexpr string_view name = "RMSNormalization";
  static constexpr int since = 23;
  static constexpr arity inputs{2, 2};
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::row_attributes;
  using types = float_types;
  using kernel = root_mean_square_normalization;

  static constexpr result<tensor_type> infer(auto const& n) {
    return detail::infer_row_normalization(n);
  }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_rows(n, input, x);
  }
  static constexpr bool writes(auto const& n, layout const& y) { return reads(n, 0, y); }
  static constexpr bool is_split(auto const& n) { return detail::is_split_row_normalization(n); }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_row_normalization(n, l);
    append_words(l.words, root_mean_square_normalization{n.real("epsilon", 1e-5f)});
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
