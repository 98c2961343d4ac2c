// Convolution of each channel by itself.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "inlay/kernel/convolution.hpp"
#include "inlay/kernel/product-inl.hpp"
#include "inlay/kernel/results-inl.hpp"
#include "inlay/kernel/window-inl.hpp"
#include "inlay/kernel/write_tile-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// Whether a depthwise convolution has such a tile: `product` says that it has one column. Others
/// have no code for it.
constexpr bool may_be_depthwise(tile_shape const& tile) {
  return tile.vectors < 2 && !tile.is_full && !tile.is_pooled;
}

/// Whether it loads a pixel once for all windows that look at it. In so much straight code GCC 12
/// would look no longer for the strides, which are constants, and compute every address.
#if defined(__clang__)
inline constexpr bool shares_pixels = true;
#else
inline constexpr bool shares_pixels = false;
#endif

/// The tile with which it computes then: some outputs side by side, by one vector of channels; not
/// more than eight if it loads pixels for each. So many sums hide how long a multiply-add takes,
/// and leave registers for the rest.   {14, 2} → {7, 1}
constexpr tile_shape depthwise_tile(tile_shape tile) {
  tile.vectors = 1;
  tile.width = 0;
  if (tile.rows == 0) tile.rows = 1;
  if (!shares_pixels) tile.taps = 0;
  while (tile.taps == 0 && tile.rows > 8) tile.rows /= 2;
  return tile;
}

/// A vector of channels: the panel that it is in, and its position in that and in all channels.
template <class Index, class Position> struct channel_lanes {
  Index panel;
  Position in_panel;
  Position in_all;
};

/// The tensors of a depthwise convolution: c channels, m outputs of each.
template <class T, class S, class Results> struct depthwise_images {
  using index = typename S::index;

  S& s;
  convolution_along<index> const& k;
  tensor_of<S, T const> const& x;        // [n, c, h, w]
  tensor_of<S, T const> const& weights;  // [m, c/16, 16, rows, columns, 1]
  tensor_of<S, T const> const& bias;     // [c, m]
  Results const& to;                     // [n, c, m, p, q]

  /// The outputs of a tile that starts at row p and column q of image n, whose windows have these
  /// taps on the input: of all channels.
  template <tile_shape Tile>
  INLAY_INLINE constexpr void compute(index n, index p, index q, taps<index> const& rows,
                                      taps<index> const& columns) const {
    constexpr tile_shape lanes = least_tile(S::template width<T>);
    loop_columns<lanes, T>(s, to.y.extents[1], [&](auto const& some) INLAY_INLINE_LAMBDA {
      for (std::size_t v = 0; v < std::extent_v<decltype(some.panel)>; ++v) {
        channel_lanes const c{some.panel[v], some.in_panel[v], some.in_all[v]};
        tile_columns<index, decltype(c.in_all), 1> const all{{c.panel}, {c.in_panel}, {c.in_all}};
        s.loop(to.y.extents[2], [&](auto m) INLAY_INLINE_LAMBDA {
          auto const sums = add_all<Tile>(c, n, m, rows, columns);
          auto const place_of = [&](auto const& by) INLAY_INLINE_LAMBDA {
            auto const start = n * by[0] + m * by[2] + p * by[3] + q * by[4];
            return tile_place{tile_rows<index, Tile.rows, Tile.rows>{{start}, by[4]}, by[1]};
          };
          write_tile<Tile>(s, to, all, sums, place_of,
                           [&](auto, auto, auto sum) INLAY_INLINE_LAMBDA {
                             if (bias.data == nullptr) return sum;
                             auto const offset = s.load(bias, c.in_all, m);
                             return s.add(sum, offset);
                           });
        });
      }
    });
  }

  /// Output number m of some channels: the sums over all taps, in order.
  template <tile_shape Tile, class Channels>
  INLAY_INLINE constexpr auto add_all(Channels const& c, index n, index m, taps<index> const& rows,
                                      taps<index> const& columns) const {
    auto const zero = s.template splat<T>(0);
    auto const none = no_sums<Tile, T>(s);
    auto const add = [&](auto ky, auto kx, auto sums, auto const& pixel) INLAY_INLINE_LAMBDA {
      auto const loaded = s.load(weights, m, c.panel, c.in_panel, ky, kx, index{0});
      auto const w = for_uses<Tile.rows>(s, loaded);
      if constexpr (Tile.rows == 1) {
        auto const a = pixel(std::integral_constant<int, 0>{});
        return s.fma(a, w, sums);
      } else {
        unroll<Tile.rows>([&](auto i) INLAY_INLINE_LAMBDA {
          auto const a = pixel(i);
          sums.at[i] = s.fma(a, w, sums.at[i]);
        });
        return sums;
      }
    };
    return fold_taps(
        s, rows, k.rows.size, none, [&](auto ky, auto is_row, auto above) INLAY_INLINE_LAMBDA {
          auto const row = rows.first + ky * k.rows.dilation;
          if constexpr (is_row.value && Tile.taps > 0 && Tile.rows > 1) {
            return add_row<Tile>(c, n, m, ky, row, columns.first, above);
          } else {
            return fold_taps(s, columns, k.columns.size, above,
                             [&](auto kx, auto is_column, auto before) INLAY_INLINE_LAMBDA {
                               auto const column = columns.first + kx * k.columns.dilation;
                               return add(ky, kx, before, [&](auto i) INLAY_INLINE_LAMBDA {
                                 if constexpr (!is_row.value || !is_column.value) return zero;
                                 else
                                   return s.load(x, n, c.in_all, row,
                                                 column + i * k.columns.stride);
                               });
                             });
          }
        });
  }

  /// Adds one row of the windows, which lie on the input as a whole: each pixel to all sums that it
  /// is part of. Those get their products in the order of the window's columns.
  template <tile_shape Tile, class Channels, class Sums>
  INLAY_INLINE constexpr Sums add_row(Channels const& c, index n, index m, index ky, index row,
                                      index column, Sums sums) const {
    std::remove_cvref_t<decltype(sums.at[0])> w[Tile.taps];
    unroll<Tile.taps>([&](auto kx) INLAY_INLINE_LAMBDA {
      auto const loaded = s.load(weights, m, c.panel, c.in_panel, ky, index{kx}, index{0});
      w[kx] = s.in_register(loaded);
    });
    unroll<Tile.rows - 1 + Tile.taps>([&](auto p) INLAY_INLINE_LAMBDA {
      auto const loaded = s.load(x, n, c.in_all, row, column + p);
      auto const pixel = s.in_register(loaded);
      unroll<Tile.taps>([&](auto kx) INLAY_INLINE_LAMBDA {
        constexpr int i = p - kx;
        if constexpr (i >= 0 && i < Tile.rows) sums.at[i] = s.fma(pixel, w[kx], sums.at[i]);
      });
    });
    return sums;
  }

  /// The outputs of one row: in tiles where windows lie on the input as a whole, else one by one.
  template <tile_shape Tile>
  INLAY_INLINE constexpr void compute_row(index n, index p, taps<index> const& rows) const {
    taps<index> whole{0, 0, 0};
    if constexpr (Tile.rows > 1)
      whole = windows_inside(s, k.columns, x.extents[3], to.y.extents[4]);
    auto const count = whole.end - whole.begin;
    if constexpr (Tile.rows > 1) {
      s.loop_tiles(count, Tile.rows, [&](auto i) INLAY_INLINE_LAMBDA {
        auto const q = whole.begin + i;
        compute<Tile>(n, p, q, rows, taps_at(s, k.columns, q, x.extents[3], true));
      });
    }
    if constexpr (!Tile.is_inside || Tile.rows == 1) {
      constexpr tile_shape one{1, 1};
      bool const are_inside = Tile.is_inside;
      s.loop(to.y.extents[4] - count, [&](auto i) INLAY_INLINE_LAMBDA {
        auto const steps_behind = s.larger(i - whole.begin + 1, 0);
        auto const q = i + count * s.smaller(steps_behind, 1);
        compute<one>(n, p, q, rows, taps_at(s, k.columns, q, x.extents[3], are_inside));
      });
    }
  }
};

