// Products and convolutions through the machine's vectors: the bits of the scalar stage, whatever
// the tile, and nothing beside the tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../stage/machine_stage.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <type_traits>

#include "inlay/kernel/convolution-inl.hpp"
#include "inlay/kernel/matrix_product-inl.hpp"
#include "inlay/kernel/pooling-inl.hpp"
#include "operand.hpp"

namespace {
using namespace inlay;
using namespace inlay_test;

/// Whether a tile so wide may compute so many columns.
constexpr bool fits(std::int64_t wide, std::int64_t columns) {
  return wide == 1 || ((wide % panel_columns == 0 || wide >= columns) &&
                       wide <= panels_of(columns) * panel_columns);
}

template <tile_shape Tile> struct tile_constant {
  static constexpr tile_shape value = Tile;
};
template <class T> constexpr std::int64_t columns_of(tile_shape const& tile) {
  return tile.vectors * (tile.width == 0 ? exact_machine::width<T> : tile.width);
}

/// Some tiles: of one panel, of two, of a part of one, of one and a half; and in vectors of half
/// the width.
template <class T, class Body> void each_tile(Body&& body) {
  constexpr auto width = exact_machine::width<T>;
  constexpr auto least = least_tile(width).vectors;
  constexpr auto two_panels = width == 1 ? least : 2 * least;
  if constexpr (std::is_same_v<T, float>) {
    body(tile_constant<tile_shape{1, least}>{});
    body(tile_constant<tile_shape{2, two_panels}>{});
    body(tile_constant<tile_shape{6, least}>{});
    if constexpr (least > 1) {
      body(tile_constant<tile_shape{4, least / 2}>{});
      body(tile_constant<tile_shape{2, 3 * least / 2}>{});
    }
    if constexpr (width > 4) body(tile_constant<tile_shape{3, 1, width / 2}>{});
  } else {
    body(tile_constant<tile_shape{3, least}>{});
  }
}

constexpr tile_shape inside(tile_shape tile, int run, bool is_dynamic = false) {
  tile.is_inside = true;
  tile.run = run;
  tile.is_dynamic = is_dynamic;
  return tile;
}

template <class T> void check_product(std::int64_t m, std::int64_t n, std::int64_t k) {
  CAPTURE(m);
  CAPTURE(n);
  CAPTURE(k);
  operand<T> const a(m * k, 1);
  operand<T> const b(k * n, 2);
  operand<T> const c(n, 3);
  operand<T> const wanted(m * n, 4);
  auto const left = a.constant({m, k});
  auto const right = b.constant({k, n});
  matrix_product const kernel{3, 2};
  packed_operand<T> const in_panels(b, kernel.right(right.extents, right.strides));
  auto const panels = in_panels.view();
  tensor<T const> const added{c.data(), {m, n}, {0, 1}};
  scalar reference;
  run(reference, kernel, left, right, added, wanted.view({m, n}));
  each_tile<T>([&](auto constant) {
    constexpr tile_shape tile = constant.value;
    constexpr auto columns = columns_of<T>(tile);
    if (tile.rows > m || !fits(columns, n)) return;
    auto const check = [&]<tile_shape Tile>() {
      for (auto const& b_or_panels : {right, panels}) {
        operand<T> const y(m * n, 5);
        exact_machine s;
        run<Tile>(s, kernel, left, b_or_panels, added, y.view({m, n}));
        CHECK(y.differences(wanted) == 0);
      }
    };
    if (kernel.is_halved(n)) {
      if constexpr (columns <= panel_columns) {
        check.template operator()<halved(tile)>();
        constexpr auto full = [&] {
          auto all = halved(tile);
          all.is_full = true;
          return all;
        }();
        if (n == columns) check.template operator()<full>();
      }
      return;
    }
    check.template operator()<tile>();
    if constexpr (std::is_same_v<T, float> && tile.rows == 2) {
      check.template operator()<inside(tile, 1, true)>();
      if (n % panel_columns != 0) return;
      constexpr tile_shape full{.rows = 2, .vectors = tile.vectors, .is_full = true};
      check.template operator()<full>();
      // However many steps there are, one pass computes the same.
      constexpr tile_shape one_pass{2, tile.vectors, 0, true, true, true};
      check.template operator()<one_pass>();
    }
  });
}

struct conv_case {
  std::int64_t height, width, channels, outputs;
  convolution kernel;
  std::int64_t out_height, out_width;
};

/// The image has its channels first or last; the weights lie as ONNX has them, or in panels.
template <class T> void check_convolution(conv_case const& c, bool channels_last, bool is_packed) {
  auto const groups = c.kernel.groups;
  auto const inputs = c.channels * groups;
  auto const rows = c.kernel.rows.size;
  auto const columns = c.kernel.columns.size;
  auto const per_group = c.outputs / groups;
  auto const taps = rows * columns * c.channels;
  shape const image{1, inputs, c.height, c.width};
  shape const result{1, c.outputs, c.out_height, c.out_width};
  operand<T> const x(elements_of(image), 1);
  operand<T> const w(c.outputs * taps, 2);
  operand<T> const b(c.outputs, 3);
  operand<T> const wanted(elements_of(result), 4);
  auto const plain = w.constant({c.outputs, c.channels, rows, columns});
  packed_operand<T> const in_panels(w, c.kernel.right(plain.extents, plain.strides));
  auto const panels = in_panels.view();
  auto const bias = b.constant({c.outputs});
  auto const from = x.constant(image, channels_last);
  scalar reference;
  run(reference, c.kernel, from, plain, bias, wanted.view(result, channels_last));
  auto const product = c.kernel.product(image, result);
  each_tile<T>([&](auto constant) {
    constexpr tile_shape tile = constant.value;
    if (!fits(columns_of<T>(tile), per_group)) return;
    auto const check = [&]<tile_shape Tile>() {
      operand<T> const y(elements_of(result), 5);
      exact_machine s;
      run<Tile>(s, c.kernel, from, is_packed ? panels : plain, bias, y.view(result, channels_last));
      CHECK(y.differences(wanted) == 0);
    };
    if (!product.is_inside) {
      if constexpr (tile.rows == 1) check.template operator()<tile>();
    } else if (tile.rows <= product.rows) {
      check.template operator()<inside(tile, 1)>();
      if constexpr (std::is_same_v<T, float> && columns_of<T>(tile) > 1 && tile.rows == 2) {
        // In panels, weights of neighbouring outputs are next to each other.
        if (is_packed) check.template operator()<inside(tile, 1, true)>();
      }
      if constexpr (std::is_same_v<T, float> && tile.rows % 2 == 0) {
        if (product.even_rows % 2 == 0) check.template operator()<inside(tile, 2)>();
      }
    }
  });
}

/// Of a convolution of 3x3 over 3 channels with `outputs` outputs: the largest of 2x2 of those.
template <int Rows, int Run, bool IsDynamic = false> void check_pooled(shape const& result) {
  auto const outputs = result[1];
  auto const height = 2 * result[2];
  auto const width = 2 * result[3];
  shape const image{1, 3, height + 2, width + 2};
  shape const convolved{1, outputs, height, width};
  convolution const kernel{{3, 1, 1, 0}, {3, 1, 1, 0}, 1};
  max_pooling const pooling{{2, 2, 1, 0}, {2, 2, 1, 0}};
  operand<float> const x(elements_of(image), 1);
  operand<float> const w(outputs * 27, 2);
  operand<float> const b(outputs, 3);
  operand<float> const between(elements_of(convolved), 4);
  operand<float> const wanted(elements_of(result), 5);
  auto const weights = w.constant({outputs, 3, 3, 3});
  packed_operand<float> const panels(w, kernel.right(weights.extents, weights.strides));
  auto const bias = b.constant({outputs});
  for (bool const channels_last : {false, true}) {
    auto const from = x.constant(image, channels_last);
    scalar reference;
    run(reference, kernel, from, weights, bias, between.view(convolved));
    run(reference, pooling, between.constant(convolved), wanted.view(result, channels_last));
    constexpr auto least = least_tile(exact_machine::width<float>);
    constexpr tile_shape tile{.rows = Rows,
                              .vectors = least.vectors,
                              .width = least.width,
                              .is_inside = true,
                              .is_one_pass = least.width == 1,
                              .run = Run,
                              .is_pooled = true,
                              .is_dynamic = IsDynamic};
    operand<float> const y(elements_of(result), 6);
    exact_machine s;
    run<tile>(s, kernel, from, panels.view(), bias, y.view(result, channels_last));
    CHECK(y.differences(wanted) == 0);
  }
}

}  // namespace

