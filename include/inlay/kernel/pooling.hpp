// What a pooling needs to know besides its tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/config.hpp"
#include "inlay/kernel/window.hpp"

namespace inlay::inline INLAY_VERSION {

/// y[n,c,p,q] = max over ky, kx of x[n, c, p·… + ky, q·… + kx].
struct max_pooling {
  static constexpr int inputs = 1;
  static constexpr bool takes_tape = true;
  window_axis rows;
  window_axis columns;
};

/// y[n,c,p,q] = the sum over ky, kx of x[n, c, p·… + ky, q·… + kx], over how many these are.
struct average_pooling {
  static constexpr int inputs = 1;
  static constexpr bool takes_tape = true;
  window_axis rows;
  window_axis columns;
  std::int64_t counts_padding = 0;  // then also those on the padding, but none behind it
  std::int64_t rows_behind = 0;     // of padding, behind the last input
  std::int64_t columns_behind = 0;
};

}  // namespace inlay::inline INLAY_VERSION
