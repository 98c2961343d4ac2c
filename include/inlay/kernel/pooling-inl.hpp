// Pooling over two axes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <type_traits>

#include "inlay/core/least_value.hpp"
#include "inlay/kernel/pooling.hpp"
#include "inlay/kernel/product-inl.hpp"
#include "inlay/kernel/window-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// Some channels: the positions of a few vectors of them.
template <class Position, int Vectors> struct channel_vectors {
  static constexpr int vectors = Vectors;
  Position at[Vectors];
};

/// Calls `body(channels)` for all of `count` channels: `Vectors` vectors at a time, of which the
/// last ones may be the same as some before, where there are so many; else one at a time.
template <int Vectors, class T, stage S, class Body>
INLAY_INLINE constexpr void loop_channels(S& s, std::int64_t count, Body const& body) {
  constexpr int width = S::template width<T>;
  auto const one_by_one = [&]() INLAY_INLINE_LAMBDA {
    s.template loop_lanes<T>(
        count, [&](auto c) INLAY_INLINE_LAMBDA { body(channel_vectors<decltype(c), 1>{{c}}); });
  };
  if constexpr (width == 1) {
    one_by_one();
  } else {
    s.if_at_most(Vectors * width, count, [&](auto are_enough) INLAY_INLINE_LAMBDA {
      if constexpr (are_enough.value) {
        s.loop_tiles(count, Vectors * width, [&](auto first) INLAY_INLINE_LAMBDA {
          channel_vectors<typename S::template lanes<T>, Vectors> channels{};
          unroll<Vectors>([&](auto v) INLAY_INLINE_LAMBDA {
            channels.at[v] = s.template lanes_from<T, true>(first + v * width, count);
          });
          body(channels);
        });
      } else {
        one_by_one();
      }
    });
  }
}

/// A tile of copies of `x`.
template <tile_shape Tile, class T, stage S>
INLAY_INLINE constexpr auto tile_of(S&, vec<S, T> const& x) {
  if constexpr (Tile.rows * Tile.vectors == 1) {
    return x;
  } else {
    tile_sums<vec<S, T>, Tile.rows * Tile.vectors> tile;
    for (auto& at : tile.at) at = x;
    return tile;
  }
}

/// `of(v, partial[v])` of each vector v of a tile of one row.
template <tile_shape Tile, class Partial, class Of>
INLAY_INLINE constexpr Partial each_vector(Partial partial, Of const& of) {
  if constexpr (Tile.vectors == 1) {
    return of(std::integral_constant<int, 0>{}, partial);
  } else {
    unroll<Tile.vectors>([&](auto v) INLAY_INLINE_LAMBDA { partial.at[v] = of(v, partial.at[v]); });
    return partial;
  }
}

