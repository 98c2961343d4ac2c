// What a transposed convolution needs to know besides its tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/checked.hpp"
#include "inlay/core/config.hpp"
#include "inlay/core/shape.hpp"
#include "inlay/kernel/panels.hpp"
#include "inlay/kernel/tile.hpp"
#include "inlay/kernel/window.hpp"

namespace inlay::inline INLAY_VERSION {

/// y[n,g·m+o,p,q] = bias[g·m+o] + the sum of w[g·d+c,o,ky,kx] · x[n,g·d+c,i,j] over c and all taps
/// with p = i·stride - pad + ky·dilation along the rows, and likewise along the columns, where d
/// and m are the input and the output channels of a group.
struct transposed_convolution {
  static constexpr int inputs = 3;
  window_axis rows;
  window_axis columns;
  std::int64_t groups = 1;

  /// What tiles cut up: the outputs of a group.
  constexpr product_extents product(shape const& x, shape const& y) const {
    product_steps const steps{divide_up(rows.size, rows.stride),
                              divide_up(columns.size, columns.stride), x[1] / groups};
    return {1, y[1] / groups, 1, false, steps};
  }
  /// The weights [groups·c, o, rows, columns]: [groups, o, rows, columns, c].
  template <class Numbers = shape>
  INLAY_INLINE constexpr right_operand_of<Numbers> right(Numbers const& e, Numbers const& s) const {
    auto const channels = e[0] / groups;
    return {{groups, e[1], e[2], e[3], channels}, {channels * s[0], s[1], s[2], s[3], s[0]}, 1};
  }
};

/// The outputs `residue` + n·stride along an axis of a transposed convolution: those of a plain
/// window that slides over the input by ones, and whose elements are every `step`th tap, from the
/// one that it ends with down.
struct residue_window {
  window_axis window;
  std::int64_t first_tap = 0;
  std::int64_t step = 1;
};

/// size 3, stride 2, pad 1 → residue 0: tap 1 alone; residue 1: taps 2 and 0
INLAY_INLINE constexpr residue_window window_of_residue(window_axis const& w,
                                                        std::int64_t residue) {
  auto a = w.stride;
  for (auto b = w.dilation; b != 0;) {
    auto const rest = a % b;
    a = b;
    b = rest;
  }
  auto const step = w.stride / a;
  auto const target = residue + w.pad;
  for (std::int64_t tap = 0; tap < step && tap < w.size; ++tap) {
    if ((target - tap * w.dilation) % w.stride != 0) continue;
    auto const count = (w.size - 1 - tap) / step + 1;
    auto const last = tap + (count - 1) * step;
    auto const first_input = (target - last * w.dilation) / w.stride;
    return {{count, 1, w.dilation / a, -first_input}, last, count > 1 ? step : 1};
  }
  return {{0, 1, 1, 0}};
}

}  // namespace inlay::inline INLAY_VERSION
