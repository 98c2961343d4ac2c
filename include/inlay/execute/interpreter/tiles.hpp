// The tiles that the interpreter has code for, and which of them suits a product.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/checked.hpp"
#include "inlay/kernel/tile.hpp"
#include "inlay/op/list.hpp"

namespace inlay::inline INLAY_VERSION {

/// A set of tiles; the first suits every product.
struct tile_list {
  static constexpr std::size_t capacity = 24;
  tile_shape at[capacity]{};
  std::size_t count = 0;

  constexpr void add(tile_shape const& tile) {
    for (std::size_t i = 0; i < count; ++i) {
      auto const& t = at[i];
      if (t.rows == tile.rows && t.vectors == tile.vectors && t.width == tile.width &&
          t.is_inside == tile.is_inside && t.run == tile.run && t.is_halved == tile.is_halved) {
        return;
      }
    }
    at[count++] = tile;
  }
};

/// What the products of a kernel are like.
enum class product_kind : std::uint8_t { matrices, windows, edges };

template <class Operator> constexpr product_kind kernel_tiles() {
  if constexpr (requires { typename Operator::kernel; }) {
    if constexpr (requires { &Operator::kernel::is_halved; }) return product_kind::matrices;
    else if constexpr (requires { &Operator::kernel::border; }) return product_kind::windows;
  }
  return product_kind::edges;
}

/// The tiles for a machine of such vectors. All take columns that do not fill their vectors.
/// *Costs*: the code of each tile takes a compiler about as long as that of any other kernel.
template <class T> constexpr tile_list tiles_for(product_kind kind, int width, int registers) {
  tile_list tiles;
  auto const least = least_tile(width);
  bool const is_inside = kind == product_kind::matrices;
  auto const add = [&](int rows, int vectors, int lanes, bool inside, int run) {
    if (rows != 1 && registers_of(rows, vectors) > registers) return;
    tile_shape tile{rows, vectors, lanes, inside};
    tile.run = run;
    tiles.add(tile);
  };
  add(1, least.vectors, width, is_inside, 1);
  if (kind == product_kind::matrices) {
    auto tile = halved(tiles.at[0]);
    tiles.add(tile);
  }
  if (width == 1 || kind == product_kind::edges || element_of<T> != element_type::float32) {
    return tiles;
  }
  if (kind == product_kind::matrices) {
    bool const is_large = registers >= 32;
    int const two = 2 * least.vectors;
    add(1, two, width, true, 1);
    add(is_large ? 6 : 3, is_large ? 2 * two : two, width, true, is_large ? 6 : 3);
    add(is_large ? 12 : 6, is_large ? two : least.vectors, width, true, is_large ? 12 : 6);
    for (int rows : {4, 6}) {
      auto tile = halved({rows, least.vectors, width, true});
      tile.run = rows;
      if (registers_of(2 * rows, least.vectors) <= registers) tiles.add(tile);
    }
    return tiles;
  }
  for (int vectors : {least.vectors, 2 * least.vectors}) {
    for (int rows : {14, 8, 7, 4, 3}) {
      if (vectors == least.vectors && rows < 7 && registers >= 32) continue;
      add(rows, vectors, width, true, rows);
    }
    add(registers >= 32 ? 12 : 6, vectors, width, true, 1);
  }
  // Columns that one vector holds.
  if (width >= 8) {
    add(12, 1, 8, true, 12);
    add(8, 1, 8, true, 1);
  }
  return tiles;
}

/// Whether a tile may compute a product.
constexpr bool suits(tile_shape const& tile, product_extents const& product) {
  if (tile.is_halved != product.is_halved || (tile.is_inside && !product.is_inside)) return false;
  if (tile.rows != 1 && (tile.rows > product.rows || !tile.is_inside)) return false;
  if (tile.run > 1 && product.even_rows != product.rows && product.even_rows % tile.run != 0) {
    return false;
  }
  auto const columns = tile.vectors * tile.width;
  if (columns % panel_columns != 0) return columns == 1 || columns >= product.columns;
  return tile.rows * tile.vectors == 1 || columns / panel_columns <= panels_of(product.columns);
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
    if (least_cost >= 0 && cost >= least_cost) continue;
    best = i;
    least_cost = cost;
  }
  return best;
}

}  // namespace inlay::inline INLAY_VERSION