/// A convolution for which `is_depthwise` holds.
/// *Order*: from +0, rows of the window, then its columns, each ascending, fused; the bias is added
/// last. A tap on the padding is a product with +0.
/// *Shapes*: x [n, c, h, w], weights [c·m, 1, rows, columns] or, in panels, [m, c/16, 16, rows,
/// columns, 1], bias [c·m] or none, y [n, c·m, p, q]. `Tile` has no more rows than `whole_outputs`
/// of the outputs; its taps, if it has any, are those of columns without stride and dilation.
template <tile_shape Tile, class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run_depthwise(S& s, convolution_along<typename S::index> const& k,
                                          tensor<T const, Memory> const& x,
                                          tensor<T const, Memory> const& weights,
                                          tensor<T const, Memory> const& bias,
                                          Results const& results) {
  auto const& to = results_to(results);
  auto const& y = to.y;
  constexpr auto tile = depthwise_tile(Tile);
  bool const is_packed = weights.extents.size() > y.extents.size();
  auto const panels = right_in_panels(k, weights, is_packed);
  auto const channels = x.extents[1];
  auto const multiple = y.extents[1] / k.groups;
  typename S::index by_channel = 0;
  if (bias.strides.size() != 0) by_channel = bias.strides[0];
  tensor<T const, Memory> const offsets{
      bias.data, {channels, multiple}, {multiple * by_channel, by_channel}};
  // GCC 12 knows the numbers of a shape that is made in its place, not those of a copy.
  auto const outputs = to.seen([&](auto const& t) INLAY_INLINE_LAMBDA {
    auto const& n = y.extents;
    auto const& by = t.strides;
    return std::remove_cvref_t<decltype(t)>{t.data,
                                            {n[0], channels, multiple, n[2], n[3]},
                                            {by[0], multiple * by[1], by[1], by[2], by[3]}};
  });
  depthwise_images<T, S, std::remove_cvref_t<decltype(to)>> const images{s,      k,       x,
                                                                         panels, offsets, outputs};
  bool const rows_inside = are_inside(s, k.rows, x.extents[2], y.extents[2]);
  s.loop(y.extents[0], [&](auto n) INLAY_INLINE_LAMBDA {
    s.loop(y.extents[2], [&](auto p) INLAY_INLINE_LAMBDA {
      auto const rows = taps_at(s, k.rows, p, x.extents[2], rows_inside);
      images.template compute_row<tile>(n, p, rows);
    });
  });
}

INLAY_END_TARGET
