// A softmax needs nothing besides its tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/config.hpp"
#include "inlay/core/shape.hpp"

namespace inlay::inline INLAY_VERSION {

/// Rows of [outer, axis, inner] elements are computed one by one. Columns may be computed twice.
constexpr bool rows_work_in_place(shape const& x) { return x[2] == 1; }

/// y[o,j,i] = exp(x[o,j,i] - m) / (sum over j of exp(x[o,j,i] - m)), where m is the largest
/// x[o,·,i].
struct softmax_normalization {
  static constexpr int inputs = 1;
  static constexpr bool takes_tape = true;
  static constexpr bool takes_reader = true;
  static constexpr bool is_ending = true;
  static constexpr bool works_in_place(shape const& x) { return rows_work_in_place(x); }
};

/// The logarithm of that: y[o,j,i] = x[o,j,i] - m - log(sum over j of exp(x[o,j,i] - m)).
struct log_softmax_normalization {
  static constexpr int inputs = 1;
  static constexpr bool takes_tape = true;
  static constexpr bool takes_reader = true;
  static constexpr bool is_ending = true;
  static constexpr bool works_in_place(shape const& x) { return rows_work_in_place(x); }
};

}  // namespace inlay::inline INLAY_VERSION
