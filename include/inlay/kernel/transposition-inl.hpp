// Elements into another order of their axes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/kernel/transposition.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// A matrix whose rows become columns, block by block: at most 64 columns at a time, so that as
/// many rows are written side by side, a cache line of each in one go. What blocks do not cover,
/// they overlap.
/// *Shapes*: x and y [columns, rows]; x is contiguous along the first axis, y along the second.
template <class T, class Memory, stage S>
INLAY_INLINE constexpr void transpose_blocks(S& s, tensor<T const, Memory> const& x,
                                             tensor<T, Memory> const& y) {
  auto const columns = y.extents[0];
  auto const rows = y.extents[1];
  auto const some = s.smaller(columns, 64);
  auto const line = s.smaller(rows, static_cast<std::int64_t>(64 / sizeof(T)));
  tensor<T const, Memory> const from{x.data, {rows, columns}, {x.strides[1], 1}};
  s.loop_tiles(columns, some, [&](auto first) INLAY_INLINE_LAMBDA {
    s.loop_tiles(rows, line, [&](auto top) INLAY_INLINE_LAMBDA {
      s.loop_tiles(some, S::template block_columns<T>, [&](auto j) INLAY_INLINE_LAMBDA {
        auto const column = first + j;
        s.loop_tiles(line, S::template block_rows<T>, [&](auto i) INLAY_INLINE_LAMBDA {
          auto const row = top + i;
          s.transpose_block(from, y, row, column);
        });
      });
    });
  });
}

/// *Shapes*: x and y of the same extents, at least two. Where x is contiguous along the last axis
/// but one, and y along the last one, they are transposed in blocks.
template <class T, class Memory, stage S>
INLAY_INLINE constexpr void run(S& s, transposition const&, tensor<T const, Memory> const& x,
                                tensor<T, Memory> const& y) {
  int const outer = y.extents.size() - 2;
  auto const columns = y.extents[outer];
  auto const rows = y.extents[outer + 1];
  bool const are_contiguous = x.strides[outer] == 1 && y.strides[outer + 1] == 1;
  s.loop_nest(y.extents, outer, [&](auto at) INLAY_INLINE_LAMBDA {
    auto const from = s.slice(x, at, outer);
    auto const to = s.slice(y, at, outer);
    auto const one_by_one = [&]() INLAY_INLINE_LAMBDA {
      s.loop(columns, [&](auto i) INLAY_INLINE_LAMBDA {
        s.template loop_lanes<T>(rows, [&](auto j) INLAY_INLINE_LAMBDA {
          auto const element = s.load(from, i, j);
          s.store(to, i, j, element);
        });
      });
    };
    if (!are_contiguous) return one_by_one();
    auto const blocks_at_most =
        s.smaller(rows - S::template block_rows<T>, columns - S::template block_columns<T>);
    s.if_at_most(0, blocks_at_most, [&](auto fill_blocks) INLAY_INLINE_LAMBDA {
      if constexpr (fill_blocks.value) transpose_blocks(s, from, to);
      else one_by_one();
    });
  });
}

INLAY_END_TARGET
