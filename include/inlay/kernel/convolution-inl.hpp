// Convolution over two axes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <type_traits>

#include "inlay/core/checked.hpp"
#include "inlay/kernel/convolution.hpp"
#include "inlay/kernel/depthwise-inl.hpp"
#include "inlay/kernel/product-inl.hpp"
#include "inlay/kernel/results-inl.hpp"
#include "inlay/kernel/window-inl.hpp"
#include "inlay/kernel/write_tile-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// Where the rows of a pooled tile begin, in elements: the first one of each run, and how far a
/// pixel is from the one beside it and from the one below.
template <class Index, int Rows, int Run> struct pooled_rows {
  static_assert(Rows % Run == 0 && Run % 4 == 0);
  Index starts[Rows / Run];
  Index column;
  Index line;

  template <int Row>
  INLAY_INLINE constexpr Index operator[](std::integral_constant<int, Row> row) const {
    return starts[Row / Run] + in_run(row);
  }
  template <int Row> INLAY_INLINE constexpr Index in_run(std::integral_constant<int, Row>) const {
    constexpr int across = Row % Run / 4 * 2 + Row % 2;
    constexpr int down = Row / 2 % 2;
    return down * line + across * column;
  }
};

/// One group of one image: its channels, its weights, its outputs.
template <class T, class S, class Results> struct convolution_group {
  using index = typename S::index;

  S& s;
  convolution_along<index> const& k;
  tensor_of<S, T const> const& x;      // [c, h, w]
  tensor_of<S, T const> const& right;  // [o/16, 16, rows, columns, c]
  Results const& to;                   // [o, p, q]
  tensor_of<S, T const> const& bias;   // of all groups, or none
  index first_output;

  /// Offsets of a tile's outputs, which are counted along the rows of the image: `row` elements a
  /// row of it, `column` elements a column.
  template <int Rows, int Run>
  INLAY_INLINE constexpr auto places(index first, index row, index column) const {
    tile_rows<index, Rows, Run> rows{{}, column};
    auto const width = to.y.extents[2];
    unroll<Rows / Run>([&](auto i) INLAY_INLINE_LAMBDA {
      auto const output = first + i * Run;
      auto const p = output / width;
      rows.starts[i] = p * row + (output - p * width) * column;
    });
    return rows;
  }
  /// The same of what windows look at; of each output of a pooled tile four.
  template <tile_shape Tile>
  INLAY_INLINE constexpr auto pixels_of(index first, index row, index column) const {
    if constexpr (Tile.is_pooled) {
      auto const pooled = places<Tile.rows / 4, Tile.run / 4>(first / 4, 2 * row, 2 * column);
      pooled_rows<index, Tile.rows, Tile.run> rows{{}, column, row};
      unroll<Tile.rows / Tile.run>([&](auto i)
                                       INLAY_INLINE_LAMBDA { rows.starts[i] = pooled.starts[i]; });
      return rows;
    } else {
      return places<Tile.rows, Tile.run>(first, row, column);
    }
  }

  /// Adds a part of the products to the sums of the outputs from `first` on.
  template <tile_shape Tile, class Columns, class Sums>
  INLAY_INLINE constexpr Sums add(index first, Columns const& columns,
                                  steps_range<index> const& part, Sums const& sums) const {
    if constexpr (!Tile.is_inside) return add_at_edge<Tile>(first, columns, sums);
    auto const pixels =
        pixels_of<Tile>(first, k.rows.stride * x.strides[1], k.columns.stride * x.strides[2]);
    if constexpr (Tile.is_dynamic && Tile.rows * Tile.vectors > 1) {
      return add_in_one_loop<Tile>(pixels, columns, part, sums);
    }
    auto const row = k.rows.dilation * x.strides[1];
    auto const column = k.columns.dilation * x.strides[2];
    return s.fold(
        part.begin.rows, part.end.rows, sums, [&](auto ky, auto row_sums) INLAY_INLINE_LAMBDA {
          return s.fold(part.begin.columns, part.end.columns, row_sums,
                        [&](auto kx, auto tap_sums) INLAY_INLINE_LAMBDA {
                          auto const tap = ky * row + kx * column;
                          auto at = pixels;
                          unroll<std::extent_v<decltype(at.starts)>>(
                              [&](auto i) INLAY_INLINE_LAMBDA { at.starts[i] += tap; });
                          return accumulate<Tile>(s, part.begin.channels, part.end.channels,
                                                  tap_sums, pixel_at<tile_lane<Tile, T>>(at),
                                                  weight_at(columns, ky, kx));
                        });
        });
  }

  /// The same in one loop: where rows, columns and channels are few, loops within loops would take
  /// longer to start than to run.
  template <tile_shape Tile, class Rows, class Columns, class Sums>
  INLAY_INLINE constexpr Sums add_in_one_loop(Rows const& first, Columns const& columns,
                                              steps_range<index> const& part,
                                              Sums const& sums) const {
    auto const& of_x = x.strides;
    auto const& of_weights = right.strides;
    struct axis {
      index count;
      index pixels;
      index weights;
    };
    axis const channel{part.end.channels - part.begin.channels, of_x[0], of_weights[4]};
    axis const column{part.end.columns - part.begin.columns, k.columns.dilation * of_x[2],
                      of_weights[3]};
    axis const row{part.end.rows - part.begin.rows, k.rows.dilation * of_x[1], of_weights[2]};
    auto const start = [&](auto offset) INLAY_INLINE_LAMBDA {
      return part.begin.rows * offset(row) + part.begin.columns * offset(column) +
             part.begin.channels * offset(channel);
    };
    using pointer = decltype(x.data);
    constexpr int runs = std::extent_v<decltype(first.starts)>;
    constexpr int run = Tile.rows / runs;
    pointer pixels[runs];
    auto const from_pixel = start([](axis const& a) INLAY_INLINE_LAMBDA { return a.pixels; });
    unroll<runs>([&](auto i)
                     INLAY_INLINE_LAMBDA { pixels[i] = x.data + (first.starts[i] + from_pixel); });
    pointer weights =
        right.data + start([](axis const& a) INLAY_INLINE_LAMBDA { return a.weights; });
    auto const advance = [&](index by_pixels, index by_weights) INLAY_INLINE_LAMBDA {
      unroll<runs>([&](auto i) INLAY_INLINE_LAMBDA { pixels[i] += by_pixels; });
      weights += by_weights;
    };
    auto const pixel = [&](auto i, auto) INLAY_INLINE_LAMBDA {
      tensor_of<S, T const> of_run{pixels[i / run], {}, {1}};
      return s.template broadcast<tile_lane<Tile, T>>(of_run, first.in_run(i));
    };
    auto const panel = of_weights[0];
    auto const weight = [&](auto v, auto) INLAY_INLINE_LAMBDA {
      tensor_of<S, T const> panels{weights, {}, {panel, 1}};
      return s.load(panels, columns.panel[v.value], columns.in_panel[v.value]);
    };
    index channels = channel.count;  // that are left of this column
    index across = column.count;     // columns that are left of this row
    auto const steps = row.count * column.count * channel.count;
    return s.fold(index{0}, steps, sums, [&](auto, auto so_far) INLAY_INLINE_LAMBDA {
      add_products_at<Tile, 0>(s, index{0}, so_far, pixel, weight);
      advance(channel.pixels, channel.weights);
      channels -= 1;
      s.if_at_most(channels, 0, [&](auto is_column) INLAY_INLINE_LAMBDA {
        if constexpr (is_column.value) {
          advance(column.pixels - channel.count * channel.pixels,
                  column.weights - channel.count * channel.weights);
          channels = channel.count;
          across -= 1;
          s.if_at_most(across, 0, [&](auto is_row) INLAY_INLINE_LAMBDA {
            if constexpr (is_row.value) {
              advance(row.pixels - column.count * column.pixels,
                      row.weights - column.count * column.weights);
              across = column.count;
            }
          });
        }
      });
      return so_far;
    });
  }

  /// Adds all products to the sums of one output, whose window may hang over the image.
  template <tile_shape Tile, class Columns, class Sums>
  INLAY_INLINE constexpr Sums add_at_edge(index output, Columns const& columns,
                                          Sums const& sums) const {
    auto const p = output / to.y.extents[2];
    auto const q = output - p * to.y.extents[2];
    auto const rows = taps_of(s, k.rows, p, x.extents[1]);
    auto const across = taps_of(s, k.columns, q, x.extents[2]);
    auto const zero = s.template splat<T, tile_lane<Tile, T>>(0);
    return fold_taps(
        s, rows, k.rows.size, sums, [&](auto ky, auto is_row, auto row_sums) INLAY_INLINE_LAMBDA {
          auto const row = (rows.first + ky * k.rows.dilation) * x.strides[1];
          return fold_taps(s, across, k.columns.size, row_sums,
                           [&](auto kx, auto is_column, auto tap_sums) INLAY_INLINE_LAMBDA {
                             auto const weights = weight_at(columns, ky, kx);
                             if constexpr (is_row.value && is_column.value) {
                               auto const column =
                                   (across.first + kx * k.columns.dilation) * x.strides[2];
                               tile_rows<index, 1, 1> const at{{row + column}, 0};
                               return accumulate<Tile>(s, index{0}, index{x.extents[0]}, tap_sums,
                                                       pixel_at<tile_lane<Tile, T>>(at), weights);
                             } else {
                               return accumulate<Tile>(
                                   s, index{0}, index{x.extents[0]}, tap_sums,
                                   [&](auto, auto) INLAY_INLINE_LAMBDA { return zero; }, weights);
                             }
                           });
        });
  }

  /// Adds the bias and stores these outputs.
  template <tile_shape Tile, class Columns, class Sums>
  INLAY_INLINE constexpr void finish(index first, Columns const& columns, Sums const& sums) const {
    if constexpr (Tile.is_pooled) return finish_pooled<Tile>(first, columns, sums);
    auto const place_of = [&](auto const& by) INLAY_INLINE_LAMBDA {
      return tile_place{places<Tile.rows, Tile.run>(first, by[1], by[2]), by[0]};
    };
    write_tile<Tile>(s, to, columns, with_bias<Tile>(columns, sums), place_of,
                     [&](auto, auto, auto sum) INLAY_INLINE_LAMBDA { return sum; });
  }

  /// Stores of four outputs each the largest, once they have their bias and the epilogue.
  template <tile_shape Tile, class Columns, class Sums>
  INLAY_INLINE constexpr void finish_pooled(index first, Columns const& columns,
                                            Sums const& sums) const {
    auto const& strides = to.y.strides;
    auto const pixels = places<Tile.rows / 4, Tile.run / 4>(first / 4, strides[1], strides[2]);
    tensor_of<S, T> outputs{to.y.data, {}, {1, strides[0]}};
    auto const all = with_bias<Tile>(columns, sums);
    auto const store_with = [&](auto const& tape) INLAY_INLINE_LAMBDA {
      unroll<Tile.rows / 4>([&](auto i) INLAY_INLINE_LAMBDA {
        unroll<Tile.vectors>([&](auto v) INLAY_INLINE_LAMBDA {
          auto const output = [&](auto row) INLAY_INLINE_LAMBDA {
            auto const sum = all.at[row * Tile.vectors + v];
            return tape.template apply<T>(s, sum, [&](auto) INLAY_INLINE_LAMBDA { return sum; });
          };
          auto largest = output(4 * i);
          unroll<3>([&](auto other) INLAY_INLINE_LAMBDA {
            auto const next = output(4 * i + 1 + other);
            largest = s.max(next, largest);
          });
          s.store(outputs, pixels[i], columns.in_all[v], largest);
        });
      });
    };
    if constexpr (requires { to.tape.is_short(); }) {
      if (goes_by_strips(to)) return store_with(to.tape);
    }
    store_with(tape_of(s, to));
  }

 private:
  template <tile_shape Tile, class Columns, class Sums>
  INLAY_INLINE constexpr Sums with_bias(Columns const& columns, Sums sums) const {
    if (bias.data == nullptr) return sums;
    unroll<Tile.vectors>([&](auto v) INLAY_INLINE_LAMBDA {
      auto const channel = s.shift(columns.in_all[v], first_output);
      auto const offset = s.load(bias, channel);
      if constexpr (Tile.rows * Tile.vectors == 1) {
        sums = s.add(sums, offset);
      } else {
        unroll<Tile.rows>([&](auto row) INLAY_INLINE_LAMBDA {
          auto& sum = sums.at[row * Tile.vectors + v];
          sum = s.add(sum, offset);
        });
      }
    });
    return sums;
  }
  template <class Lane, class Rows> INLAY_INLINE constexpr auto pixel_at(Rows const& rows) const {
    tensor_of<S, T const> steps{x.data, {}, {1, x.strides[0]}};
    return [this, steps, &rows](auto i, auto c)
               INLAY_INLINE_LAMBDA { return s.template broadcast<Lane>(steps, rows[i], c); };
  }
  template <class Columns>
  INLAY_INLINE constexpr auto weight_at(Columns const& columns, index ky, index kx) const {
    return [this, &columns, ky, kx](auto v, auto c) INLAY_INLINE_LAMBDA {
      return s.load(right, columns.panel[v.value], columns.in_panel[v.value], ky, kx, c);
    };
  }
};

