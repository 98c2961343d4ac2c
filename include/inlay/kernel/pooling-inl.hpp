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

/// Some channels: the positions of a few vectors of them, of as many elements as one of `Lane`.
template <class Position, int Vectors, class Lane> struct channel_vectors {
  using lane = Lane;
  static constexpr int vectors = Vectors;
  Position at[Vectors];
};

/// Calls `body(channels)` for all of `count` channels, a vector at a time.
template <class Lane, stage S, class Body>
INLAY_INLINE constexpr void loop_single_channels(S& s, std::int64_t count, Body const& body) {
  s.template loop_lanes<Lane>(
      count, [&](auto c) INLAY_INLINE_LAMBDA { body(channel_vectors<decltype(c), 1, Lane>{{c}}); });
}

/// The same, `Vectors` vectors at a time, of which the last ones may be the same as some before,
/// where there are so many; else half of those, down to four; else one at a time, and half a one
/// where they do not fill more.
template <int Vectors, class T, stage S, class Body>
INLAY_INLINE constexpr void loop_channels(S& s, std::int64_t count, Body const& body) {
  constexpr int width = S::template width<T>;
  if constexpr (width == 1) {
    loop_single_channels<T>(s, count, body);
  } else {
    s.if_at_most(Vectors * width, count, [&](auto are_enough) INLAY_INLINE_LAMBDA {
      if constexpr (are_enough.value) {
        s.loop_tiles(count, Vectors * width, [&](auto first) INLAY_INLINE_LAMBDA {
          channel_vectors<typename S::template lanes<T>, Vectors, T> channels{};
          unroll<Vectors>([&](auto v) INLAY_INLINE_LAMBDA {
            channels.at[v] = s.template lanes_from<T, true>(first + v * width, count);
          });
          body(channels);
        });
      } else if constexpr (Vectors > 4) {
        loop_channels<Vectors / 2, T>(s, count, body);
      } else if constexpr (narrowed_width(1, width, sizeof(T)) < width) {
        s.if_at_most(count, width / 2, [&](auto is_half) INLAY_INLINE_LAMBDA {
          constexpr int lanes = is_half.value ? width / 2 : width;
          loop_single_channels<narrow<T, lanes>>(s, count, body);
        });
      } else {
        loop_single_channels<T>(s, count, body);
      }
    });
  }
}

/// A vector of copies of `x` for each of some channels.
template <class Channels, class T, stage S> INLAY_INLINE constexpr auto copies(S& s, T x) {
  auto const copy = s.template splat<T, typename Channels::lane>(x);
  if constexpr (Channels::vectors == 1) {
    return copy;
  } else {
    tile_sums<std::remove_const_t<decltype(copy)>, Channels::vectors> all;
    for (auto& at : all.at) at = copy;
    return all;
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
/// its columns. `finish_at(p, q)` makes a function of the channels and what has come of them.
template <class T, stage S, class Kernel, class Combine, class FinishAt>
INLAY_INLINE constexpr void pool(S& s, Kernel const& k, tensor<T const> const& x,
                                 tensor<T> const& y, T start, Combine const& combine,
                                 FinishAt const& finish_at) {
  bool const rows_inside = is_inside(k.rows, x.extents[2], y.extents[2]);
  bool const columns_inside = is_inside(k.columns, x.extents[3], y.extents[3]);
  s.loop(y.extents[0], [&](auto n) INLAY_INLINE_LAMBDA {
    s.loop(y.extents[2], [&](auto p) INLAY_INLINE_LAMBDA {
      auto const rows = taps_at(s, k.rows, p, x.extents[2], rows_inside);
      s.loop(y.extents[3], [&](auto q) INLAY_INLINE_LAMBDA {
        auto const columns = taps_at(s, k.columns, q, x.extents[3], columns_inside);
        auto const finish = finish_at(p, q);
        // Four chains and those of the next outputs hide how long an operation takes; eight read
        // enough of each pixel for what lies between pixels to be of no account.
        loop_channels<8, T>(s, y.extents[1], [&](auto const& channels) INLAY_INLINE_LAMBDA {
          using some = std::remove_cvref_t<decltype(channels)>;
          constexpr tile_shape tile{1, some::vectors};
          auto const none = copies<some>(s, start);
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
            auto const finished = finish(channels, result);
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
  // What was loaded first: it can be looked at while the largest one before is still waited for.
  pool(
      s, k, x, y, least_value<T>(),
      [&](auto const& largest, auto const& a) INLAY_INLINE_LAMBDA { return s.max(a, largest); },
      [&](auto, auto) INLAY_INLINE_LAMBDA {
        return [](auto const&, auto const& largest) INLAY_INLINE_LAMBDA { return largest; };
      });
}

/// *Order*: from +0, rows of the window, then its columns; the sum is divided by the number of
/// elements; that of none is +0. Taps on the padding are left out of the sum, which they could not
/// change.
/// *Shapes*: x [n, c, h, w], y [n, c, p, q].
template <class T, stage S>
INLAY_INLINE constexpr void run(S& s, average_pooling const& k, tensor<T const> const& x,
                                tensor<T> const& y) {
  using index = typename S::index;
  bool const are_inside = is_inside(k.rows, x.extents[2], y.extents[2]) &&
                          is_inside(k.columns, x.extents[3], y.extents[3]);
  auto const count = [&](window_axis w, auto output, std::int64_t inputs,
                         std::int64_t padded) INLAY_INLINE_LAMBDA {
    bool const from_padding = k.counts_padding != 0;
    if (from_padding) w.pad = 0;
    auto const counted = taps_of(s, w, output, from_padding ? padded : inputs);
    return s.larger(counted.end - counted.begin, 0);
  };
  pool(
      s, k, x, y, T{0},
      [&](auto const& sum, auto const& a) INLAY_INLINE_LAMBDA { return s.add(sum, a); },
      [&](auto p, auto q) INLAY_INLINE_LAMBDA {
        auto elements = index{k.rows.size * k.columns.size};
        if (!are_inside) {
          auto const rows = count(k.rows, p, x.extents[2], k.padded_rows);
          auto const columns = count(k.columns, q, x.extents[3], k.padded_columns);
          elements = s.larger(rows * columns, 1);
        }
        return [&s, elements](auto const& channels, auto const& sum) INLAY_INLINE_LAMBDA {
          using lane = typename std::remove_cvref_t<decltype(channels)>::lane;
          auto const divisor = s.template splat_index<T, lane>(elements);
          return s.divide(sum, divisor);
        };
      });
}

INLAY_END_TARGET
