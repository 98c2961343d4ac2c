// What a matrix product needs to know besides its tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/config.hpp"
#include "inlay/core/shape.hpp"
#include "inlay/kernel/panels.hpp"
#include "inlay/kernel/tile.hpp"

namespace inlay::inline INLAY_VERSION {

/// y[…,i,j] = alpha · (sum over k of a[…,i,k] · b[…,k,j]) + beta · c[…,i,j], where c may be left
/// out.
struct matrix_product {
  static constexpr int inputs = 3;
  static constexpr bool takes_tape = true;
  static constexpr bool takes_ending = true;
  static constexpr bool takes_conditions = true;
  double alpha = 1;
  double beta = 1;

  /// Whether the sums of so many columns are halved. Where columns are few, so are the sums that
  /// hide how long an addition takes.
  static constexpr bool is_halved(std::int64_t columns) { return columns <= panel_columns; }
  /// What tiles cut up.
  constexpr product_extents product(shape const& a, shape const& y) const {
    auto const m = y[y.size() - 2];
    auto const n = y[y.size() - 1];
    product_extents all{m, n, m, true, {1, 1, a.back()}, is_halved(n), a.back()};
    all.is_single = y.size() == 2;
    return all;
  }
  /// The operand b […, k, n]: […, n, k].
  template <class Numbers = shape>
  INLAY_INLINE constexpr right_operand_of<Numbers> right(Numbers const& extents,
                                                         Numbers const& strides) const {
    int const k = extents.size() - 2;
    right_operand_of<Numbers> b{extents, strides, k};
    b.extents[k] = extents[k + 1];
    b.extents[k + 1] = extents[k];
    b.strides[k] = strides[k + 1];
    b.strides[k + 1] = strides[k];
    return b;
  }
};

}  // namespace inlay::inline INLAY_VERSION
