// Pooling over two axes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/least_value.hpp"
#include "inlay/kernel/pooling.hpp"
#include "inlay/kernel/window-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// *Order*: from the lowest number, rows of the window, then its columns; not a number if one of
/// them is. Taps on the padding are left out.
/// *Shapes*: x [n, c, h, w], y [n, c, p, q].
template <class T, stage S>
INLAY_INLINE constexpr void run(S& s, max_pooling const& k, tensor<T const> const& x,
                                tensor<T> const& y) {
  auto const lowest = s.template splat<T>(least_value<T>());
  s.loop(y.extents[0], [&](auto n) INLAY_INLINE_LAMBDA {
    s.template loop_lanes<T>(y.extents[1], [&](auto c) INLAY_INLINE_LAMBDA {
      s.loop(y.extents[2], [&](auto p) INLAY_INLINE_LAMBDA {
        auto const rows = taps_of(s, k.rows, p, x.extents[2]);
        s.loop(y.extents[3], [&](auto q) INLAY_INLINE_LAMBDA {
          auto const columns = taps_of(s, k.columns, q, x.extents[3]);
          auto const largest =
              s.fold(rows.begin, rows.end, lowest, [&](auto ky, auto row_max) INLAY_INLINE_LAMBDA {
                auto const row = rows.first + ky * k.rows.dilation;
                return s.fold(columns.begin, columns.end, row_max,
                              [&](auto kx, auto column_max) INLAY_INLINE_LAMBDA {
                                auto const column = columns.first + kx * k.columns.dilation;
                                auto const a = s.load(x, n, c, row, column);
                                return s.max(column_max, a);
                              });
              });
          s.store(y, n, c, p, q, largest);
        });
      });
    });
  });
}

INLAY_END_TARGET
