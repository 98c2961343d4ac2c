// What a normalization of rows needs besides its tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/config.hpp"
#include "inlay/core/shape.hpp"

namespace inlay::inline INLAY_VERSION {

/// y[o,i] = (x[o,i] - m) / sqrt(v + epsilon) · scale[i] + bias[i], where m is the mean of x[o,·]
/// and v that of the squares of x[o,·] - m; the bias may be left out.
struct layer_normalization {
  static constexpr int inputs = 3;
  static constexpr bool takes_tape = true;
  static constexpr bool takes_reader = true;
  static constexpr bool works_in_place(shape const&) { return true; }
  double epsilon = 1e-5f;
};

/// y[o,i] = x[o,i] / sqrt(v + epsilon) · scale[i], where v is the mean of the squares of x[o,·].
struct root_mean_square_normalization {
  static constexpr int inputs = 2;
  static constexpr bool takes_tape = true;
  static constexpr bool takes_reader = true;
  static constexpr bool works_in_place(shape const&) { return true; }
  double epsilon = 1e-5f;
};

}  // namespace inlay::inline INLAY_VERSION