/// Where windows hang over the image, a tile is one output, computed in one pass.
constexpr tile_shape one_row_at_edges(tile_shape tile) {
  if (!tile.is_inside) {
    tile.rows = 1;
    tile.is_one_pass = true;
  }
  return tile;
}

/// Images as those of their groups: [n, g·c, h, w] → [n, g, c, h, w].
template <class T, class Memory>
INLAY_INLINE constexpr tensor<T, Memory> in_groups(tensor<T, Memory> const& x,
                                                   std::int64_t groups) {
  auto const channels = x.extents[1] / groups;
  return {x.data,
          {x.extents[0], groups, channels, x.extents[2], x.extents[3]},
          {x.strides[0], channels * x.strides[1], x.strides[1], x.strides[2], x.strides[3]}};
}

/// A convolution by weights in panels, [groups, o/groups/16, 16, rows, columns, c].
template <tile_shape Tile, class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void convolve(S& s, convolution_along<typename S::index> const& k,
                                     tensor<T const, Memory> const& x,
                                     tensor<T const, Memory> const& panels,
                                     tensor<T const, Memory> const& bias, Results const& y) {
  auto const& to = results_to(y);
  auto const images = in_groups(x, k.groups);
  auto const all_results =
      to.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return in_groups(t, k.groups); });
  product_steps_of<typename S::index> const steps{k.rows.size, k.columns.size, panels.extents[5]};
  constexpr int of_result = Tile.is_pooled ? 4 : 1;
  auto const outputs = of_result * to.y.extents[2] * to.y.extents[3];
  s.loop(to.y.extents[0], [&](auto n) INLAY_INLINE_LAMBDA {
    s.loop(k.groups, [&](auto g) INLAY_INLINE_LAMBDA {
      typename S::index const at[] = {n, g};
      auto const image = s.slice(images, at, 2);
      auto const right = s.slice(panels, at + 1, 1);
      auto const result =
          all_results.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return s.slice(t, at, 2); });
      auto const first_output = g * result.y.extents[0];
      convolution_group<T, S, std::remove_cvref_t<decltype(to)>> const group{
          s, k, image, right, result, bias, first_output};
      multiply<Tile, T>(s, outputs, result.y.extents[0], steps, group);
    });
  });
}

