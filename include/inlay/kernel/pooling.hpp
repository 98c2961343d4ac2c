// What a pooling needs to know besides its tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/config.hpp"
#include "inlay/kernel/window.hpp"

namespace inlay::inline INLAY_VERSION {

/// y[n,c,p,q] = max over ky, kx of x[n, c, p·… + ky, q·… + kx]. The pads are indices of a stage.
template <class Index> struct max_pooling_along {
  static constexpr int inputs = 1;
  static constexpr bool takes_tape = true;
  window_along<Index> rows;
  window_along<Index> columns;
};
using max_pooling = max_pooling_along<std::int64_t>;

/// y[n,c,p,q] = the sum over ky, kx of x[n, c, p·… + ky, q·… + kx], over how many these are.
template <class Index> struct average_pooling_along {
  static constexpr int inputs = 1;
  static constexpr bool takes_tape = true;
  window_along<Index> rows;
  window_along<Index> columns;
  std::int64_t counts_padding = 0;  // then also those on the padding, but none behind it
  Index rows_behind = 0;            // of padding, behind the last input
  Index columns_behind = 0;
};
using average_pooling = average_pooling_along<std::int64_t>;

/// Where `rows_behind` and `columns_behind` are among its words.
inline constexpr int pad_words_behind[] = {9, 10};

}  // namespace inlay::inline INLAY_VERSION
