// Pooling over two axes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <type_traits>

#include "inlay/core/least_value.hpp"
#include "inlay/kernel/columns-inl.hpp"
#include "inlay/kernel/pooling.hpp"
#include "inlay/kernel/results-inl.hpp"
#include "inlay/kernel/tile.hpp"
#include "inlay/kernel/window-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// Calls `body(channels)` for all of `count` channels, some vectors at a time: four chains and
/// those of the next outputs hide how long an operation takes; eight read enough of each pixel for
/// what lies between pixels to be of no account. Half a vector at a time where they fill no more.
template <class T, stage S, class Body>
INLAY_INLINE constexpr void loop_channels(S& s, typename S::index count, Body const& body) {
  constexpr int width = S::template width<T>;
  auto const single = [&]() INLAY_INLINE_LAMBDA {
    s.if_at_most(count, width / 2, [&](auto fill_half) INLAY_INLINE_LAMBDA {
      constexpr int most = fill_half.value ? narrowed_width(width / 2, width, sizeof(T)) : width;
      loop_single_columns<narrow<T, most>>(s, count, body);
    });
  };
  auto const four = [&]() INLAY_INLINE_LAMBDA { loop_columns_of<T, 4>(s, count, body, single); };
  if constexpr (8 * width > most_tile_elements) four();
  else loop_columns_of<T, 8>(s, count, body, four);
}

/// Combines `start` with what lies on the input under the window of each output: its rows, in each
/// its columns. `finish_at(p, q)` makes a function of the channels and what has come of them.
template <class T, class Memory, stage S, class Kernel, class Results, class Combine,
          class FinishAt>
INLAY_INLINE constexpr void pool(S& s, Kernel const& k, tensor<T const, Memory> const& x,
                                 Results const& to, T start, Combine const& combine,
                                 FinishAt const& finish_at) {
  using index = typename S::index;
  auto const& y = to.y;
  bool const rows_inside = are_inside(s, k.rows, x.extents[2], y.extents[2]);
  bool const columns_inside = are_inside(s, k.columns, x.extents[3], y.extents[3]);
  s.loop(y.extents[0], [&](auto n) INLAY_INLINE_LAMBDA {
    s.loop(y.extents[2], [&](auto p) INLAY_INLINE_LAMBDA {
      auto const rows = taps_at(s, k.rows, p, x.extents[2], rows_inside);
      s.loop(y.extents[3], [&](auto q) INLAY_INLINE_LAMBDA {
        auto const columns = taps_at(s, k.columns, q, x.extents[3], columns_inside);
        auto const finish = finish_at(p, q);
        loop_channels<T>(s, y.extents[1], [&](auto const& channels) INLAY_INLINE_LAMBDA {
          using some = std::remove_cvref_t<decltype(channels)>;
          auto const none = equal_columns<some>(s, start);
          auto const all =
              s.fold(rows.begin, rows.end, none, [&](auto ky, auto above) INLAY_INLINE_LAMBDA {
                auto const row = rows.first + ky * k.rows.dilation;
                return s.fold(columns.begin, columns.end, above,
                              [&](auto kx, auto so_far) INLAY_INLINE_LAMBDA {
                                auto const column = columns.first + kx * k.columns.dilation;
                                each_column<some>([&](auto v) INLAY_INLINE_LAMBDA {
                                  auto const a = s.load(x, n, channels.in_all[v], row, column);
                                  so_far.at[v] = combine(so_far.at[v], a);
                                });
                                return so_far;
                              });
              });
          auto finished = all;
          each_column<some>(
              [&](auto v) INLAY_INLINE_LAMBDA { finished.at[v] = finish(channels, all.at[v]); });
          write_columns(s, to, channels, finished, [&](auto const& by) INLAY_INLINE_LAMBDA {
            return row_at<index>(n * by[0] + p * by[2] + q * by[3], by[1]);
          });
        });
      });
    });
  });
}

/// *Order*: from the lowest number, rows of the window, then its columns; not a number if one of
/// them is. Taps on the padding are left out.
/// *Shapes*: x [n, c, h, w], y [n, c, p, q].
template <class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run(S& s, max_pooling_along<typename S::index> const& k,
                                tensor<T const, Memory> const& x, Results const& y) {
  // What was loaded first: it can be looked at while the largest one before is still waited for.
  pool(
      s, k, x, results_to(y), least_value<T>(),
      [&](auto const& largest, auto const& a) INLAY_INLINE_LAMBDA { return s.max(a, largest); },
      [&](auto, auto) INLAY_INLINE_LAMBDA {
        return [](auto const&, auto const& largest) INLAY_INLINE_LAMBDA { return largest; };
      });
}

/// *Order*: from +0, rows of the window, then its columns; the sum is divided by the number of
/// elements; that of none is +0. Taps on the padding are left out of the sum, which they could not
/// change.
/// *Shapes*: x [n, c, h, w], y [n, c, p, q].
template <class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run(S& s, average_pooling_along<typename S::index> const& k,
                                tensor<T const, Memory> const& x, Results const& results) {
  using index = typename S::index;
  auto const& to = results_to(results);
  auto const& y = to.y;
  bool const all_inside = are_inside(s, k.rows, x.extents[2], y.extents[2]) &&
                          are_inside(s, k.columns, x.extents[3], y.extents[3]);
  auto const count = [&](window_along<index> w, index output, index inputs, index behind)
                         INLAY_INLINE_LAMBDA {
                           if (k.counts_padding != 0) {
                             inputs += w.pad + behind;
                             w.pad = 0;
                           }
                           auto const counted = taps_of(s, w, output, inputs);
                           return s.larger(counted.end - counted.begin, 0);
                         };
  pool(
      s, k, x, to, T{0},
      [&](auto const& sum, auto const& a) INLAY_INLINE_LAMBDA { return s.add(sum, a); },
      [&](auto p, auto q) INLAY_INLINE_LAMBDA {
        index elements = 1;
        if (all_inside) {
          elements = k.rows.size * k.columns.size;
        } else {
          auto const rows = count(k.rows, p, x.extents[2], k.rows_behind);
          auto const columns = count(k.columns, q, x.extents[3], k.columns_behind);
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