TEST_CASE("a pooled tile has the bits of a convolution and a pooling") {
  check_pooled<4, 4>({1, 16, 3, 5});
  check_pooled<8, 4>({1, 7, 3, 5});
  check_pooled<8, 8>({1, 20, 2, 6});
  check_pooled<8, 8, true>({1, 20, 2, 6});
  check_pooled<12, 12>({1, 16, 4, 3});
  check_pooled<16, 8>({1, 16, 5, 4});
  check_pooled<12, 12>({1, 16, 1, 5});  // one row, of which the last tile overlaps the one before
}

TEST_CASE("a matrix product has the bits of the scalar stage for every tile") {
  for (auto const m : {1, 2, 7, 15}) {
    for (auto const n : {1, 4, 15, 16, 17, 33, 48, 50}) {
      for (auto const k : {0, 1, 3, 18, 600}) {  // 600 in passes
        check_product<float>(m, n, k);
        check_product<double>(m, n, k);
      }
    }
  }
}

TEST_CASE("a convolution has the bits of the scalar stage for every tile") {
  conv_case const cases[] = {
      {5, 17, 3, 20, {{3, 1, 1, 1}, {3, 1, 1, 1}, 1}, 5, 17},
      {7, 10, 3, 33, {{3, 1, 1, 0}, {3, 1, 1, 0}, 1}, 5, 8},
      {9, 13, 2, 36, {{2, 2, 1, 0}, {3, 2, 2, 0}, 2}, 4, 5},
      {7, 33, 2, 36, {{2, 2, 1, 0}, {3, 2, 1, 1}, 2}, 3, 17},
      {4, 20, 5, 16, {{1, 1, 1, 0}, {1, 1, 1, 0}, 1}, 4, 20},
      {6, 9, 400, 16, {{2, 1, 1, 0}, {3, 1, 1, 0}, 1}, 5, 7},  // in passes
      {6, 9, 1, 7, {{2, 1, 3, 1}, {3, 1, 2, 2}, 1}, 5, 9},
      {3, 2, 4, 33, {{3, 1, 1, 1}, {5, 1, 1, 2}, 1}, 3, 2},
  };
  int number = 0;
  for (auto const& c : cases) {
    CAPTURE(number++);
    for (bool const channels_last : {false, true}) {
      for (bool const is_packed : {false, true}) {
        check_convolution<float>(c, channels_last, is_packed);
      }
    }
  }
}

