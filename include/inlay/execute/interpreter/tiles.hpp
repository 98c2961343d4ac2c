// The tiles that the interpreter has code for, and which of them suits a product.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/checked.hpp"
#include "inlay/core/element_type.hpp"
#include "inlay/kernel/tile.hpp"

namespace inlay::inline INLAY_VERSION {

/// A set of tiles; one of the first two suits a product of any extents.
struct tile_list {
  static constexpr std::size_t capacity = 48;
  tile_shape at[capacity]{};
  std::size_t count = 0;

  constexpr void add(tile_shape const& tile) { at[count++] = tile; }
};

/// What the products of a kernel are like: of matrices; of windows, most of which lie on their
/// images; of windows that hang over them.
enum class product_kind : std::uint8_t { matrices, windows, edges };

template <class Kernel> constexpr product_kind kind_of_products() {
  if constexpr (requires { &Kernel::is_halved; }) return product_kind::matrices;
  else if constexpr (requires { &Kernel::border; }) return product_kind::windows;
  else return product_kind::edges;
}

namespace detail {

/// A tile with all its windows on the image. `is_full` where there is code for whole vectors alone,
/// which takes a compiler half the time.
constexpr tile_shape inner_tile(int rows, int vectors, int width, bool is_full, int run) {
  tile_shape tile{rows, vectors, width, true, is_full};
  tile.run = run;
  tile.is_dynamic = true;
  return tile;
}

/// That tile, of whose rows each four make one result.
constexpr tile_shape pooled(tile_shape tile) {
  tile.is_pooled = true;
  tile.is_inside = true;
  tile.run = 4;
  return tile;
}

constexpr void add_matrix_tiles(tile_list& tiles, int width) {
  auto const rows = [&](int high, int vectors, bool is_full) {
    tiles.add(inner_tile(high, vectors, width, is_full, high));
  };
  auto const halves = [&](int high, int vectors) {
    tiles.add(halved(inner_tile(high, vectors, width, false, high)));
  };
  if (width >= 16) {
    rows(1, 4, true);
    rows(6, 4, true);
    rows(8, 1, false);
    rows(12, 2, true);
    halves(6, 1);
  } else {
    rows(1, 4, true);
    rows(3, 4, true);
    rows(6, 2, false);
    halves(3, 2);
  }
}

/// Of few rows: the strides are no constants here, and each row's offset takes a register.
constexpr void add_window_tiles(tile_list& tiles, int width) {
  auto const add = [&](int rows, int vectors, int lanes, bool is_full, int run) {
    tiles.add(inner_tile(rows, vectors, lanes, is_full, run));
  };
  add(6, 1, width, false, 1);
  tiles.add(pooled(inner_tile(8, 1, 8, true, 4)));
  tiles.add(pooled(inner_tile(8, 1, width, width >= 16, 4)));
  if (width >= 16) {
    add(8, 1, width, true, 8);
    add(8, 1, 8, true, 8);
    add(7, 2, width, true, 7);
    add(8, 2, width, true, 8);
    add(6, 4, width, true, 1);
  } else {
    add(6, 2, width, false, 1);
    add(8, 1, width, true, 8);
    add(3, 4, width, true, 1);
    add(4, 2, width, true, 4);
    tiles.add(pooled(inner_tile(4, 2, width, true, 4)));
  }
}

}  // namespace detail

/// The tiles for a machine of such vectors.
/// Short ones have the least tiles alone, and so have right-hand sides that are not contiguous.
/// *Costs*: the code of each takes a compiler a second or two.
template <class T> constexpr tile_list tiles_for(product_kind kind, int width) {
  tile_list tiles;
  auto least = least_tile(width);
  least.is_inside = kind == product_kind::matrices;
  tiles.add(least);
  if (kind == product_kind::matrices) tiles.add(halved(least));
  if (kind == product_kind::windows) {
    if (least.vectors != 1) tiles.add({1, 1, width});
    tiles.add(detail::pooled({4, least.vectors, width}));
  }
  if (width < 8 || element_of<T> != element_type::float32) return tiles;
  if (kind == product_kind::matrices) detail::add_matrix_tiles(tiles, width);
  if (kind == product_kind::windows) detail::add_window_tiles(tiles, width);
  return tiles;
}

/// Whether a tile may compute a product.
constexpr bool suits(tile_shape const& tile, product_extents const& product) {
  if (tile.is_halved != product.is_halved || tile.is_pooled != product.is_pooled ||
      (tile.is_inside && !product.is_inside) || (tile.is_dynamic && !product.is_contiguous)) {
    return false;
  }
  if (tile.rows != 1 && (tile.rows > product.rows || !tile.is_inside)) return false;
  if (tile.run > 1 && product.even_rows != product.rows && product.even_rows % tile.run != 0) {
    return false;
  }
  auto const columns = tile.vectors * tile.width;
  // It may be depthwise, which goes by one vector.
  if (product.columns == 1 && product.steps.channels == 1 && !product.is_halved &&
      !product.is_pooled) {
    return tile.vectors == 1 && !tile.is_full;
  }
  if (tile.is_full && product.columns % panel_columns != 0 && product.columns != columns) {
    return false;
  }
  if (columns % panel_columns != 0) return columns == 1 || columns >= product.columns;
  return columns / panel_columns <= panels_of(product.columns);
}

/// The place in the list of the tile that `cost_of_tile` says is quickest.
constexpr std::size_t quickest_tile(tile_list const& tiles, product_extents const& product,
                                    int element_bytes) {
  std::size_t best = 0;
  std::int64_t least_cost = -1;
  for (std::size_t i = 0; i < tiles.count; ++i) {
    auto const& tile = tiles.at[i];
    if (!suits(tile, product)) continue;
    auto const columns = tile.vectors * tile.width;
    auto const passes = tile.is_halved || tile.rows == 1
                            ? 1
                            : split_steps(product.steps, columns * element_bytes).total;
    auto const cost = divide_up(product.rows, tile.rows) * divide_up(product.columns, columns) *
                      cost_of_tile(tile.rows, tile.vectors, tile.rows / tile.run, product.steps,
                                   passes, tile.is_halved ? 2 : 1);
    bool const is_better = tile.is_dynamic && !tiles.at[best].is_dynamic;
    if (least_cost >= 0 && (cost > least_cost || (cost == least_cost && !is_better))) continue;
    best = i;
    least_cost = cost;
  }
  return best;
}

}  // namespace inlay::inline INLAY_VERSION
