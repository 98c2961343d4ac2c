// What a matrix product and a convolution have in common: sums of products, a tile at a time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/core/checked.hpp"
#include "inlay/kernel/tile.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// The sums of a tile, row by row.
template <class V, int Count> struct tile_sums {
  V at[Count];
};

/// Calls `body` with the numbers from 0 to `N` - 1, each a constant.
template <int N, class Body> INLAY_INLINE constexpr void unroll(Body&& body) {
  [&]<int... I>(std::integer_sequence<int, I...>) INLAY_INLINE_LAMBDA {
    (body(std::integral_constant<int, I>{}), ...);
  }(std::make_integer_sequence<int, N>{});
}

/// The right-hand operand of a product, which is packed or is not, in panels.
template <class Kernel, class T, class Memory>
INLAY_INLINE constexpr tensor<T, Memory> right_in_panels(Kernel const& k,
                                                         tensor<T, Memory> const& right,
                                                         bool is_packed) {
  if (is_packed) return right;
  auto const panels = in_panels(k.right(right.extents, right.strides));
  return {right.data, panels.extents, panels.strides};
}

/// What the vectors of a tile have as many elements of as one has.
template <tile_shape Tile, class T>
using tile_lane = std::conditional_t<Tile.width == 0, T, narrow<T, Tile.width>>;

/// The columns of a tile, a vector after the other: the panel that each is in, and its position in
/// that and in all columns.
template <class Index, class Position, int Vectors> struct tile_columns {
  Index panel[Vectors];
  Position in_panel[Vectors];
  Position in_all[Vectors];
};

/// Those that start with `panel`, of `count` columns; all are there if `Whole`.
template <class Lane, int Vectors, bool Whole, class S, class Index>
INLAY_INLINE constexpr auto columns_from(S& s, Index panel, Index count) {
  constexpr int width = S::template width<Lane>;
  using position = decltype(s.template lanes_from<Lane, Whole>(panel, panel));
  tile_columns<Index, position, Vectors> columns{};
  unroll<Vectors>([&](auto v) INLAY_INLINE_LAMBDA {
    constexpr int panels = v * width / panel_columns;
    auto const first = (panel + panels) * panel_columns;
    columns.panel[v] = panel + panels;
    columns.in_panel[v] =
        s.template lanes_from<Lane, Whole>(v * width % panel_columns, count - first);
    columns.in_all[v] =
        s.template lanes_from<Lane, Whole>(panel * panel_columns + v * width, count);
  });
  return columns;
}

/// Calls `body(columns)` for tiles of columns that cover `count` columns; the last may overlap the
/// one before.
template <tile_shape Tile, class T, stage S, class Body>
INLAY_INLINE constexpr void loop_columns(S& s, typename S::index count, Body&& body) {
  using element = tile_lane<Tile, T>;
  constexpr int columns = Tile.vectors * S::template width<element>;
  auto const panels = s.divide_up(count, panel_columns);
  if constexpr (columns == 1) {
    s.loop(panels, [&](auto panel) INLAY_INLINE_LAMBDA {
      auto const left = count - panel * panel_columns;
      s.loop(s.smaller(left, panel_columns), [&](auto lane) INLAY_INLINE_LAMBDA {
        using position = typename S::template lanes<T>;
        body(tile_columns<typename S::index, position, 1>{
            {panel}, {{lane}}, {{panel * panel_columns + lane}}});
      });
    });
  } else {
    auto const tile_at = [&](auto panel) INLAY_INLINE_LAMBDA {
      if constexpr (Tile.is_full) {
        body(columns_from<element, Tile.vectors, true>(s, panel, count));
      } else {
        s.if_at_most(panel * panel_columns + columns, count, [&](auto whole) INLAY_INLINE_LAMBDA {
          body(columns_from<element, Tile.vectors, whole.value>(s, panel, count));
        });
      }
    };
    if constexpr (columns % panel_columns != 0) tile_at(typename S::index{0});
    else s.loop_tiles(panels, columns / panel_columns, tile_at);
  }
}

/// A tile of zeros.
template <tile_shape Tile, class T, stage S> INLAY_INLINE constexpr auto no_sums(S& s) {
  auto const zero = s.template splat<T, tile_lane<Tile, T>>(0);
  if constexpr (Tile.rows * Tile.vectors == 1) {
    return zero;
  } else {
    tile_sums<std::remove_const_t<decltype(zero)>, Tile.rows * Tile.vectors> sums;
    for (auto& x : sums.at) x = zero;
    return sums;
  }
}

