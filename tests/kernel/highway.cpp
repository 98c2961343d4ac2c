// Products and convolutions through the Highway stage: the bits of the scalar stage, whatever the
// tile, and nothing beside the tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/stage/highway.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <type_traits>

#include "inlay/kernel/convolution-inl.hpp"
#include "inlay/kernel/matrix_product-inl.hpp"
#include "operand.hpp"

namespace {
using namespace inlay;
using namespace inlay_test;

/// Whether a tile so wide may compute so many columns.
constexpr bool fits(std::int64_t wide, std::int64_t columns) {
  return wide < panel_columns ? wide == 1 || wide >= columns
                              : wide <= panels_of(columns) * panel_columns;
}

/// Some tiles: of one panel, of two, and of a part of one.
template <class T, class Body> void each_tile(Body&& body) {
  constexpr auto width = exact_highway::width<T>;
  constexpr auto least = least_tile(width).vectors;
  constexpr auto two_panels = width == 1 ? least : 2 * least;
  if constexpr (std::is_same_v<T, float>) {
    body(std::integral_constant<int, 1>{}, std::integral_constant<int, least>{});
    body(std::integral_constant<int, 2>{}, std::integral_constant<int, two_panels>{});
    body(std::integral_constant<int, 6>{}, std::integral_constant<int, least>{});
    if constexpr (least > 1) {
      body(std::integral_constant<int, 4>{}, std::integral_constant<int, least / 2>{});
    }
  } else {
    body(std::integral_constant<int, 3>{}, std::integral_constant<int, least>{});
  }
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
  each_tile<T>([&](auto rows, auto vectors) {
    constexpr tile_shape tile{rows.value, vectors.value};
    constexpr auto columns = vectors.value * exact_highway::width<T>;
    if (rows.value > m || !fits(columns, n)) return;
    auto const check = [&]<tile_shape Tile>() {
      for (auto const& b_or_panels : {right, panels}) {
        operand<T> const y(m * n, 5);
        exact_highway s;
        run<Tile>(s, kernel, left, b_or_panels, added, y.view({m, n}));
        CHECK(y.differences(wanted) == 0);
      }
    };
    if (kernel.is_halved(n)) {
      if constexpr (columns <= panel_columns) {
        check.template operator()<halved(tile)>();
        constexpr tile_shape full{rows.value, vectors.value, true, true, true};
        if (n == columns) check.template operator()<halved(full)>();
      }
      return;
    }
    check.template operator()<tile>();
    if constexpr (std::is_same_v<T, float> && rows.value == 2) {
      if (n % panel_columns != 0) return;
      check.template operator()<tile_shape{rows.value, vectors.value, true, true, true}>();
      // However many steps there are, one pass computes the same.
      check.template operator()<tile_shape{rows.value, vectors.value, true, true, true, true}>();
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
  each_tile<T>([&](auto high, auto vectors) {
    constexpr tile_shape tile{high.value, vectors.value};
    constexpr auto wide = vectors.value * exact_highway::width<T>;
    if (!fits(wide, per_group)) return;
    auto const check = [&]<tile_shape Tile>() {
      operand<T> const y(elements_of(result), 5);
      exact_highway s;
      run<Tile>(s, c.kernel, from, is_packed ? panels : plain, bias, y.view(result, channels_last));
      CHECK(y.differences(wanted) == 0);
    };
    if (!product.is_inside) {
      if constexpr (high.value == 1) check.template operator()<tile>();
    } else if (high.value <= product.rows) {
      check.template operator()<tile_shape{high.value, vectors.value, true}>();
      if constexpr (std::is_same_v<T, float> && high.value == 2) {
        if (product.even_rows % high.value != 0) return;
        check.template operator()<tile_shape{high.value, vectors.value, true, true}>();
      }
    }
  });
}

}  // namespace

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
// 6 rows of 56 are not always of one row of 14 pixels; 7 of 49 are of one row of 7.
static_assert(!choose_tile({56, 64, 14, true, {3, 3, 64}}, 8, 16).is_even &&
              choose_tile({49, 64, 7}, 16, 32).is_even);
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
          auto const wide = t.vectors * width;
          auto const least = least_tile(width);
          bool const is_least = t.rows == least.rows && t.vectors == least.vectors;
          wrong += t.rows > rows || (!is_least && registers_of(t.rows, t.vectors) > registers);
          bool const is_narrow = wide < panel_columns && wide >= columns;
          wrong += width == 1 ? wide != 1
                              : (wide % panel_columns != 0 && !is_narrow) ||
                                    wide > panels_of(columns) * panel_columns;
        }
      }
    }
  }
  CHECK(wrong == 0);
}
