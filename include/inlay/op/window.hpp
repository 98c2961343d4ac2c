// Windows over images and sequences: what convolutions and poolings have in common.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/checked.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/kernel/window.hpp"
#include "inlay/op/lowering.hpp"
#include "inlay/op/node_view.hpp"

namespace inlay::inline INLAY_VERSION {

/// A window over the two axes of an image, and how often it fits. A sequence is an image of one
/// row.
struct image_window {
  window_axis axes[2];
  std::int64_t outputs[2]{1, 1};
  std::int64_t pad_end[2]{};  // behind the last input
  /// The most that inputs of any extents need around them.
  image_border widest;
  bool is_sized[2]{};  // the extent of the input decides how much padding there is
};

/// Says of a kernel that begins with the windows what other extents would change.
constexpr void note_sizes(image_window const& w, lowering& l) {
  l.widest = w.widest;
  for (int i = 0; i < 2; ++i) {
    if (w.is_sized[i]) l.sized_words |= 1u << pad_words[i];
  }
}

/// How many elements a window has along the two axes of an image.
struct window_sizes {
  std::int64_t of[2]{1, 1};
};

/// Whether windows slide over inputs of this shape: sequences [n, c, w] and images [n, c, h, w].
constexpr bool is_image_or_sequence(shape const& x) { return x.size() == 3 || x.size() == 4; }

/// The shape of what a window makes of such an input: `channels` of them, for each place where it
/// fits.   {2, 3, 9}, 4 channels, 1x7 → {2, 4, 7}
constexpr shape shape_under(shape const& x, std::int64_t channels, std::int64_t const (&fits)[2]) {
  shape y{x[0], channels};
  for (int i = 4 - x.size(); i < 2; ++i) y.push_back(fits[i]);
  return y;
}

/// Looks at a sequence, or at weights for one, as at an image of one row.
///   {2, 3, 9} contiguous → {2, 3, 1, 9}, strides {27, 9, 9, 1}
constexpr void see_as_image(layout& x) {
  if (x.extents.size() != 3) return;
  auto const columns = x.extents[2];
  auto const stride = x.strides[2];
  x.extents[2] = 1;
  x.strides[2] = columns * stride;
  x.extents.push_back(columns);
  x.strides.push_back(stride);
}

namespace detail {

/// Above, an attribute is no window anybody means, and sums of them could overflow.
inline constexpr std::int64_t largest_window = std::int64_t{1} << 31;

constexpr std::int64_t value_or(span<std::int64_t const> values, std::size_t i,
                                std::int64_t otherwise) {
  return values.empty() ? otherwise : values[i];
}

constexpr error check_window_attribute(auto const& n, string_view name, std::size_t size,
                                       std::int64_t least) {
  if (!n.has_attribute(name)) return {};
  auto const values = n.integers(name);
  if (values.size() != size) {
    return make_error(rule::the_rank_must_match_the_operator, "attribute '", name, "' has ",
                      values.size(), " values, where ", size, " are expected");
  }
  for (auto const v : values) {
    if (v < least || v > largest_window) {
      return make_error(rule::an_attribute_must_be_in_range, "attribute '", name, "' holds ", v,
                        ", where at least ", least, " is expected");
    }
  }
  return {};
}

/// The size, stride and dilation of a node's window along an axis of an image, the i-th of those
/// that the input has.
constexpr result<window_axis> window_axis_of(auto const& n, std::int64_t size, std::size_t axis,
                                             std::size_t i) {
  if (size < 1 || size > largest_window) {
    return make_error(rule::an_attribute_must_be_in_range, "the window has ", size, " ",
                      axis == 0 ? "rows" : "columns");
  }
  window_axis w;
  w.size = size;
  w.stride = value_or(n.integers("strides"), i, 1);
  w.dilation = value_or(n.integers("dilations"), i, 1);
  return w;
}

/// What `auto_pad` says: `NOTSET` is what the pads say.
constexpr error check_auto_pad(auto const& n) {
  auto const auto_pad = n.text("auto_pad", "NOTSET");
  for (string_view const known : {"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"}) {
    if (auto_pad == known) return {};
  }
  return make_error(rule::an_attribute_must_be_in_range, "attribute 'auto_pad' is '", auto_pad,
                    "', which is not one of NOTSET, SAME_UPPER, SAME_LOWER, VALID");
}
/// What all windows of a node over `axes` axes are described by.
constexpr error check_window_attributes(auto const& n, std::size_t axes) {
  if (auto e = check_window_attribute(n, "strides", axes, 1)) return e;
  if (auto e = check_window_attribute(n, "dilations", axes, 1)) return e;
  if (auto e = check_window_attribute(n, "pads", 2 * axes, 0)) return e;
  return check_auto_pad(n);
}
constexpr bool is_same(string_view auto_pad) {
  return auto_pad == "SAME_UPPER" || auto_pad == "SAME_LOWER";
}
/// How many of all pads are in front.
constexpr std::int64_t pads_in_front(std::int64_t all, string_view auto_pad) {
  return auto_pad == "SAME_UPPER" ? all / 2 : all - all / 2;
}

/// How often a window fits along an axis whose extent has no value.
constexpr std::int64_t count_windows(auto const& n, std::int64_t extent, std::int64_t stride,
                                     std::int64_t reach, bool same, bool ceil, std::int64_t pad,
                                     std::int64_t pad_end) {
  auto& dimensions = *n.dimensions();
  auto const x = n.sum_of(extent);
  if (same) return n.extent_of(dimensions.divide_up(x, stride));
  auto const room = x + dimension_sum(pad + pad_end - reach);
  if (!ceil) return n.extent_of(dimensions.divide_down(room, stride) + dimension_sum(1));
  // Otherwise the last window may start behind the input.
  if (pad_end + stride > reach) return n.extent_of(dimension_sum::unknown());
  return n.extent_of(dimensions.divide_up(room, stride) + dimension_sum(1));
}

}  // namespace detail

/// The window that a node's attributes (auto_pad, pads, strides, dilations, ceil_mode) describe,
/// over an input of shape [n, c, w] or [n, c, h, w], with `sizes` elements an axis.
/// *Source*: ONNX Conv-11 and MaxPool-12. With ceil_mode, the last window may reach over the end,
/// the only one too; one that would start behind the input is left out. Along an axis whose extent
/// has no value only the outputs are found.
constexpr result<image_window> window_of(auto const& n, shape const& x, window_sizes const& sizes) {
  using namespace detail;
  auto const axes = static_cast<std::size_t>(x.size()) - 2;
  if (auto e = check_window_attributes(n, axes)) return e;
  auto const auto_pad = n.text("auto_pad", "NOTSET");
  bool const same = is_same(auto_pad);
  bool const ceil = n.integer("ceil_mode", 0) != 0;
  image_window w;
  for (std::size_t i = 0; i < axes; ++i) {
    auto const extent = x[static_cast<int>(i) + 2];
    auto const at = i + 2 - axes;  // of the image
    auto const declared = window_axis_of(n, sizes.of[at], at, i);
    if (!declared) return declared.failure();
    auto& axis = w.axes[at] = *declared;
    auto const reach = (axis.size - 1) * axis.dilation + 1;
    auto& pad_end = w.pad_end[at];
    auto const set_widest = [&](std::int64_t before, std::int64_t after) {
      w.widest.before[at] = before;
      w.widest.after[at] = after + (ceil ? axis.stride - 1 : 0);
    };
    if (extent < 0) {
      auto const pads = n.integers("pads");
      bool const padded = auto_pad == "NOTSET";
      w.outputs[at] = count_windows(n, extent, axis.stride, reach, same, ceil,
                                    padded ? value_or(pads, i, 0) : 0,
                                    padded ? value_or(pads, i + axes, 0) : 0);
      continue;
    }
    if (same) {
      auto const outputs = divide_up(extent, axis.stride);
      auto const missing = (outputs - 1) * axis.stride + reach - extent;
      auto const pads = missing > 0 ? missing : 0;
      axis.pad = pads_in_front(pads, auto_pad);
      pad_end = pads - axis.pad;
      // Where strides do not divide the extent but leave one element over.
      auto const most = reach - 1;
      set_widest(pads_in_front(most, auto_pad), most - pads_in_front(most, auto_pad));
      w.is_sized[at] = axis.stride > 1 && most > 0;
    } else if (auto_pad == "NOTSET") {
      axis.pad = value_or(n.integers("pads"), i, 0);
      pad_end = value_or(n.integers("pads"), i + axes, 0);
      set_widest(axis.pad, pad_end);
    } else {
      set_widest(0, 0);
    }
    auto const room = extent + axis.pad + pad_end - reach;
    if (room < 0 && !(ceil && room > -axis.stride)) {
      return make_error(rule::the_window_must_fit_into_the_padded_input, "the window reaches over ",
                        reach, at == 0 ? " rows" : " columns", ", the padded input has ",
                        extent + axis.pad + pad_end);
    }
    auto& outputs = w.outputs[at];
    outputs = (ceil ? room + axis.stride - 1 : room) / axis.stride + 1;
    if (ceil && (outputs - 1) * axis.stride >= extent + axis.pad) --outputs;
  }
  return w;
}

}  // namespace inlay::inline INLAY_VERSION
