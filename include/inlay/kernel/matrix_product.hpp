// What a matrix product needs to know besides its tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// y[…,i,j] = alpha · (sum over k of a[…,i,k] · b[…,k,j]) + beta · c[…,i,j], where c may be left
/// out.
struct matrix_product {
  static constexpr int inputs = 3;
  double alpha = 1;
  double beta = 1;
};

}  // namespace inlay::inline INLAY_VERSION
