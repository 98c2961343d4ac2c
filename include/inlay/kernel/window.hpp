// Windows that slide over an axis.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/checked.hpp"
#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// A window that slides over one axis. Output `o` looks at the inputs o·stride - pad + k·dilation,
/// for k from 0 to size - 1, as far as they exist.
struct window_axis {
  std::int64_t size = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t pad = 0;  // in front of the first input
};

/// Outputs [begin, end), whose windows lie on the input as a whole.
struct output_range {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  constexpr bool covers(std::int64_t outputs) const { return begin == 0 && end == outputs; }
};
/// size 3, stride 2, pad 1; 8 inputs, 4 outputs → [1, 4)
constexpr output_range whole_outputs(window_axis const& w, std::int64_t inputs,
                                     std::int64_t outputs) {
  auto const begin = divide_up(w.pad, w.stride);
  auto const end = divide_up(inputs + w.pad - (w.size - 1) * w.dilation, w.stride);
  auto const last = end < outputs ? end : outputs;
  return {begin < last ? begin : last, last};
}

/// Whether the windows of all outputs lie on the input as a whole.
constexpr bool is_inside(window_axis const& w, std::int64_t inputs, std::int64_t outputs) {
  auto const whole = whole_outputs(w, inputs, outputs);
  return whole.begin == 0 && whole.end == outputs;
}

}  // namespace inlay::inline INLAY_VERSION
