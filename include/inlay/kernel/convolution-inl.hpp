// Convolution and pooling over two axes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/checked.hpp"
#include "inlay/core/least_value.hpp"
#include "inlay/kernel/convolution.hpp"
#include "inlay/kernel/product-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// The part of a window that lies on the input: its elements [begin, end), where element k looks at
/// input first + k·dilation.
template <class Index> struct taps {
  Index first;
  Index begin;
  Index end;
};

/// size 3, stride 2, pad 1, output 0 of 5 inputs → first -1, elements [1, 3)
template <stage S, class Index>
INLAY_INLINE constexpr taps<Index> taps_of(S& s, window_axis const& w, Index output,
                                           std::int64_t inputs) {
  auto const first = output * w.stride - w.pad;
  auto const begin = s.divide_up(-first, w.dilation);
  auto const reached = s.divide_up(inputs - first, w.dilation);
  auto const end = s.smaller(reached, w.size);
  return {first, begin, end};
}

/// All elements of the window.
template <class Index> constexpr taps<Index> all_taps(window_axis const& w, Index output) {
  return {output * w.stride - w.pad, 0, w.size};
}

/// The images and the weights of one group of one image.
template <class T, class S> struct convolution_group {
  using index = typename S::index;

  S& s;
  convolution const& k;
  tensor<T const> const& x;
  tensor<T const> const& right;  // [o/16, 16, rows, columns, c]
  tensor<T const> const& bias;
  tensor<T> const& y;
  index image;
  index first_channel;
  index first_output;

  /// Adds a part of the products to the sums of as many outputs of row p as `Tile` has rows, of
  /// which the first looks at the columns `across`.
  template <tile_shape Tile, class Columns, class Sums>
  INLAY_INLINE constexpr Sums add(Columns const& columns, index p, taps<index> const& across,
                                  steps_range const& part, Sums const& sums) const {
    auto const rows = taps_of(s, k.rows, p, x.extents[2]);
    auto const top = s.larger(rows.begin, part.begin.rows);
    auto const bottom = s.smaller(rows.end, part.end.rows);
    auto const front = s.larger(across.begin, part.begin.columns);
    auto const back = s.smaller(across.end, part.end.columns);
    return s.fold(top, bottom, sums, [&](auto ky, auto row_sums) INLAY_INLINE_LAMBDA {
      auto const row = rows.first + ky * k.rows.dilation;
      return s.fold(front, back, row_sums, [&](auto kx, auto tap_sums) INLAY_INLINE_LAMBDA {
        auto const column = across.first + kx * k.columns.dilation;
        if constexpr (Tile.rows * Tile.vectors == 1) {
          // The same in fewer steps of a constant evaluation.
          return s.fold(part.begin.channels, part.end.channels, tap_sums, [&](auto c, auto sum) {
            auto const a = s.broadcast(x, image, first_channel + c, row, column);
            auto const w = s.load(right, columns.panel[0], columns.in_panel[0], ky, kx, c);
            return s.fma(a, w, sum);
          });
        } else {
          auto const pixel = [&](auto i, auto c) INLAY_INLINE_LAMBDA {
            return s.broadcast(x, image, first_channel + c, row, column + i * k.columns.stride);
          };
          auto const weight = [&](auto v, auto c) INLAY_INLINE_LAMBDA {
            return s.load(right, columns.panel[v], columns.in_panel[v], ky, kx, c);
          };
          return accumulate<Tile>(s, part.begin.channels, part.end.channels, tap_sums, pixel,
                                  weight);
        }
      });
    });
  }

  /// Adds the bias and stores these outputs.
  template <tile_shape Tile, class Columns, class Sums>
  INLAY_INLINE constexpr void finish(Columns const& columns, index p, index q,
                                     Sums const& sums) const {
    each_sum<Tile>(sums, [&](auto i, auto v, auto sum) INLAY_INLINE_LAMBDA {
      auto const o = s.shift(columns.in_all[v], first_output);
      if (bias.data != nullptr) {
        auto const offset = s.load(bias, o);
        sum = s.add(sum, offset);
      }
      auto const at = q + i;
      s.store(y, image, o, p, at, sum);
    });
  }

  /// The outputs of all rows in `width` tiles each. `column_of(t, p)` is where tile t, which is in
  /// row p, begins, `taps_at(q)` what the output of column q looks at.
  template <tile_shape Tile, class ColumnOf, class TapsAt>
  INLAY_INLINE constexpr void compute(std::int64_t width, product_steps const& steps,
                                      ColumnOf const& column_of, TapsAt const& taps_at) const {
    multiply<Tile, T>(
        s, y.extents[2] * width, y.extents[1] / k.groups, steps,
        [&](auto t, auto const& columns, auto const& part, auto const& sums) INLAY_INLINE_LAMBDA {
          auto const p = t / width;
          auto const across = taps_at(column_of(t, p));
          return add<Tile>(columns, p, across, part, sums);
        },
        [&](auto t, auto const& columns, auto const& sums) INLAY_INLINE_LAMBDA {
          auto const p = t / width;
          finish<Tile>(columns, p, column_of(t, p), sums);
        });
  }

  /// The outputs of all columns but [begin, end), one by one, by the taps that lie on the input.
  template <tile_shape Tile>
  INLAY_INLINE constexpr void compute_one_by_one(std::int64_t begin, std::int64_t end,
                                                 product_steps const& steps) const {
    auto const gap = end - begin;
    auto const width = y.extents[3] - gap;
    if (width == 0) return;
    compute<Tile>(
        width, steps,
        [&](auto t, auto p) INLAY_INLINE_LAMBDA {
          auto const i = t - p * width;
          auto const steps_behind = s.larger(i - begin + 1, 0);
          return i + gap * s.smaller(steps_behind, 1);
        },
        [&](auto q) INLAY_INLINE_LAMBDA { return taps_of(s, k.columns, q, x.extents[3]); });
  }

  /// Those whose windows lie on the input as a whole, in tiles.
  template <tile_shape Tile>
  INLAY_INLINE constexpr void compute_tiles(std::int64_t begin, std::int64_t end,
                                            product_steps const& steps) const {
    auto const width = divide_up(end - begin, Tile.rows);
    compute<Tile>(
        width, steps,
        [&](auto t, auto p) INLAY_INLINE_LAMBDA {
          return s.smaller(begin + (t - p * width) * Tile.rows, end - Tile.rows);
        },
        [&](auto q) INLAY_INLINE_LAMBDA { return all_taps(k.columns, q); });
  }
};

