// Transposed convolution.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/kernel/transposed_convolution.hpp"
#include "inlay/op/convolution.hpp"

namespace inlay::inline INLAY_VERSION {
namespace detail {

/// The taps and outputs that a node's attributes describe, of an input of shape [n, c, w] or
/// [n, c, h, w], by weights of `sizes` elements an axis: as many outputs as the taps reach, and
/// `output_padding` more, without the pads; or as many as are wanted, from which the pads follow.
/// Along an axis whose extent has no value only the outputs are found.
/// *Source*: ONNX ConvTranspose-22.
constexpr result<image_window> transposed_window_of(auto const& n, shape const& x,
                                                    window_sizes const& sizes) {
  auto const axes = static_cast<std::size_t>(x.size()) - 2;
  if (auto e = check_window_attributes(n, axes)) return e;
  for (string_view const name : {"output_padding", "output_shape"}) {
    if (auto e = check_window_attribute(n, name, axes, 0)) return e;
  }
  auto const auto_pad = n.text("auto_pad", "NOTSET");
  image_window w;
  for (std::size_t i = 0; i < axes; ++i) {
    auto const extent = x[static_cast<int>(i) + 2];
    auto const at = i + 2 - axes;  // of the image
    auto const declared = window_axis_of(n, sizes.of[at], at, i);
    if (!declared) return declared.failure();
    auto& axis = w.axes[at] = *declared;
    auto const reach = (axis.size - 1) * axis.dilation + 1;
    auto const more = reach - axis.stride + value_or(n.integers("output_padding"), i, 0);
    auto& outputs = w.outputs[at];
    if (is_same(auto_pad) || n.has_attribute("output_shape")) {
      outputs = is_same(auto_pad) ? n.multiply(extent, axis.stride) : n.integers("output_shape")[i];
      if (extent < 0 || outputs < 0) continue;
      auto const pads = saturating_add(saturating_multiply(extent, axis.stride), more - outputs);
      axis.pad = pads > 0 ? pads_in_front(pads, auto_pad) : 0;
      continue;
    }
    bool const is_padded = auto_pad == "NOTSET";
    axis.pad = is_padded ? value_or(n.integers("pads"), i, 0) : 0;
    auto const pads = axis.pad + (is_padded ? value_or(n.integers("pads"), i + axes, 0) : 0);
    if (extent < 0) {
      auto const reached = n.sum_of(extent) * dimension_sum(axis.stride);
      outputs = n.extent_of(reached + dimension_sum(more - pads));
      continue;
    }
    auto const reached = saturating_add(saturating_multiply(extent, axis.stride), more);
    outputs = reached - pads;
    if (outputs < 0) {
      return make_error(rule::the_window_must_fit_into_the_padded_input, "the taps reach over ",
                        reached, at == 0 ? " rows" : " columns", ", of which the pads take ", pads);
    }
  }
  return w;
}

}  // namespace detail

namespace op {

/// The weights of a window times each element of an image, each output the sum of what reaches it:
/// what a convolution by the same weights does backwards; or over a sequence.
/// *Shapes*: x [n, c, h, w], weights [c, o/group, rows, columns], bias [o], y [n, o, h', w'], or
/// without h, rows and h'.
///                                                                  ONNX: ConvTranspose, since 1
struct conv_transpose {
  static constexpr string_view name = "ConvTranspose";
  static constexpr int since = 1;
  static constexpr arity inputs{2, 3};
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {
      {"auto_pad", attribute_kind::text},           {"dilations", attribute_kind::integers},
      {"group", attribute_kind::integer},           {"kernel_shape", attribute_kind::integers},
      {"output_padding", attribute_kind::integers}, {"output_shape", attribute_kind::integers},
      {"pads", attribute_kind::integers},           {"strides", attribute_kind::integers}};
  using types = float_types;
  using kernel = transposed_convolution;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input_shape(0);
    auto const& weights = n.input_shape(1);
    if (auto e = detail::check_ranks(n)) return e;
    auto const groups = n.integer("group", 1);
    if (groups < 1 || (x[1] >= 0 && x[1] % groups != 0)) {
      return make_error(rule::channels_must_divide_into_the_groups, shape{x[1]},
                        " input channels do not divide into ", groups, " groups");
    }
    if (!n.can_equal(x[1], weights[0])) {
      return make_error(rule::channels_of_the_input_must_match_the_weights, "the input has ",
                        shape{x[1]}, " channels, the weights expect ", shape{weights[0]});
    }
    return detail::infer_under_weights(n, n.multiply(weights[1], groups), [&](auto const& sizes) {
      return detail::transposed_window_of(n, x, sizes);
    });
  }

  static constexpr void lower(auto const& n, lowering& l) {
    auto const x = l.inputs[0].extents;
    auto const w = detail::lower_window(
        l, [&](auto const& sizes) { return detail::transposed_window_of(n, x, sizes); });
    append_words(l.words, transposed_convolution{w.axes[0], w.axes[1], n.integer("group", 1)});
    auto const& weights = l.inputs[1].extents;
    // The weights are a tensor, so that the product of their extents fits.
    l.multiply_adds =
        saturating_multiply(elements_of(l.inputs[0].extents), weights[1] * weights[2] * weights[3]);
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