/// Where the rows of a tile begin, in elements: the first one of each run, and how far the others
/// are from the one before.
template <class Index, int Rows, int Run> struct tile_rows {
  static_assert(Rows % Run == 0);
  Index starts[Rows / Run];
  Index distance;

  template <int Row>
  INLAY_INLINE constexpr Index operator[](std::integral_constant<int, Row>) const {
    // Not by `in_run`: constant evaluation counts calls.
    return starts[Row / Run] + Row % Run * distance;
  }
  template <int Row> INLAY_INLINE constexpr Index in_run(std::integral_constant<int, Row>) const {
    return Row % Run * distance;
  }
};

/// x, in a register if there are several uses of it.
template <int Uses, stage S, class V> INLAY_INLINE constexpr V for_uses(S& s, V const& x) {
  if constexpr (Uses > 1) return s.in_register(x);
  else return x;
}

/// Adds left(row, k) · right(vector, k), fused, to the sums of a tile, which start with `From`.
template <tile_shape Tile, int From, stage S, class Index, class Sums, class Left, class Right>
INLAY_INLINE constexpr void add_products_at(S& s, Index k, Sums& sums, Left const& left,
                                            Right const& right) {
  constexpr std::integral_constant<int, 0> first;
  // What there is less of stays in registers.
  if constexpr (Tile.rows < Tile.vectors) {
    std::remove_cvref_t<decltype(left(first, k))> x[Tile.rows];
    unroll<Tile.rows>([&](auto row) INLAY_INLINE_LAMBDA {
      auto const element = left(row, k);
      x[row] = for_uses<Tile.vectors>(s, element);
    });
    unroll<Tile.vectors>([&](auto v) INLAY_INLINE_LAMBDA {
      auto const loaded = right(v, k);
      auto const w = for_uses<Tile.rows>(s, loaded);
      unroll<Tile.rows>([&](auto row) INLAY_INLINE_LAMBDA {
        auto& sum = sums.at[From + row * Tile.vectors + v];
        sum = s.fma(x[row], w, sum);
      });
    });
  } else {
    std::remove_cvref_t<decltype(right(first, k))> w[Tile.vectors];
    unroll<Tile.vectors>([&](auto v) INLAY_INLINE_LAMBDA {
      auto const loaded = right(v, k);
      w[v] = for_uses<Tile.rows>(s, loaded);
    });
    unroll<Tile.rows>([&](auto row) INLAY_INLINE_LAMBDA {
      auto const element = left(row, k);
      auto const x = for_uses<Tile.vectors>(s, element);
      unroll<Tile.vectors>([&](auto v) INLAY_INLINE_LAMBDA {
        auto& sum = sums.at[From + row * Tile.vectors + v];
        sum = s.fma(x, w[v], sum);
      });
    });
  }
}

/// Adds left(row, k) · right(vector, k) to the sums of a tile, for k in [begin, end), fused.
template <tile_shape Tile, stage S, class Index, class Sums, class Left, class Right>
INLAY_INLINE constexpr Sums accumulate(S& s, Index begin, Index end, Sums const& initial,
                                       Left const& left, Right const& right) {
  constexpr std::integral_constant<int, 0> first;
  if constexpr (Tile.rows * Tile.vectors == 1) {
    return s.fold(begin, end, initial, [&](auto k, auto sum) INLAY_INLINE_LAMBDA {
      auto const x = left(first, k);
      auto const w = right(first, k);
      return s.fma(x, w, sum);
    });
  } else {
    return s.fold(begin, end, initial, [&](auto k, auto sums) INLAY_INLINE_LAMBDA {
      add_products_at<Tile, 0>(s, k, sums, left, right);
      return sums;
    });
  }
}

/// The sums over all k < `count` of left(row, k) · right(vector, k): those of the first half, with
/// the one in the middle, and those of the second, which are added to them.
template <tile_shape Tile, class T, stage S, class Left, class Right>
INLAY_INLINE constexpr auto accumulate_halves(S& s, typename S::index count, Left const& left,
                                              Right const& right) {
  constexpr int of_half = Tile.rows * Tile.vectors;
  constexpr tile_shape both{2 * Tile.rows, Tile.vectors, Tile.width};
  using index = typename S::index;
  auto const middle = s.divide_up(count, 2);
  auto const second = count - middle;
  auto const none = no_sums<both, T>(s);
  auto const pairs = s.fold(index{0}, second, none, [&](auto k, auto so_far) INLAY_INLINE_LAMBDA {
    add_products_at<Tile, 0>(s, k, so_far, left, right);
    add_products_at<Tile, of_half>(s, k + middle, so_far, left, right);
    return so_far;
  });
  auto const sums = s.fold(second, middle, pairs, [&](auto k, auto so_far) INLAY_INLINE_LAMBDA {
    add_products_at<Tile, 0>(s, k, so_far, left, right);
    return so_far;
  });
  if constexpr (of_half == 1) {
    return s.add(sums.at[0], sums.at[1]);
  } else {
    auto total = no_sums<Tile, T>(s);
    unroll<of_half>(
        [&](auto i) INLAY_INLINE_LAMBDA { total.at[i] = s.add(sums.at[i], sums.at[i + of_half]); });
    return total;
  }
}