/// Combines `start` with what lies on the input under the window of each output: its rows, in each
/// its columns. `finish_at(p, q)` makes a function of what becomes of the result.
template <class T, stage S, class Kernel, class Start, class Combine, class FinishAt>
INLAY_INLINE constexpr void pool(S& s, Kernel const& k, tensor<T const> const& x,
                                 tensor<T> const& y, Start const& start, Combine const& combine,
                                 FinishAt const& finish_at) {
  bool const rows_inside = is_inside(k.rows, x.extents[2], y.extents[2]);
  bool const columns_inside = is_inside(k.columns, x.extents[3], y.extents[3]);
  s.loop(y.extents[0], [&](auto n) INLAY_INLINE_LAMBDA {
    s.loop(y.extents[2], [&](auto p) INLAY_INLINE_LAMBDA {
      auto const rows = taps_at(s, k.rows, p, x.extents[2], rows_inside);
      s.loop(y.extents[3], [&](auto q) INLAY_INLINE_LAMBDA {
        auto const columns = taps_at(s, k.columns, q, x.extents[3], columns_inside);
        auto const finish = finish_at(p, q);
        // So many chains hide how long an operation takes; the next outputs' do the rest.
        loop_channels<4, T>(s, y.extents[1], [&](auto const& channels) INLAY_INLINE_LAMBDA {
          constexpr tile_shape tile{1, std::remove_cvref_t<decltype(channels)>::vectors};
          auto const none = tile_of<tile, T>(s, start);
          auto const all =
              s.fold(rows.begin, rows.end, none, [&](auto ky, auto above) INLAY_INLINE_LAMBDA {
                auto const row = rows.first + ky * k.rows.dilation;
                return s.fold(columns.begin, columns.end, above,
                              [&](auto kx, auto before) INLAY_INLINE_LAMBDA {
                                auto const column = columns.first + kx * k.columns.dilation;
                                return each_vector<tile>(
                                    before, [&](auto v, auto so_far) INLAY_INLINE_LAMBDA {
                                      auto const a = s.load(x, n, channels.at[v], row, column);
                                      return combine(so_far, a);
                                    });
                              });
              });
          each_sum<tile>(all, [&](auto, auto v, auto const& result) INLAY_INLINE_LAMBDA {
            auto const finished = finish(result);
            auto const c = channels.at[v];
            s.store(y, n, c, p, q, finished);
          });
        });
      });
    });
  });
}

/// *Order*: from the lowest number, rows of the window, then its columns; not a number if one of
/// them is. Taps on the padding are left out.
/// *Shapes*: x [n, c, h, w], y [n, c, p, q].
template <class T, stage S>
INLAY_INLINE constexpr void run(S& s, max_pooling const& k, tensor<T const> const& x,
                                tensor<T> const& y) {
  auto const lowest = s.template splat<T>(least_value<T>());
  pool(
      s, k, x, y, lowest,
      [&](auto const& largest, auto const& a) INLAY_INLINE_LAMBDA { return s.max(largest, a); },
      [&](auto, auto) INLAY_INLINE_LAMBDA {
        return [](auto const& largest) INLAY_INLINE_LAMBDA { return largest; };
      });
}

/// *Order*: from +0, rows of the window, then its columns; the sum is divided by the number of
/// elements; that of none is +0. Taps on the padding are left out of the sum, which they could not
/// change.
/// *Shapes*: x [n, c, h, w], y [n, c, p, q].
template <class T, stage S>
INLAY_INLINE constexpr void run(S& s, average_pooling const& k, tensor<T const> const& x,
                                tensor<T> const& y) {
  auto const zero = s.template splat<T>(0);
  auto const one = s.template splat<T>(1);
  auto const size = s.template splat<T>(static_cast<T>(k.rows.size * k.columns.size));
  bool const are_inside = is_inside(k.rows, x.extents[2], y.extents[2]) &&
                          is_inside(k.columns, x.extents[3], y.extents[3]);
  auto const count = [&](window_axis w, auto output, std::int64_t inputs,
                         std::int64_t padded) INLAY_INLINE_LAMBDA {
    bool const from_padding = k.counts_padding != 0;
    if (from_padding) w.pad = 0;
    auto const counted = taps_of(s, w, output, from_padding ? padded : inputs);
    auto const elements = s.larger(counted.end - counted.begin, 0);
    return s.template splat_index<T>(elements);
  };
  pool(
      s, k, x, y, zero,
      [&](auto const& sum, auto const& a) INLAY_INLINE_LAMBDA { return s.add(sum, a); },
      [&](auto p, auto q) INLAY_INLINE_LAMBDA {
        auto divisor = size;
        if (!are_inside) {
          auto const rows = count(k.rows, p, x.extents[2], k.padded_rows);
          auto const columns = count(k.columns, q, x.extents[3], k.padded_columns);
          auto const elements = s.multiply(rows, columns);
          divisor = s.max(elements, one);
        }
        return [&s, divisor](auto const& sum)
                   INLAY_INLINE_LAMBDA { return s.divide(sum, divisor); };
      });
}

INLAY_END_TARGET
