// Convolution.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/string_view.hpp"
#include "inlay/kernel/convolution.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/op/lowering.hpp"
#include "inlay/op/window.hpp"

namespace inlay::inline INLAY_VERSION {
namespace detail {

/// The sizes of the window that weights [o, c, rows, columns] or [o, c, columns] are; -1 where one
/// has no value. They must equal those that the node declares.
constexpr result<window_sizes> sizes_of_weights(auto const& n, shape const& weights) {
  auto const axes = static_cast<std::size_t>(weights.size()) - 2;
  window_sizes sizes;
  auto const declared = n.integers("kernel_shape");
  bool const is_declared = n.has_attribute("kernel_shape");
  bool is_equal = !is_declared || declared.size() == axes;
  for (std::size_t i = 0; i < axes && is_equal; ++i) {
    auto const extent = weights[static_cast<int>(i) + 2];
    auto const size = is_declared ? declared[i] : extent;
    is_equal = !is_declared || (size >= 0 && n.can_equal(extent, size));
    sizes.of[i + 2 - axes] = size < 0 ? -1 : size;
  }
  if (!is_equal) {
    shape window;
    for (int i = 2; i < weights.size(); ++i) window.push_back(weights[i]);
    return make_error(rule::the_window_must_have_the_shape_of_the_weights,
                      "attribute 'kernel_shape' does not equal the weights' ", window);
  }
  return sizes;
}

constexpr error check_ranks(auto const& n) {
  auto const& x = n.input_shape(0);
  auto const& weights = n.input_shape(1);
  if (!is_image_or_sequence(x) || weights.size() != x.size()) {
    bool const is_larger = x.size() > 4 && weights.size() == x.size();
    return make_error(is_larger ? rule::the_form_of_the_operator_must_be_supported
                                : rule::the_rank_must_match_the_operator,
                      "the input of shape ", x, " and the weights of shape ", weights,
                      " need 3 axes each, or 4; only sequences and images are supported");
  }
  return {};
}

/// A bias, where there is one, has an element a channel of the output.
constexpr error check_bias(auto const& n, std::int64_t channels) {
  if (n.has_input(2) &&
      (n.input_shape(2).size() != 1 || !n.can_equal(n.input_shape(2)[0], channels))) {
    return make_error(rule::the_bias_must_have_one_element_a_channel, "the bias has shape ",
                      n.input_shape(2), ", the weights make ", shape{channels}, " channels");
  }
  return {};
}

/// The type of the `channels` channels that weights make of a node's input, where `window(sizes)`
/// is the window of so many elements.
constexpr result<tensor_type> infer_under_weights(auto const& n, std::int64_t channels,
                                                  auto const& window) {
  if (auto e = check_bias(n, channels)) return e;
  auto const sizes = sizes_of_weights(n, n.input_shape(1));
  if (!sizes) return sizes.failure();
  bool const is_sized = sizes->of[0] >= 0 && sizes->of[1] >= 0;
  result<image_window> w = window(is_sized ? *sizes : window_sizes{});
  if (!w) return w.failure();
  for (auto& extent : w->outputs) {
    if (!is_sized) extent = n.extent_of(dimension_sum::unknown());
  }
  return tensor_type{n.input(0).element, shape_under(n.input_shape(0), channels, w->outputs)};
}

/// Looks at input, weights and output as at images; the window over the input, see above.
constexpr image_window lower_window(lowering& l, auto const& window) {
  see_as_image(l.inputs[0]);
  see_as_image(l.inputs[1]);
  see_as_image(l.outputs[0]);
  auto const& weights = l.inputs[1].extents;
  result<image_window> w = window(window_sizes{{weights[2], weights[3]}});
  // Without channels there is nothing to look for, however large the window.
  if (l.inputs[0].extents[1] == 0) w->axes[0].size = w->axes[1].size = 0;
  return *w;
}

}  // namespace detail

namespace op {

/// A window of weights over an image, each output channel the sum over the input channels of its
/// group; or over a sequence.
/// *Shapes*: x [n, c, h, w], weights [o, c/group, rows, columns], bias [o], y [n, o, h', w'], or
/// without h, rows and h'.
///                                                                          ONNX: Conv, since 1
struct conv {
  static constexpr string_view name = "Conv";
  static constexpr int since = 1;
  static constexpr arity inputs{2, 3};
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {
      {"auto_pad", attribute_kind::text}, {"dilations", attribute_kind::integers},
      {"group", attribute_kind::integer}, {"kernel_shape", attribute_kind::integers},
      {"pads", attribute_kind::integers}, {"strides", attribute_kind::integers}};
  using types = float_types;
  using kernel = convolution;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input_shape(0);
    auto const& weights = n.input_shape(1);
    if (auto e = detail::check_ranks(n)) return e;
    auto const groups = n.integer("group", 1);
    if (groups < 1 || (weights[0] >= 0 && weights[0] % groups != 0)) {
      return make_error(rule::channels_must_divide_into_the_groups, weights[0],
                        " output channels do not divide into ", groups, " groups");
    }
    bool const is_known = x[1] >= 0 && weights[1] >= 0;
    if (is_known ? x[1] % groups != 0 || x[1] / groups != weights[1]
                 : !n.can_equal(x[1], n.multiply(weights[1], groups))) {
      return make_error(rule::channels_of_the_input_must_match_the_weights, "the input has ",
                        shape{x[1]}, " channels in ", groups, groups == 1 ? " group" : " groups",
                        ", the weights expect ", shape{weights[1]}, " in each");
    }
    return detail::infer_under_weights(n, weights[0],
                                       [&](auto const& sizes) { return window_of(n, x, sizes); });
  }

  static constexpr void lower(auto const& n, lowering& l) {
    auto const x = l.inputs[0].extents;
    auto const w =
        detail::lower_window(l, [&](auto const& sizes) { return window_of(n, x, sizes); });
    append_words(l.words, convolution{w.axes[0], w.axes[1], n.integer("group", 1)});
    note_sizes(w, l);
    auto const& weights = l.inputs[1].extents;
    // The weights are a tensor, so that the product of their extents fits.
    l.multiply_adds = saturating_multiply(elements_of(l.outputs[0].extents),
                                          weights[1] * weights[2] * weights[3]);
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
