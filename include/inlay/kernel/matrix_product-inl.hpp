// The matrix product, batched.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/checked.hpp"
#include "inlay/kernel/matrix_product.hpp"
#include "inlay/kernel/product-inl.hpp"
#include "inlay/kernel/results-inl.hpp"
#include "inlay/kernel/write_tile-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// One product of a batch.
template <class T, class S, class Results> struct product_of_matrices {
  using index = typename S::index;

  S& s;
  matrix_product const& k;
  tensor_of<S, T const> const& left;   // [m, k]
  tensor_of<S, T const> const& right;  // [n/16, 16, k]
  tensor_of<S, T const> const& added;  // [m, n] or none
  Results const& to;                   // [m, n]

  template <tile_shape Tile, class Columns, class Sums>
  INLAY_INLINE constexpr Sums add(index first, Columns const& columns,
                                  steps_range<index> const& part, Sums const& sums) const {
    tensor_of<S, T const> steps{left.data, {}, {1, left.strides[1]}};
    auto const row = left.strides[0];
    tile_rows<index, Tile.rows, Tile.rows> const rows{{first * row}, row};
    auto const left_at = [&](auto i, auto p) INLAY_INLINE_LAMBDA {
      return s.template broadcast<tile_lane<Tile, T>>(steps, rows[i], p);
    };
    auto const& by = right.strides;
    tensor_of<S, T const> panels{right.data, {}, {by[0], by[1], by[2]}};
    if constexpr (Tile.is_dynamic) panels.strides[1] = 1;
    auto const right_at = [&](auto v, auto p) INLAY_INLINE_LAMBDA {
      return s.load(panels, columns.panel[v.value], columns.in_panel[v.value], p);
    };
    if constexpr (Tile.is_halved) {
      return accumulate_halves<Tile, T>(s, left.extents[1], left_at, right_at);
    } else {
      return accumulate<Tile>(s, part.begin.channels, part.end.channels, sums, left_at, right_at);
    }
  }

  template <tile_shape Tile, class Columns, class Sums>
  INLAY_INLINE constexpr void finish(index first, Columns const& columns, Sums const& sums) const {
    auto const alpha = s.template splat<T, tile_lane<Tile, T>>(static_cast<T>(k.alpha));
    auto const beta = s.template splat<T, tile_lane<Tile, T>>(static_cast<T>(k.beta));
    auto const place_of = [&](auto const& by) INLAY_INLINE_LAMBDA {
      return tile_place{tile_rows<index, Tile.rows, Tile.rows>{{first * by[0]}, by[0]}, by[1]};
    };
    write_tile<Tile>(s, to, columns, sums, place_of,
                     [&](auto i, auto j, auto sum) INLAY_INLINE_LAMBDA {
                       if (k.alpha != 1) sum = s.multiply(sum, alpha);
                       if (added.data != nullptr) {
                         auto const row = first + i;
                         auto const offset = s.load(added, row, j);
                         sum = s.fma(beta, offset, sum);
                       }
                       return sum;
                     });
  }
};

/// *Order*: k ascending, from +0, fused; then times alpha, then plus beta · c, fused. A factor of 1
/// changes no bit. Of at most `panel_columns` columns, the sum of the first half of all k, of
/// which there is one more where they are odd, and the sum of the second are added.
/// *Shapes*: a […, m, k], b […, k, n] or, in panels, […, n/16, 16, k], c […, m, n] or none,
/// y […, m, n], where a batch axis that an operand repeats along has a stride of 0. `Tile` has at
/// most m rows, and no more panels than n columns fill; it is halved where k.is_halved(n), and
/// single only without batch axes.
template <tile_shape Tile = tile_shape{}, class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run(S& s, matrix_product const& k, tensor<T const, Memory> const& a,
                                tensor<T const, Memory> const& b, tensor<T const, Memory> const& c,
                                Results const& y) {
  auto const& to = results_to(y);
  auto const& extents = to.y.extents;
  if constexpr (Tile.rows == 0) {
    constexpr auto least = least_tile(S::template width<T>);
    if (k.is_halved(extents.back())) run<halved(least)>(s, k, a, b, c, y);
    else run<least>(s, k, a, b, c, y);
  } else {
    int const batch_axes = Tile.is_single ? 0 : extents.size() - 2;
    bool const is_packed = b.extents.size() > extents.size();
    s.loop_nest(extents, batch_axes, [&](auto batch) INLAY_INLINE_LAMBDA {
      auto const left = s.slice(a, batch, batch_axes);
      auto const matrix = s.slice(b, batch, batch_axes);
      auto const right = right_in_panels(k, matrix, is_packed);
      auto const added = s.slice(c, batch, batch_axes);
      auto const product =
          to.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return s.slice(t, batch, batch_axes); });
      using matrices = product_of_matrices<T, S, std::remove_cvref_t<decltype(product)>>;
      multiply<Tile, T>(s, product.y.extents[0], product.y.extents[1], {1, 1, left.extents[1]},
                        matrices{s, k, left, right, added, product});
      to.ending.apply(s, product.y);
    });
  }
}

INLAY_END_TARGET
