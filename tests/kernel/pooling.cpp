// Windows and pooling, against closed forms and ONNX's reference.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/kernel/pooling-inl.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "strict.hpp"

namespace {
using namespace inlay_test;

// size 3, stride 2, pad 1, output 0 of 5 inputs → first -1, elements [1, 3)
constexpr bool has_taps(window_axis const& w, std::int64_t output, std::int64_t inputs,
                        std::int64_t first, std::int64_t begin, std::int64_t end) {
  scalar s;
  auto const t = taps_of(s, w, output, inputs);
  return t.first == first && t.begin == begin && t.end == end;
}
static_assert(has_taps({3, 2, 1, 1}, 0, 5, -1, 1, 3));
static_assert(has_taps({3, 2, 1, 1}, 1, 5, 1, 0, 3));
static_assert(has_taps({3, 2, 1, 1}, 2, 5, 3, 0, 2));
static_assert(has_taps({3, 1, 2, 3}, 0, 5, -3, 2, 3));
static_assert(has_taps({3, 1, 2, 0}, 3, 5, 3, 0, 1));

template <class T, class S, std::size_t N> struct pooled {
  T elements[N]{};
  constexpr pooled(shape const& x, auto const& k, shape const& y) {
    pattern<T, 64> const image(1);
    S s;
    run(s, k, dense<T const>(image.elements, x), dense(elements, y));
  }
};
template <class T = float, class Kernel = max_pooling, class Expected, std::size_t N>
constexpr bool pools(shape const& x, Kernel const& k, shape const& y,
                     Expected const (&expected)[N]) {
  pooled<T, scalar, N> const a(x, k, y);
  pooled<T, strict, N> const b(x, k, y);
  for (std::size_t i = 0; i < N; ++i) {
    if (a.elements[i] != static_cast<T>(expected[i]) || b.elements[i] != a.elements[i])
      return false;
  }
  return true;
}
// onnx 1.23.2: ReferenceEvaluator of MaxPool, on the integers of `pattern`.
constexpr max_pooling square{{2, 1, 1, 0}, {2, 1, 1, 0}};
constexpr int largest_of_square[] = {4, 4, 2, 5, 1, 4, 4, 5, 3, 4, 4, 2,
                                     5, 3, 4, 4, 5, 5, 1, 4, 5, 5, 3, 4};
static_assert(pools({1, 2, 4, 5}, square, {1, 2, 3, 4}, largest_of_square));
static_assert(pools<double>({1, 2, 4, 5}, square, {1, 2, 3, 4}, largest_of_square));
static_assert(pools<std::int8_t>({1, 2, 4, 5}, square, {1, 2, 3, 4}, largest_of_square));
// strides = [2, 2], pads = [1, 1, 1, 1]
static_assert(pools({1, 1, 5, 5}, {{3, 2, 1, 1}, {3, 2, 1, 1}}, {1, 1, 3, 3},
                    {4, 4, 5, 3, 4, 5, 5, 4, 4}));
// dilations = [2, 2], strides = [1, 2], pads = [1, 0, 0, 2]
static_assert(pools({1, 1, 6, 6}, {{2, 1, 2, 1}, {3, 2, 2, 0}}, {1, 1, 5, 2},
                    {1, 1, 4, 3, 5, 5, 4, 3, 5, 5}));

template <class T> constexpr T largest_of(T a, T b) {
  T const x[] = {a, b};
  T y[1]{};
  scalar s;
  run(s, max_pooling{{1, 1, 1, 0}, {2, 1, 1, 0}}, dense<T const>(x, {1, 1, 1, 2}),
      dense(y, {1, 1, 1, 1}));
  return y[0];
}
using limits = std::numeric_limits<float>;
static_assert(largest_of(-limits::infinity(), limits::lowest()) == limits::lowest());
static_assert(largest_of(-limits::infinity(), -limits::infinity()) == -limits::infinity());
static_assert(largest_of<std::int8_t>(-128, -128) == -128);
static_assert(largest_of<std::uint8_t>(0, 0) == 0);
constexpr auto first_is_nan = largest_of(limits::quiet_NaN(), 1.0f);
constexpr auto second_is_nan = largest_of(1.0f, limits::quiet_NaN());
static_assert(first_is_nan != first_is_nan && second_is_nan != second_is_nan);

// onnx 1.23.2: ReferenceEvaluator of AveragePool, on the integers of `pattern`.
using average = average_pooling;
static_assert(pools<float, average>({1, 2, 4, 5}, {{2, 1, 1, 0}, {2, 1, 1, 0}}, {1, 2, 3, 4},
                                    {-1.25, 0.25,  -1.0, 0.5,  -2.0,  -0.5, 1.0,   -0.25,
                                     0.0,   -1.25, 0.25, -1.0, 1.25,  0.0,  -1.25, 0.25,
                                     0.5,   2.0,   -2.0, -0.5, -0.25, 1.25, 0.0,   -1.25}));
// kernel_shape = [4, 2], pads = [2, 1, 1, 1], strides = [2, 2]; then with count_include_pad = 1
static_assert(pools<double, average>({1, 1, 4, 4}, {{4, 2, 1, 2}, {2, 2, 1, 1}}, {1, 1, 2, 3},
                                     {0.0, -0.5, -1.0, 0.5, 0.0, -0.5}));
static_assert(pools<float, average>({1, 1, 4, 4}, {{4, 2, 1, 2}, {2, 2, 1, 1}, 1, 1, 1},
                                    {1, 1, 2, 3}, {0.0, -0.25, -0.25, 0.25, 0.0, -0.25}));
// ceil_mode = 1, count_include_pad = 1, dilations = [2, 1], pads = [1, 0, 0, 1], strides = [2, 2]:
// what is behind the padding does not count.
static_assert(pools<float, average>({1, 1, 5, 4}, {{2, 2, 2, 1}, {2, 2, 1, 0}, 1, 0, 1},
                                    {1, 1, 3, 2}, {0.5, -0.75, 1.5, -1.0, 2.0, -0.5}));
// The average of nothing: a window of one row on the padding alone.
static_assert(pools<float, average>({1, 1, 1, 2}, {{1, 2, 1, 1}, {2, 1, 1, 0}}, {1, 1, 1, 1}, {0}));

// A window of 2^40 columns is not counted one by one.
constexpr std::int64_t wide = std::int64_t{1} << 40;
constexpr pattern<float, 64> first_two(1);
static_assert(pools<float, average>({1, 1, 1, 2},
                                    {{1, 1, 1, 0}, {wide, 1, 1, wide / 2}, 1, 1, wide},
                                    {1, 1, 1, 1},
                                    {(first_two.elements[0] + first_two.elements[1]) * 0x1p-40f}));

// The order: rows, then columns. 2^24 + 1 + 1 is 2^24 when the ones come singly.
constexpr bool the_order_is_kept() {
  float const x[] = {0x1p24f, 1, -0x1p24f, 1};
  float y[1]{};
  scalar s;
  run(s, average{{2, 1, 1, 0}, {2, 1, 1, 0}}, dense<float const>(x, {1, 1, 2, 2}),
      dense(y, {1, 1, 1, 1}));
  return y[0] == 0.25f;
}
static_assert(the_order_is_kept());

}  // namespace
