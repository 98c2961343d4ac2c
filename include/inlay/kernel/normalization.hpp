// What a normalization by given statistics needs besides its tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/config.hpp"
#include "inlay/core/shape.hpp"

namespace inlay::inline INLAY_VERSION {

/// y[n,c,i] = (x[n,c,i] - mean[c]) / sqrt(variance[c] + epsilon) · scale[c] + bias[c].
struct channel_normalization {
  static constexpr int inputs = 5;
  static constexpr bool takes_tape = true;
  static constexpr bool works_in_place(shape const&) { return true; }
  double epsilon = 1e-5f;
};

}  // namespace inlay::inline INLAY_VERSION
