// The tiles that code is written in, and which of them suits a product.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/execute/interpreter/tiles.hpp"
#include "inlay/execute/jit/step_writer.hpp"
#include "inlay/kernel/tile.hpp"

namespace inlay::inline INLAY_VERSION::jit {

/// The tiles of kernels of that kind, in vectors of at most `width` elements of `T`: few rows for
/// machines of 16 registers, which hold such a vector in two, more for those of 32.
template <class T> constexpr tile_list tiles_to_write(product_kind kind, int width) {
  tile_list tiles;
  auto const add = [&](int rows, int vectors_across, int lanes, int run) {
    tiles.add(
        {.rows = rows, .vectors = vectors_across, .width = lanes, .is_inside = true, .run = run});
  };
  bool const is_usual = element_of<T> == element_type::float32;
  auto const halves = [&](int rows, int vectors, int lanes) {
    tiles.add(
        halved({.rows = rows, .vectors = vectors, .width = lanes, .is_inside = true, .run = rows}));
  };
  auto const pooled = [&](int rows, int lanes, int run) {
    tiles.add({.rows = rows,
               .vectors = 1,
               .width = lanes,
               .is_inside = true,
               .run = run,
               .is_pooled = true});
  };
  auto const vectors = panel_columns / width > 1 ? panel_columns / width : 1;
  tile_shape const least{.rows = 1, .vectors = vectors, .width = width};
  tiles.add(least);
  if (kind == product_kind::matrices) {
    tiles.at[0].is_inside = true;
    halves(1, vectors, width);
    if (!is_usual) return tiles;
    add(4, 1, 16, 4);
    add(6, 1, 16, 6);
    add(1, 4, 16, 1);
    add(8, 2, 16, 8);
    add(12, 2, 16, 12);
    add(14, 2, 16, 14);
    halves(6, 1, 16);
    halves(3, 1, 16);
    halves(6, 1, 8);
    halves(4, 1, 4);
  }
  if (kind == product_kind::windows) {
    tiles.add({.rows = 1, .vectors = 1, .width = width});
    pooled(4, width, 4);
    if (!is_usual) return tiles;
    for (int const run : {4, 8}) pooled(8, 8, run);
    for (int const run : {4, 12}) pooled(12, 8, run);
    pooled(4, 16, 4);
    for (int const run : {4, 16}) pooled(16, 16, run);
    for (int const run : {1, 2, 4}) add(4, 1, 16, run);
    for (int const run : {1, 2, 6}) add(6, 1, 16, run);
    for (int const run : {1, 7}) add(7, 2, 16, run);
    for (int const run : {1, 14}) add(14, 2, 16, run);
    add(12, 2, 16, 12);
    add(8, 2, 16, 8);
    add(6, 4, 16, 1);
    for (int const run : {1, 2, 8}) add(8, 1, 8, run);
    // Depthwise ones.
    auto const shared = [&](int rows, int taps) {
      tiles.add(
          {.rows = rows, .vectors = 1, .width = 16, .is_inside = true, .run = rows, .taps = taps});
    };
    shared(4, 3);
    shared(14, 3);
    shared(7, 3);
    shared(2, 5);
    shared(7, 5);
  }
  return tiles;
}

/// Whether a product is that of each channel by itself.
constexpr bool is_of_channels(product_extents const& product) {
  return product.columns == 1 && product.steps.channels == 1 && product.row_distance == 0 &&
         !product.is_halved;
}

/// The place in the list of the tile for a depthwise convolution: as `choose_depthwise_tile` has
/// it, of those that are there.
constexpr std::size_t choose_depthwise(tile_list const& tiles, product_extents const& product,
                                       machine_registers const& registers) {
  std::size_t best = 0;
  std::int64_t least_cost = -1;
  for (std::size_t i = 0; i < tiles.count; ++i) {
    auto const& tile = tiles.at[i];
    if (!suits(tile, product) || (tile.taps != 0 && tile.taps != product.taps)) continue;
    int const wide = registers.of_vector(64);
    bool const fits = (tile.rows + tile.taps + 1) * wide <= registers.count;
    if (!fits && tile.rows != 1) continue;
    // Pixels for each window, or once for all; weights for each row of the window.
    auto const pixels =
        tile.taps == 0 ? tile.rows * product.steps.columns : tile.rows - 1 + tile.taps;
    auto const row = 2 * tile.rows * product.steps.columns + pixels + product.steps.columns + 4;
    auto const cost = divide_up(product.rows, tile.rows) * product.steps.rows * row;
    if (least_cost >= 0 && cost >= least_cost) continue;
    best = i;
    least_cost = cost;
  }
  return best;
}

/// The place in the list of the tile that `cost_of_tile` says is quickest on a machine of these
/// registers.
constexpr std::size_t choose_written_tile(tile_list const& tiles, product_extents const& product,
                                          int element_bytes, machine_registers const& registers) {
  if (is_of_channels(product)) return choose_depthwise(tiles, product, registers);
  std::size_t best = 0;
  std::int64_t least_cost = -1;
  for (std::size_t i = 0; i < tiles.count; ++i) {
    auto const& tile = tiles.at[i];
    if (!suits(tile, product) || tile.taps != 0) continue;
    int const chains = tile.is_halved ? 2 : 1;
    int const wide = tile.vectors * registers.of_vector(tile.width * element_bytes);
    bool const fits = registers_of(tile.rows * chains, wide) <= registers.count;
    if (!fits && tile.rows != 1) continue;
    auto const columns = tile.vectors * tile.width;
    auto const passes =
        tile.is_halved ? 1 : split_steps(product.steps, columns * element_bytes).total;
    auto const cost =
        divide_up(product.rows, tile.rows) * divide_up(product.columns, columns) *
        cost_of_tile(tile.rows, wide, tile.rows / tile.run, product.steps, passes, chains);
    if (least_cost >= 0 && cost >= least_cost) continue;
    best = i;
    least_cost = cost;
  }
  return best;
}

}  // namespace inlay::inline INLAY_VERSION::jit