// What a tile need not look out for: 24 rows of 8 columns fill vectors of 8, 20 columns do not.
static_assert(choose_tile({24, 8, 24, true}, 8, 16).is_inside);
static_assert(choose_tile({24, 8}, 8, 16).is_full);
// Of rows of 8, 14 and 7 pixels, tiles begin at multiples of what they have in common.
static_assert(run_of_tile(8, 16) == 8 && run_of_tile(14, 6) == 2 && run_of_tile(7, 3) == 1);
static_assert(choose_tile({49, 64, 7, true, {3, 3, 64}}, 16, 32).run == 7);
// Of 12 results a row a pooled tile computes three next to each other, of 7 each by itself.
static_assert(choose_tile({576, 8, 48, true, {5, 1, 5}, false, 0, 0, true}, 8, 16).run == 12);
static_assert(choose_tile({196, 8, 28, true, {5, 1, 5}, false, 0, 0, true}, 8, 16).run == 4);
// As many rows of their own address as there are registers for such, or fewer.
static_assert(choose_tile({64, 16, 8, true, {5, 1, 40}}, 16, 32).run == 8);
static_assert(narrowed_width(8, 16, 4) == 8 && narrowed_width(9, 16, 4) == 16 &&
              narrowed_width(1, 16, 4) == 4);
