// Rows that indices choose.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/kernel/row_gathering.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// y[i, j, l] = x[i, n[j], l], where an index counts from the end if it is negative; one that is
/// outside is that of the nearest row.
/// *Shapes*: x [i, rows, l], at least one row; n [j]; y [i, j, l].
template <class T, class Memory, stage S>
INLAY_INLINE constexpr void run(S& s, row_gathering const&, tensor<T const, Memory> const& x,
                                tensor<std::int64_t const, Memory> const& n,
                                tensor<T, Memory> const& y) {
  auto const rows = x.extents[1];
  auto const length = y.extents[2];
  s.loop(y.extents[0], [&](auto i) INLAY_INLINE_LAMBDA {
    s.loop(y.extents[1], [&](auto j) INLAY_INLINE_LAMBDA {
      auto const row = s.index_of(n, rows, j);
      s.template loop_lanes<T>(length, [&](auto l) INLAY_INLINE_LAMBDA {
        auto const element = s.load(x, i, row, l);
        s.store(y, i, j, l, element);
      });
    });
  });
}

INLAY_END_TARGET
