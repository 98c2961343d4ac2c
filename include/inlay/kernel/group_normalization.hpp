// What a normalization of groups of channels needs besides its tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/config.hpp"
#include "inlay/core/shape.hpp"

namespace inlay::inline INLAY_VERSION {

/// y[n,g,c,i] = (x[n,g,c,i] - m) / sqrt(v + epsilon) · scale[g,c] + bias[g,c], where m is the mean
/// of x[n,g,·,·] and v that of the squares of x[n,g,·,·] - m.
struct group_normalization {
  static constexpr int inputs = 3;
  static constexpr bool takes_tape = true;
  static constexpr bool works_in_place(shape const&) { return true; }
  double epsilon = 1e-5f;
};

}  // namespace inlay::inline INLAY_VERSION