/// Calls `body(row, vector, sum)` with each sum of a tile.
template <tile_shape Tile, class Sums, class Body>
INLAY_INLINE constexpr void each_sum(Sums& sums, Body&& body) {
  if constexpr (Tile.rows * Tile.vectors == 1) {
    constexpr std::integral_constant<int, 0> first;
    body(first, first, sums);
  } else {
    unroll<Tile.rows>([&](auto row) INLAY_INLINE_LAMBDA {
      unroll<Tile.vectors>(
          [&](auto v) INLAY_INLINE_LAMBDA { body(row, v, sums.at[row * Tile.vectors + v]); });
    });
  }
}

/// A run of the steps of one sum: [begin, end) along each of their axes.
template <class Index> struct steps_range {
  struct place {
    Index rows;
    Index columns;
    Index channels;
  };
  place begin;
  place end;
};

/// Passes as `split_steps` has them, or, where the number of steps is not known, each over some of
/// the channels of one tap.
template <stage S, class Steps>
INLAY_INLINE constexpr auto passes_of(S& s, Steps const& steps, std::int64_t column_bytes) {
  using index = typename S::index;
  auto const rows = s.known(steps.rows, -1);
  auto const columns = s.known(steps.columns, -1);
  auto const channels = s.known(steps.channels, -1);
  if (std::is_same_v<index, std::int64_t> || (rows >= 0 && columns >= 0 && channels >= 0)) {
    auto const known = split_steps({rows, columns, channels}, column_bytes);
    auto const& pass = known.of_pass;
    auto const& count = known.count;
    return product_passes_of<index>{{pass.rows, pass.columns, pass.channels},
                                    {count.rows, count.columns, count.channels},
                                    known.total};
  }
  index const most = (24 << 10) / column_bytes;
  auto const chunks = s.larger(s.divide_up(steps.channels, most), 1);
  return product_passes_of<index>{{1, 1, s.divide_up(steps.channels, chunks)},
                                  {steps.rows, steps.columns, chunks},
                                  steps.rows * steps.columns * chunks};
}

/// The steps of one pass.
template <stage S, class Passes, class Steps, class Index>
INLAY_INLINE constexpr steps_range<Index> pass_at(S& s, Passes const& passes, Steps const& steps,
                                                  Index pass) {
  auto const& size = passes.of_pass;
  auto const tap = pass / passes.count.channels;
  auto const channel = (pass - tap * passes.count.channels) * size.channels;
  auto const line = tap / passes.count.columns;
  auto const column = (tap - line * passes.count.columns) * size.columns;
  auto const row = line * size.rows;
  return {{row, column, channel},
          {s.smaller(row + size.rows, steps.rows), s.smaller(column + size.columns, steps.columns),
           s.smaller(channel + size.channels, steps.channels)}};
}

template <tile_shape Tile, class T, class Memory, stage S, class Index, class Sums>
INLAY_INLINE constexpr void load_sums(S& s, tensor<T, Memory> const& memory, Index slot,
                                      Sums& sums) {
  using element = tile_lane<Tile, T>;
  auto const lanes = s.template lanes_from<element, true>(0, S::template width<element>);
  unroll<Tile.rows * Tile.vectors>(
      [&](auto i) INLAY_INLINE_LAMBDA { sums.at[i] = s.load(memory, slot + i, lanes); });
}
template <tile_shape Tile, class T, class Memory, stage S, class Index, class Sums>
INLAY_INLINE constexpr void store_sums(S& s, tensor<T, Memory> const& memory, Index slot,
                                       Sums const& sums) {
  using element = tile_lane<Tile, T>;
  auto const lanes = s.template lanes_from<element, true>(0, S::template width<element>);
  unroll<Tile.rows * Tile.vectors>(
      [&](auto i) INLAY_INLINE_LAMBDA { s.store(memory, slot + i, lanes, sums.at[i]); });
}