// 24 columns are three vectors of 8 and not two panels; 8 take one, whatever the machine's hold.
static_assert(choose_tile({56, 24}, 8, 16).vectors == 3 && choose_tile({56, 24}, 8, 16).is_full);
static_assert(choose_tile({24, 8}, 16, 32).width == 8);
static_assert(!choose_tile({24, 32}, 8, 16).is_inside && choose_tile({24, 32}, 8, 16).is_full);
static_assert(!choose_tile({24, 20}, 8, 16).is_full && !choose_tile({24, 10}, 8, 16).is_full);

constexpr bool is_tile(tile_shape const& t, int rows, int vectors) {
  return t.rows == rows && t.vectors == vectors;
}
// 56 rows of 64 columns, 16, 32 → {14, 2}; 56 of 64, 8, 16 → {3, 4}
static_assert(is_tile(choose_tile({56, 64}, 16, 32), 14, 2));
static_assert(is_tile(choose_tile({56, 64}, 8, 16), 3, 4));
static_assert(is_tile(choose_tile({24, 8}, 8, 16), 12, 1));
static_assert(is_tile(choose_tile({1, 1}, 1, 16), 1, 1));
// Eight rows that are a multiple of 4096 bytes apart would take each other's places in a cache.
static_assert(choose_tile({196, 256, 196, true, {1, 1, 960}, false, 960}, 16, 32).rows == 14);
static_assert(choose_tile({196, 256, 196, true, {1, 1, 1024}, false, 1024}, 16, 32).rows < 8);
// Halves take twice as many registers, and wait for each other half as long.
constexpr auto in_halves = choose_tile({60, 10, 60, true, {1, 1, 999}, true}, 16, 32);
static_assert(in_halves.is_halved && in_halves.is_one_pass && is_tile(in_halves, 15, 1));
// 16 → {1, 1}; 4 → {1, 4}
static_assert(is_tile(least_tile(16), 1, 1) && is_tile(least_tile(4), 1, 4));

constexpr bool has_passes(product_passes const& p, std::int64_t total, product_steps const& each) {
  return p.total == total && p.of_pass.rows == each.rows && p.of_pass.columns == each.columns &&
         p.of_pass.channels == each.channels;
}
// {3, 3, 512}, 64 → 18 passes of {1, 1, 256}; {3, 1, 192}, 64 → 3 of {1, 1, 192}
static_assert(has_passes(split_steps({3, 3, 512}, 64), 18, {1, 1, 256}));
static_assert(has_passes(split_steps({3, 1, 192}, 64), 3, {1, 1, 192}));
static_assert(has_passes(split_steps({3, 3, 0}, 64), 1, {3, 3, 0}));

// size 3, stride 2, pad 1; 8 inputs, 4 outputs → [1, 4)
constexpr auto middle = whole_outputs({3, 2, 1, 1}, 8, 4);
static_assert(middle.begin == 1 && middle.end == 4);

TEST_CASE("a tile fits into the registers, and into the product") {
  int wrong = 0;
  for (int width : {1, 2, 4, 8, 16}) {
    for (int registers : {16, 32}) {
      for (std::int64_t rows = 1; rows < 60; ++rows) {
        for (std::int64_t columns = 1; columns < 70; columns += 5) {
          auto const t = choose_tile({rows, columns}, width, registers);
          auto const wide = t.vectors * t.width;
          auto const least = least_tile(t.width);
          bool const is_least = t.rows == least.rows && t.vectors == least.vectors;
          wrong += t.rows > rows || (!is_least && registers_of(t.rows, t.vectors) > registers);
          bool const is_least_width = wide >= columns && wide < columns + t.width;
          wrong += width == 1 ? wide != 1
                              : (wide % panel_columns != 0 && !is_least_width) ||
                                    wide > panels_of(columns) * panel_columns;
          wrong += t.rows % t.run != 0 || t.width > width;
        }
      }
    }
  }
  CHECK(wrong == 0);
}
