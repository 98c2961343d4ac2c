// The matrix product, batched.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/checked.hpp"
#include "inlay/kernel/matrix_product.hpp"
#include "inlay/kernel/product-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// *Order*: k ascending, from +0, fused; then times alpha, then plus beta · c, fused. A factor of 1
/// changes no bit.
/// *Shapes*: a […, m, k], b […, k, n] or, in panels, […, n/16, 16, k], c […, m, n] or none,
/// y […, m, n], where a batch axis that an operand repeats along has a stride of 0. `Tile` has at
/// most m rows, and no more panels than n columns fill.
template <tile_shape Tile = tile_shape{}, class T, stage S>
INLAY_INLINE constexpr void run(S& s, matrix_product const& k, tensor<T const> const& a,
                                tensor<T const> const& b, tensor<T const> const& c,
                                tensor<T> const& y) {
  constexpr auto tile = tile_or_least<Tile, T, S>;
  int const batch_axes = y.extents.size() - 2;
  bool const is_packed = b.extents.size() > y.extents.size();
  auto const alpha = s.template splat<T>(static_cast<T>(k.alpha));
  auto const beta = s.template splat<T>(static_cast<T>(k.beta));
  s.loop_nest(y.extents, batch_axes, [&](auto batch) INLAY_INLINE_LAMBDA {
    auto const left = s.slice(a, batch, batch_axes);
    auto const matrix = s.slice(b, batch, batch_axes);
    auto const right = right_in_panels(k, matrix, is_packed);
    auto const added = s.slice(c, batch, batch_axes);
    auto const product = s.slice(y, batch, batch_axes);
    auto const rows = product.extents[0];
    auto const row_of = [&](auto t) INLAY_INLINE_LAMBDA {
      return s.smaller(t * tile.rows, rows - tile.rows);
    };
    multiply<tile, T>(
        s, divide_up(rows, tile.rows), product.extents[1], {1, 1, left.extents[1]},
        [&](auto t, auto const& columns, auto const& part, auto const& sums) INLAY_INLINE_LAMBDA {
          auto const i = row_of(t);
          return accumulate<tile>(
              s, part.begin.channels, part.end.channels, sums,
              [&](auto row, auto p) INLAY_INLINE_LAMBDA { return s.broadcast(left, i + row, p); },
              [&](auto v, auto p) INLAY_INLINE_LAMBDA {
                return s.load(right, columns.panel[v], columns.in_panel[v], p);
              });
        },
        [&](auto t, auto const& columns, auto const& sums) INLAY_INLINE_LAMBDA {
          auto const i = row_of(t);
          each_sum<tile>(sums, [&](auto row, auto v, auto sum) INLAY_INLINE_LAMBDA {
            auto const at = i + row;
            auto const j = columns.in_all[v];
            if (k.alpha != 1) sum = s.multiply(sum, alpha);
            if (added.data != nullptr) {
              auto const offset = s.load(added, at, j);
              sum = s.fma(beta, offset, sum);
            }
            s.store(product, at, j, sum);
          });
        });
  });
}

INLAY_END_TARGET