/// Computes the sums of `rows` rows by `columns` columns, a tile at a time; the last tile of rows
/// overlaps the one before. Of the product, `add<Tile>(first, columns, range, sums)` adds the
/// products of these steps to the tile whose first row is given, `finish<Tile>(first, columns,
/// sums)` takes what has come of it. Passes over the steps keep what they read of the right-hand
/// side in the nearest cache; in between, the sums of some tiles wait in memory.
template <tile_shape Tile, class T, stage S, class Product>
INLAY_INLINE constexpr void multiply(S& s, typename S::index rows, typename S::index columns,
                                     product_steps_of<typename S::index> const& steps,
                                     Product const& product) {
  constexpr int sums_of_tile = Tile.rows * Tile.vectors;
  constexpr int width = S::template width<tile_lane<Tile, T>>;
  auto const zero = no_sums<Tile, T>(s);
  steps_range<typename S::index> const all{{0, 0, 0}, {steps.rows, steps.columns, steps.channels}};
  if constexpr (sums_of_tile == 1) {
    loop_columns<Tile, T>(s, columns, [&](auto const& at) INLAY_INLINE_LAMBDA {
      s.loop(rows, [&](auto row) INLAY_INLINE_LAMBDA {
        auto const sums = product.template add<Tile>(row, at, all, zero);
        product.template finish<Tile>(row, at, sums);
      });
    });
  } else {
    // 24 KB of them: what a pass reads of so many rows fits into a cache of the second level.
    constexpr int waiting = (24 << 10) / (sums_of_tile * width * int{sizeof(T)});
    auto const tiles = s.divide_up(rows, Tile.rows);
    // Blocks of nearly the same size: each reads all of the right-hand side.
    auto const blocks = s.divide_up(tiles, waiting);
    auto const of_block = s.divide_up(tiles, s.larger(blocks, 1));
    auto const first_row = [&](auto tile) INLAY_INLINE_LAMBDA {
      return s.smaller(tile * Tile.rows, rows - Tile.rows);
    };
    auto const each_block = [&](auto const& compute) INLAY_INLINE_LAMBDA {
      s.loop(blocks, [&](auto block) INLAY_INLINE_LAMBDA {
        auto const first = block * of_block;
        auto const count = s.smaller(tiles - first, of_block);
        loop_columns<Tile, T>(
            s, columns, [&](auto const& at) INLAY_INLINE_LAMBDA { compute(at, first, count); });
      });
    };
    if constexpr (Tile.is_one_pass) {
      each_block([&](auto const& at, auto first, auto count) INLAY_INLINE_LAMBDA {
        s.loop(count, [&](auto i) INLAY_INLINE_LAMBDA {
          auto const row = first_row(first + i);
          auto const sums = product.template add<Tile>(row, at, all, zero);
          product.template finish<Tile>(row, at, sums);
        });
      });
    } else {
      auto const passes = passes_of(s, steps, Tile.vectors * width * int{sizeof(T)});
      typename S::template workspace<T, waiting * sums_of_tile * width> memory(s);
      auto const sums_in_memory = memory.rows(width);
      each_block([&](auto const& at, auto first, auto count) INLAY_INLINE_LAMBDA {
        s.loop(passes.total, [&](auto pass) INLAY_INLINE_LAMBDA {
          auto const part = pass_at(s, passes, steps, pass);
          s.loop(count, [&](auto i) INLAY_INLINE_LAMBDA {
            auto const row = first_row(first + i);
            auto const slot = i * sums_of_tile;
            auto const before = s.if_at_most(1, pass, [&](auto are_some) INLAY_INLINE_LAMBDA {
              auto sums = zero;
              if constexpr (are_some.value) load_sums<Tile, T>(s, sums_in_memory, slot, sums);
              return sums;
            });
            auto const sums = product.template add<Tile>(row, at, part, before);
            s.if_at_most(passes.total - 1, pass, [&](auto are_all) INLAY_INLINE_LAMBDA {
              if constexpr (are_all.value) product.template finish<Tile>(row, at, sums);
              else store_sums<Tile, T>(s, sums_in_memory, slot, sums);
            });
          });
        });
      });
    }
  }
}

/// The tile that a kernel was asked for, or else the smallest one.
template <tile_shape Tile, class T, class S>
inline constexpr tile_shape tile_or_least =
    Tile.rows != 0 ? Tile : least_tile(S::template width<T>);

INLAY_END_TARGET
