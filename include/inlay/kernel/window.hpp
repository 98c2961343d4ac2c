// Windows that slide over an axis.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/checked.hpp"
#include "inlay/core/config.hpp"
#include "inlay/core/shape.hpp"

namespace inlay::inline INLAY_VERSION {

/// A window that slides over one axis. Output `o` looks at the inputs o·stride - pad + k·dilation,
/// for k from 0 to size - 1, as far as they exist. The pad is an index of a stage.
template <class Index> struct window_along {
  std::int64_t size = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  Index pad = 0;  // in front of the first input

  /// How far behind the last input the last output looks.   size 3, pad 1; 5 inputs, 5 outputs → 1
  constexpr std::int64_t pad_behind(std::int64_t inputs, std::int64_t outputs) const {
    auto const last = (outputs - 1) * stride - pad + (size - 1) * dilation;
    return size == 0 || last < inputs ? 0 : last + 1 - inputs;
  }
  friend constexpr bool operator==(window_along const&, window_along const&) = default;
};
using window_axis = window_along<std::int64_t>;

/// The same window with another kind of pad.
template <class Index>
INLAY_INLINE constexpr window_along<Index> with_pad(window_axis const& w, Index const& pad) {
  return {w.size, w.stride, w.dilation, pad};
}

/// Where the pads of rows and of columns are among the words of a kernel, whose first members are
/// both windows.
inline constexpr int pad_words[] = {3, 7};

/// The size of a window that looks at a whole axis, however long.
inline constexpr std::int64_t whole_axis = std::int64_t{1} << 40;

/// Rows and columns around an image: in front of it, and behind.
struct image_border {
  std::int64_t before[2]{};
  std::int64_t after[2]{};

  constexpr bool is_empty() const { return (before[0] | before[1] | after[0] | after[1]) == 0; }
  /// The least border that holds this one and another.
  constexpr image_border with(image_border const& other) const {
    auto wider = *this;
    for (int i = 0; i < 2; ++i) {
      if (wider.before[i] < other.before[i]) wider.before[i] = other.before[i];
      if (wider.after[i] < other.after[i]) wider.after[i] = other.after[i];
    }
    return wider;
  }
  /// The shape with the border.   {1, 2, 3, 4} with 1 all around → {1, 2, 5, 6}
  constexpr shape around(shape const& image) const {
    return {image[0], image[1], before[0] + image[2] + after[0], before[1] + image[3] + after[1]};
  }
  /// Where the image begins in memory, in elements behind where the border does.
  constexpr std::int64_t offset(shape const& strides) const {
    return before[0] * strides[2] + before[1] * strides[3];
  }
  friend constexpr bool operator==(image_border const& a, image_border const& b) {
    return a.before[0] == b.before[0] && a.before[1] == b.before[1] && a.after[0] == b.after[0] &&
           a.after[1] == b.after[1];
  }
};

/// What windows need around images x [n, c, h, w] for outputs y [n, o, p, q].
constexpr image_border border_of(window_axis const& rows, window_axis const& columns,
                                 shape const& x, shape const& y) {
  return {{rows.pad, columns.pad}, {rows.pad_behind(x[2], y[2]), columns.pad_behind(x[3], y[3])}};
}

/// Outputs [begin, end), whose windows lie on the input as a whole.
struct output_range {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  INLAY_INLINE constexpr bool covers(std::int64_t outputs) const {
    return begin == 0 && end == outputs;
  }
};
/// size 3, stride 2, pad 1; 8 inputs, 4 outputs → [1, 4)
INLAY_INLINE constexpr output_range whole_outputs(window_axis const& w, std::int64_t inputs,
                                                  std::int64_t outputs) {
  auto const begin = divide_up(w.pad, w.stride);
  auto const end = divide_up(inputs + w.pad - (w.size - 1) * w.dilation, w.stride);
  auto const last = end < outputs ? end : outputs;
  return {begin < last ? begin : last, last};
}

/// Whether the windows of all outputs lie on the input as a whole.
INLAY_INLINE constexpr bool is_inside(window_axis const& w, std::int64_t inputs,
                                      std::int64_t outputs) {
  auto const whole = whole_outputs(w, inputs, outputs);
  return whole.begin == 0 && whole.end == outputs;
}

}  // namespace inlay::inline INLAY_VERSION