/// *Order*: from +0, rows of the window, then its columns, then input channels, each ascending,
/// fused; the padding is +0; the bias is added last. Of a pooled tile the results are those of a
/// largest pooling of 2x2 without padding over what the tape makes of the outputs.
/// *Shapes*: x [n, groups·c, h, w], weights [o, c, rows, columns] or, in panels, [groups,
/// o/groups/16, 16, rows, columns, c], bias [o] or none, y [n, o, p, q]. `Tile` has no more rows
/// than there are outputs in an image, or one where windows hang over it, and no more panels than
/// the outputs of a group fill; it is pooled only where none hangs over it.
template <tile_shape Tile = tile_shape{}, class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run(S& s, convolution_along<typename S::index> const& k,
                                tensor<T const, Memory> const& x,
                                tensor<T const, Memory> const& weights,
                                tensor<T const, Memory> const& bias, Results const& y) {
  auto const& to = results_to(y);
  auto const channels = to.y.extents[1];
  if constexpr (may_be_depthwise(Tile)) {
    if (is_depthwise(k.groups, x.extents[1] / k.groups, channels / k.groups)) {
      return run_depthwise<Tile>(s, k, x, weights, bias, to);
    }
  }
  constexpr auto tile = one_row_at_edges(tile_or_least<Tile, T, S>);
  bool const is_packed = weights.extents.size() > to.y.extents.size();
  convolve<tile>(s, k, x, right_in_panels(k, weights, is_packed), bias, to);
}

INLAY_END_TARGET
