// What a reduction needs besides its tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// What a reduction makes of its elements.
enum class reduced_to : std::int64_t {
  sum,
  mean,
  log_of_sum,
  product,
  largest,
  smallest,
  sum_of_magnitudes,
  sum_of_squares,
  root_of_squares,
};

/// y[k…,i] = what becomes of all x[k…,r…,i].
struct reduction {
  static constexpr int inputs = 1;
  static constexpr bool takes_tape = true;
  static constexpr bool takes_reader = true;
  /// Fewer columns are stored first: a row of them is less than the vectors that read it.
  static constexpr std::int64_t least_read_columns = 16;
  reduced_to to = reduced_to::sum;
};

/// y[k…,i] = log(sum of exp(x[k…,r…,i])).
struct log_sum_exp_reduction {
  static constexpr int inputs = 1;
  static constexpr bool takes_tape = true;
};

}  // namespace inlay::inline INLAY_VERSION
