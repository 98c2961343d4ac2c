// How much of a matrix product a kernel computes at a time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/checked.hpp"
#include "inlay/core/config.hpp"
#include "inlay/kernel/panels.hpp"

namespace inlay::inline INLAY_VERSION {

/// The sums that are computed side by side, each in a register: of `rows` rows, and of as many
/// columns as `vectors` vectors hold. Those are whole panels; or all columns, where they are no
/// whole panels; or, in vectors of one element, one column. Vectors hold `width` elements, or as
/// many as the machine's do.
/// Code for what is not there is left out: windows that hang over the input, vectors that the last
/// columns do not fill, passes after the first, a batch.
struct tile_shape {
  int rows = 0;
  int vectors = 0;
  int width = 0;
  bool is_inside = false;  // every window lies on the input as a whole
  bool is_full = false;    // the columns fill every vector
  bool is_one_pass = false;
  bool is_halved = false;  // each sum is that of the first half of its steps and of the second
  int run = 1;             // so many rows lie in memory as all such runs do
  int taps = 0;  // the columns of a depthwise window, of which weights are in registers; or none
  // Rows are pixels of 2x2 each, from left to right and down, of which one result is made; the
  // results of a run are beside each other.
  bool is_pooled = false;
  bool is_single = false;  // of one product, not of a batch
  // The columns of the right-hand side are next to each other in memory, and one loop goes over all
  // steps of a window: for strides and extents that are no constants.
  bool is_dynamic = false;
};

/// No tile has more sums.
inline constexpr int most_tile_elements = 384;

/// The multiply-adds of one sum: over the rows of a window, its columns and its channels, in this
/// order. A matrix product has one row and one column.
template <class Index> struct product_steps_of {
  Index rows = 1;
  Index columns = 1;
  Index channels = 1;
};
using product_steps = product_steps_of<std::int64_t>;

/// The rows and columns that tiles cut up, the steps of each sum, and whether those are halved.
/// Runs of `even_rows` rows are as far from each other in memory, `row_distance` elements.
struct product_extents {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::int64_t even_rows = 0;
  bool is_inside = false;
  product_steps steps{};
  bool is_halved = false;
  std::int64_t row_distance = 0;
  std::int64_t taps = 0;       // the columns of a depthwise window whose neighbours share them
  bool is_pooled = false;      // of four rows each one result is made
  bool is_single = false;      // no batch
  bool is_contiguous = false;  // columns of the right-hand side are next to each other in memory
};

/// The smallest tile, in vectors of `width` elements.   16 → {1, 1}; 4 → {1, 4}
constexpr tile_shape least_tile(int width) {
  return {1, width > 1 && width < panel_columns ? panel_columns / width : 1, width};
}

/// That tile with its sums in halves, which are computed side by side, in one pass.
constexpr tile_shape halved(tile_shape tile) {
  tile.is_halved = true;
  tile.is_one_pass = true;
  return tile;
}

/// How far a pass over the steps goes before the next tile has its turn, so that what all tiles
/// read of the right-hand side stays in a cache of the first level.
template <class Index> struct product_passes_of {
  product_steps_of<Index> of_pass;
  product_steps_of<Index> count;  // of passes
  Index total = 1;
};
using product_passes = product_passes_of<std::int64_t>;

/// Passes that read at most 24 KB each of a right-hand side `column_bytes` wide, if a step does; of
/// nearly the same size.
///   {3, 3, 512}, 64 → 18 passes of {1, 1, 256}; {3, 1, 192}, 64 → 3 of {1, 1, 192}
INLAY_INLINE constexpr product_passes split_steps(product_steps const& steps,
                                                  std::int64_t column_bytes) {
  auto const most = (24 << 10) / column_bytes;
  auto const up = [](std::int64_t a, std::int64_t b)
                      INLAY_INLINE_LAMBDA { return b == 0 ? 1 : divide_up(a, b); };
  auto const chunks = up(steps.channels, most);
  product_steps pass{1, 1, chunks == 0 ? 0 : up(steps.channels, chunks)};
  if (chunks <= 1 && steps.columns * steps.channels <= most) {
    pass.columns = steps.columns;
    if (steps.rows * steps.columns * steps.channels <= most) pass.rows = steps.rows;
  }
  product_passes passes{pass, {}, 1};
  passes.count = {up(steps.rows, pass.rows), up(steps.columns, pass.columns),
                  up(steps.channels, pass.channels)};
  passes.total = passes.count.rows * passes.count.columns * passes.count.channels;
  return passes;
}

/// How many registers a tile takes: its sums, what one side is multiplied by, which is the smaller
/// one, and an element or a vector of the other.
constexpr int registers_of(int rows, int vectors) {
  return rows * vectors + (rows < vectors ? rows : vectors) + 1;
}

/// What a tile costs, in half cycles, of a machine that starts two multiply-adds and two loads a
/// cycle, and eight operations of any kind in two. A step loads the vectors of the right and an
/// element of the left for each row; the next addition to one of its `chains` sums comes six
/// cycles after the one before. Each run of rows has an address of its own; a dozen of them are in
/// registers, the others are loads. A pass adds the loads and the stores of the sums, what it takes
/// to start and to end a loop, and to find several runs.
constexpr std::int64_t cost_of_tile(int rows, int vectors, int runs, product_steps const& steps,
                                    std::int64_t passes, int chains = 1) {
  int const multiply_adds = rows * vectors;
  int const loads = rows + vectors + (runs > 12 ? 2 * (runs - 12) : 0);
  int const together = (multiply_adds + loads + 4) / 2;
  int step = multiply_adds + 1 > loads ? multiply_adds + 1 : loads;
  if (step < together) step = together;
  if (step * chains < 12) step = 12 / chains;
  return steps.rows * steps.columns * steps.channels * step +
         passes * (80 + 2 * multiply_adds + (runs == 1 ? 0 : 8 * runs));
}

/// How many elements vectors need to hold, of at most `width` and at least 16 bytes, so that one
/// holds all columns.   8 columns, 16, 4 → 8; 9, 16, 4 → 16; 1, 16, 4 → 4
constexpr int narrowed_width(std::int64_t columns, int width, int element_bytes) {
  while (columns <= width / 2 && width / 2 * element_bytes >= 16) width /= 2;
  return width;
}

/// The most rows of a tile of `high` that begin where one of `even_rows` rows may begin, and lie as
/// far from each other.   24, 16 → 8; 7, 14 → 7
constexpr int run_of_tile(std::int64_t even_rows, int high) {
  int run = high;
  while (even_rows % run != 0 || high % run != 0) --run;
  return run;
}

/// The tile of a depthwise convolution without stride and dilation: each pixel is loaded once for
/// all windows of a tile, and their weights once; both stay in registers beside the sums, with one
/// to spare.
///   56 rows, 3 taps, 16 registers → 8 rows; 14 rows, 3 taps, 32 registers → 14
constexpr tile_shape choose_depthwise_tile(product_extents const& product, int registers) {
  tile_shape best{.rows = 1, .vectors = 1, .is_inside = product.is_inside};
  best.taps = static_cast<int>(product.taps);
  std::int64_t least_cost = 0;
  for (int high = 1; high <= product.rows && high <= 14; ++high) {
    if (high + best.taps + 2 > registers) break;
    auto const pixels = high - 1 + best.taps;
    auto const cost = divide_up(product.rows, high) * (2 * high * best.taps + pixels + 8);
    if (least_cost != 0 && cost > least_cost) continue;
    best.rows = high;
    least_cost = cost;
  }
  return best;
}

/// The tile that computes a product of so many rows and columns quickest, in vectors of at most
/// `width` elements of `element_bytes` on a machine of `registers` vector registers. The last tile
/// of a row overlaps the one before. Caches of the first level have eight places for what is a
/// multiple of 4096 bytes apart: a tile has no more rows than those, but one for the right-hand
/// side.
///   56 rows of 64 columns, 16, 32 → {14, 2}; 56 of 64, 8, 16 → {3, 4}; 24 of 8, 8, 16 → {12, 1}
constexpr tile_shape choose_tile(product_extents const& product, int width, int registers,
                                 int element_bytes = 4) {
  if (product.taps > 0 && width > 1) return choose_depthwise_tile(product, registers);
  auto const rows = product.rows;
  auto const columns = product.columns;
  width = narrowed_width(columns, width, element_bytes);
  auto best = least_tile(width);
  best.is_inside = product.is_inside;
  best.is_single = product.is_single;
  best.run = best.rows;
  if (product.is_halved) best = halved(best);
  if (product.is_pooled) {
    best.is_pooled = true;
    best.rows = best.run = 4;
    best.is_one_pass = width == 1;
  }
  if (width == 1 || rows < 1) return best;
  int const chains = best.is_halved ? 2 : 1;
  bool const collide = product.row_distance > 0 && product.row_distance * element_bytes % 4096 == 0;
  int const most_rows = collide ? 7 : 28;
  auto const panels = panels_of(columns);
  auto const vectors_of_panel = best.vectors;
  auto const vectors_of_all = divide_up(columns, width);
  std::int64_t least_cost = 0;
  for (int wide = 1; wide <= panels; ++wide) {
    bool const is_all = wide * vectors_of_panel > vectors_of_all;
    int const vectors = is_all ? static_cast<int>(vectors_of_all) : wide * vectors_of_panel;
    if (vectors > 8) break;
    auto const passes =
        best.is_halved ? 1 : split_steps(product.steps, vectors * width * element_bytes).total;
    for (int high = 1; high <= rows && high <= most_rows; ++high) {
      if (registers_of(high * chains, vectors) > registers) break;
      if (product.is_pooled && high % 4 != 0) continue;
      auto const tiles = divide_up(rows, high) * divide_up(panels, wide);
      int const run = product.even_rows == rows ? high : run_of_tile(product.even_rows, high);
      auto const cost =
          tiles * cost_of_tile(high, vectors, high / run, product.steps, passes, chains);
      bool const larger = high * vectors > best.rows * best.vectors;
      if (least_cost == 0 || cost < least_cost || (cost == least_cost && larger)) {
        best.rows = high;
        best.vectors = vectors;
        best.run = run;
        least_cost = cost;
      }
    }
  }
  best.is_full = columns % panel_columns == 0 || columns == best.vectors * width;
  best.is_one_pass =
      best.is_halved || split_steps(product.steps, best.vectors * width * element_bytes).total == 1;
  return best;
}

}  // namespace inlay::inline INLAY_VERSION
