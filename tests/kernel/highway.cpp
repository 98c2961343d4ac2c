// Products and convolutions through the Highway stage: the bits of the scalar stage, whatever the
// tile, and nothing beside the tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/stage/highway.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "../stage/conformance.hpp"
#include "inlay/kernel/convolution-inl.hpp"
#include "inlay/kernel/matrix_product-inl.hpp"

namespace {
using namespace inlay;
using namespace inlay_test;

template <class T> std::vector<T> some_numbers(std::size_t count) {
  if constexpr (std::floating_point<T>) return small_numbers<T>(count, 2);
  else return any_numbers<T>(count);
}

/// Memory of `size` numbers with nothing behind it.
template <class T> class operand {
 public:
  explicit operand(std::int64_t size)
      : memory_(static_cast<std::size_t>(size), false), size_(static_cast<std::size_t>(size)) {}
  void fill(int seed) {
    auto const x = some_numbers<T>(size_ + 64);
    for (std::size_t i = 0; i < size_; ++i) {
      data()[i] = x[(i + static_cast<std::size_t>(seed) * 7) % x.size()];
    }
  }
  T* data() const { return memory_.data(); }
  int differences(operand const& other) const {
    int count = 0;
    for (std::size_t i = 0; i < size_; ++i) count += !is_same(data()[i], other.data()[i]);
    return count;
  }

 private:
  guarded<T> memory_;
  std::size_t size_;
};

/// An operand in panels, filled up with what must not be looked at.
template <class T> class packed_operand {
 public:
  packed_operand(operand<T> const& from, right_operand const& right)
      : layout_(packed_layout(right)), memory_(packed_size(right)) {
    std::fill_n(memory_.data(), packed_size(right), T(99));
    pack_panels(right, [&](auto to, auto at) { memory_.data()[to] = from.data()[at]; });
  }
  tensor<T const> view() const { return {memory_.data(), layout_.extents, layout_.strides}; }

 private:
  panel_layout layout_;
  operand<T> memory_;
};

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
  operand<T> a(m * k);
  operand<T> b(k * n);
  operand<T> c(n);
  operand<T> wanted(m * n);
  a.fill(1);
  b.fill(2);
  c.fill(3);
  tensor<T const> const left{a.data(), {m, k}, {k, 1}};
  tensor<T const> const right{b.data(), {k, n}, {n, 1}};
  matrix_product const kernel{3, 2};
  packed_operand<T> const in_panels(b, kernel.right(right.extents, right.strides));
  auto const panels = in_panels.view();
  tensor<T const> const added{c.data(), {m, n}, {0, 1}};
  scalar reference;
  run(reference, kernel, left, right, added, tensor<T>{wanted.data(), {m, n}, {n, 1}});
  each_tile<T>([&](auto rows, auto vectors) {
    constexpr tile_shape tile{rows.value, vectors.value};
    constexpr auto columns = vectors.value * exact_highway::width<T>;
    if (rows.value > m || !fits(columns, n)) return;
    auto const check = [&]<tile_shape Tile>() {
      for (auto const& b_or_panels : {right, panels}) {
        operand<T> y(m * n);
        exact_highway s;
        run<Tile>(s, kernel, left, b_or_panels, added, tensor<T>{y.data(), {m, n}, {n, 1}});
        CHECK(y.differences(wanted) == 0);
      }
    };
    if (kernel.is_halved(n)) {
      if constexpr (columns <= panel_columns) check.template operator()<halved(tile)>();
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
  operand<T> x(inputs * c.height * c.width);
  operand<T> w(c.outputs * taps);
  operand<T> bias(c.outputs);
  operand<T> wanted(c.outputs * c.out_height * c.out_width);
  x.fill(1);
  w.fill(2);
  bias.fill(3);
  auto const image = [&](auto* data, std::int64_t depth, std::int64_t height, std::int64_t width) {
    tensor<std::remove_pointer_t<decltype(data)>> t{data, {1, depth, height, width}, {}};
    t.strides = contiguous_strides(t.extents);
    if (channels_last) t.strides = {0, 1, width * depth, depth};
    return t;
  };
  tensor<T const> const plain{
      w.data(), {c.outputs, c.channels, rows, columns}, {taps, rows * columns, columns, 1}};
  packed_operand<T> const in_panels(w, c.kernel.right(plain.extents, plain.strides));
  auto const panels = in_panels.view();
  tensor<T const> const offsets{bias.data(), {c.outputs}, {1}};
  auto const from = image(static_cast<T const*>(x.data()), inputs, c.height, c.width);
  scalar reference;
  run(reference, c.kernel, from, plain, offsets,
      image(wanted.data(), c.outputs, c.out_height, c.out_width));
  auto const product = c.kernel.product(from.extents, {1, c.outputs, c.out_height, c.out_width});
  each_tile<T>([&](auto high, auto vectors) {
    constexpr tile_shape tile{high.value, vectors.value};
    constexpr auto wide = vectors.value * exact_highway::width<T>;
    if (!fits(wide, per_group)) return;
    auto const check = [&]<tile_shape Tile>() {
      operand<T> y(c.outputs * c.out_height * c.out_width);
      exact_highway s;
      run<Tile>(s, c.kernel, from, is_packed ? panels : plain, offsets,
                image(y.data(), c.outputs, c.out_height, c.out_width));
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
