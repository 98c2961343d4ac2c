// A transposition needs nothing besides its tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// y[i] = x[i], where the two lie in memory in other orders of their axes.
struct transposition {
  static constexpr int inputs = 1;
};

}  // namespace inlay::inline INLAY_VERSION