/// *Order*: from +0, rows of the window, then its columns, then input channels, each ascending,
/// fused; taps on the padding are left out; the bias is added last.
/// *Shapes*: x [n, groups·c, h, w], weights [o, c, rows, columns] or, in panels, [groups,
/// o/groups/16, 16, rows, columns, c], bias [o] or none, y [n, o, p, q]. `Tile` has no more rows
/// than `whole_columns` of the outputs, and no more panels than the outputs of a group fill.
template <tile_shape Tile = tile_shape{}, class T, stage S>
INLAY_INLINE constexpr void run(S& s, convolution const& k, tensor<T const> const& x,
                                tensor<T const> const& weights, tensor<T const> const& bias,
                                tensor<T> const& y) {
  constexpr auto tile = tile_or_least<Tile, T, S>;
  auto const outputs = y.extents[1] / k.groups;
  bool const is_packed = weights.extents.size() > y.extents.size();
  auto const groups = right_in_panels(k, weights, is_packed);
  auto const channels = groups.extents[5];
  product_steps const steps{k.rows.size, k.columns.size, channels};
  s.loop(y.extents[0], [&](auto n) INLAY_INLINE_LAMBDA {
    s.loop(k.groups, [&](auto g) INLAY_INLINE_LAMBDA {
      auto const right = s.slice(groups, &g, 1);
      convolution_group<T, S> const group{s, k, x, right, bias, y, n, g * channels, g * outputs};
      if constexpr (tile.rows == 1) {
        group.template compute_one_by_one<tile>(0, 0, steps);
      } else {
        auto const whole = whole_columns(k.columns, x.extents[3], y.extents[3]);
        if constexpr (!tile.is_inside) {
          constexpr tile_shape narrow{1, tile.vectors, false, tile.is_full, tile.is_one_pass};
          group.template compute_one_by_one<narrow>(whole.begin, whole.end, steps);
        }
        group.template compute_tiles<tile>(whole.begin, whole.end, steps);
      }
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
