// What a pooling needs to know besides its tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/config.hpp"
#include "inlay/kernel/window.hpp"

namespace inlay::inline INLAY_VERSION {

/// y[n,c,p,q] = max over ky, kx of x[n, c, p·… + ky, q·… + kx].
struct max_pooling {
  static constexpr int inputs = 1;
  window_axis rows;
  window_axis columns;
};

}  // namespace inlay::inline INLAY_VERSION
