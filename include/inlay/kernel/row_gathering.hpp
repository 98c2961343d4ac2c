// A gathering of rows needs nothing besides its tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// y[i, j, …] = x[i, n[j], …].
struct row_gathering {
  static constexpr int inputs = 2;
  static constexpr int index_input = 1;     // which input holds indices, of int64
  static constexpr int index_axis = 1;      // of which axis of the first one
  static constexpr bool moves_bits = true;  // elements of one size have one code
};

}  // namespace inlay::inline INLAY_VERSION
