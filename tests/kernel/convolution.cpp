// Convolution, against closed forms and ONNX's reference.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/kernel/convolution-inl.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <vector>

#include "strict.hpp"

namespace {
using namespace inlay_test;

/// What an output of a convolution of ones by ones is: how many taps lie on the input.
constexpr int count_taps(window_axis const& w, std::int64_t output, std::int64_t inputs) {
  int count = 0;
  for (std::int64_t k = 0; k < w.size; ++k) {
    auto const at = output * w.stride - w.pad + k * w.dilation;
    if (at >= 0 && at < inputs) ++count;
  }
  return count;
}

struct conv_case {
  shape x;
  shape weights;
  convolution kernel;
  shape y;
  bool bias;
};

template <class S, std::size_t N> struct answer {
  float elements[N]{};
  constexpr explicit answer(conv_case const& c) {
    pattern<float, 80> const x(1);
    pattern<float, 36> const weights(2);
    pattern<float, 8> const bias(3);
    S s;
    run(s, c.kernel, dense<float const>(x.elements, c.x),
        dense<float const>(weights.elements, c.weights),
        dense<float const>(c.bias ? bias.elements : nullptr, {c.y[1]}), dense(elements, c.y));
  }
  constexpr bool equals(int const (&expected)[N]) const {
    for (std::size_t i = 0; i < N; ++i) {
      if (elements[i] != static_cast<float>(expected[i])) return false;
    }
    return true;
  }
};
template <std::size_t N> constexpr bool gives(conv_case const& c, int const (&expected)[N]) {
  return answer<scalar, N>(c).equals(expected) && answer<strict, N>(c).equals(expected);
}

// onnx 1.23.2: ReferenceEvaluator of Conv, on the integers of `pattern`.
// pads = [1, 1, 1, 1]
static_assert(
    gives({{1, 2, 4, 4}, {2, 2, 3, 3}, {{3, 1, 1, 1}, {3, 1, 1, 1}, 1}, {1, 2, 4, 4}, false},
          {11,  39,  -6, -22, 51,  -50, -49, 48,  5,   -35, 10, 4,   30,  -15, -31, 42,
           -62, -20, 58, -19, -27, 49,  9,   -15, -21, 10,  69, -62, -14, 30,  27,  -25}));
// group = 2, strides = [2, 1], with a bias
static_assert(
    gives({{1, 4, 5, 4}, {4, 2, 2, 2}, {{2, 2, 1, 0}, {2, 1, 1, 0}, 2}, {1, 4, 2, 3}, true},
          {2,   31, -17, -52, 32, -16, -52, 11, 8,   1,   9,  6,
           -21, 43, -25, -15, 71, -41, -24, 41, -26, -21, 66, -45}));
// dilations = [3, 1], pads = [0, 2, 1, 0], strides = [1, 2], with a bias, a batch of 2
static_assert(
    gives({{2, 1, 6, 5}, {1, 1, 2, 3}, {{2, 1, 3, 0}, {3, 2, 1, 2}, 1}, {2, 1, 4, 3}, true},
          {-2, -32, 45, 4,  23, 45, -1, 45, -32, 7, -7,  -8,
           1,  -32, 45, -4, 45, 23, 2,  45, -32, 9, -11, -12}));
// group = 3: each channel by itself
static_assert(
    gives({{1, 3, 3, 3}, {3, 1, 2, 2}, {{2, 1, 1, 0}, {2, 1, 1, 0}, 3}, {1, 3, 2, 2}, false},
          {-31, 4, -25, 10, 14, -14, 7, -21, 14, -33, 16, -31}));

template <class S> constexpr bool a_window_of_one_tap_moves_the_image() {
  pattern<double, 12> const x(5);
  double const one[] = {1};
  double const offset[] = {0.25};
  double y[12]{};
  S s;
  run(s, convolution{}, dense<double const>(x.elements, {1, 1, 3, 4}),
      dense<double const>(one, {1, 1, 1, 1}), dense<double const>(offset, {1}),
      dense(y, {1, 1, 3, 4}));
  for (int i = 0; i < 12; ++i) {
    if (y[i] != x.elements[i] + 0.25) return false;
  }
  return true;
}
static_assert(a_window_of_one_tap_moves_the_image<scalar>());
static_assert(a_window_of_one_tap_moves_the_image<strict>());

// The order: rows, then columns, then channels. 2^24 + 1 + 1 is 2^24 when the ones come singly, and
// 2^24 + 2 when they come first.
template <class S> constexpr bool the_order_is_kept() {
  float const ones[] = {1, 1, 1, 1, 1, 1, 1, 1};
  S s;
  // x [1, 2, 2, 2]: channel, row, column. The first tap, of channel 0, row 0 and column 0, and the
  // one that follows it, of channel 1, stand before those of column 1.
  float const early[] = {0x1p24f, 1, 1, 1, 1, 1, 1, 1};
  float const late[] = {1, 1, 1, 1, 1, 1, 1, 0x1p24f};
  float y[2]{};
  auto const weights = dense<float const>(ones, {1, 2, 2, 2});
  tensor<float const> const none{};
  convolution const k{{2, 1, 1, 0}, {2, 1, 1, 0}, 1};
  run(s, k, dense<float const>(early, {1, 2, 2, 2}), weights, none, dense(y, {1, 1, 1, 1}));
  run(s, k, dense<float const>(late, {1, 2, 2, 2}), weights, none, dense(y + 1, {1, 1, 1, 1}));
  bool const rows = y[0] == 0x1p24f && y[1] == 0x1p24f + 8;  // 7 + 2^24 goes to the even 2^24 + 8
  // Channel 1 of the first tap comes second: -2^24 there takes the big one away before the others.
  float const channels[] = {0x1p24f, 1, 1, 1, -0x1p24f, 1, 1, 1};
  run(s, k, dense<float const>(channels, {1, 2, 2, 2}), weights, none, dense(y, {1, 1, 1, 1}));
  // Column 1 of row 0 comes third: a 1 is lost before.
  float const columns[] = {0x1p24f, -0x1p24f, 1, 1, 1, 1, 1, 1};
  run(s, k, dense<float const>(columns, {1, 2, 2, 2}), weights, none, dense(y + 1, {1, 1, 1, 1}));
  return rows && y[0] == 6 && y[1] == 5;
}
static_assert(the_order_is_kept<scalar>());
static_assert(the_order_is_kept<strict>());

// A product is not rounded before it is added: (1 + 2^-12)² - (1 + 2^-11) is 2^-24.
template <class S> constexpr bool products_are_fused() {
  float const x[] = {-0x1.002p0f, 0x1.001p0f};
  float const weights[] = {1, 0x1.001p0f};
  float y[1]{};
  S s;
  run(s, convolution{{1, 1, 1, 0}, {2, 1, 1, 0}, 1}, dense<float const>(x, {1, 1, 1, 2}),
      dense<float const>(weights, {1, 1, 1, 2}), tensor<float const>{}, dense(y, {1, 1, 1, 1}));
  return y[0] == 0x1p-24f;
}
static_assert(products_are_fused<scalar>());

}  // namespace

TEST_CASE("a convolution of ones by ones counts the taps that lie on the input") {
  scalar s;
  std::vector<float> const ones(1'000, 1.0f);
  for (std::int64_t size = 1; size <= 4; ++size) {
    for (std::int64_t stride = 1; stride <= 3; ++stride) {
      for (std::int64_t dilation = 1; dilation <= 3; ++dilation) {
        for (std::int64_t pad = 0; pad <= 5; ++pad) {
          window_axis const rows{size, stride, dilation, pad};
          window_axis const columns{2, 1, 2, 1};
          std::int64_t const groups = 2;
          std::int64_t const channels = 3;
          std::vector<float> y(2 * 4 * 5 * 4, -1.0f);
          run(s, convolution{rows, columns, groups},
              dense<float const>(ones.data(), {2, groups * channels, 7, 5}),
              dense<float const>(ones.data(), {4, channels, size, 2}), tensor<float const>{},
              dense(y.data(), {2, 4, 5, 4}));
          for (std::int64_t i = 0; i < 2 * 4 * 5 * 4; ++i) {
            auto const taps = count_taps(rows, i / 4 % 5, 7) * count_taps(columns, i % 4, 5);
            REQUIRE(y[static_cast<std::size_t>(i)] == static_cast<float>(channels * taps));
          }
        }
      }
    }
  }
}

TEST_CASE("a convolution without inputs is its bias, and one of no images nothing") {
  scalar s;
  float const bias[] = {0.5f, -2.0f};
  float y[8]{};
  // The window lies on the padding alone.
  float const x[] = {7};
  float const weights[] = {1, 1};
  run(s, convolution{{1, 3, 1, 3}, {1, 3, 1, 3}, 1}, dense<float const>(x, {1, 1, 1, 1}),
      dense<float const>(weights, {2, 1, 1, 1}), dense<float const>(bias, {2}),
      dense(y, {1, 2, 1, 1}));
  CHECK(y[0] == 0.5f);
  CHECK(y[1] == -2.0f);
  run(s, convolution{}, dense<float const>(x, {0, 1, 1, 1}),
      dense<float const>(weights, {2, 1, 1, 1}), dense<float const>(bias, {2}),
      dense(y + 2, {0, 2, 1, 1}));
  CHECK(y[2] == 0);
}

TEST_CASE("a convolution gives the same bits when it runs as when it is a constant") {
  conv_case c{{1, 2, 4, 4}, {2, 2, 3, 3}, {{3, 1, 1, 1}, {3, 1, 1, 1}, 1}, {1, 2, 4, 4}, false};
  static constexpr conv_case constant = {
      {1, 2, 4, 4}, {2, 2, 3, 3}, {{3, 1, 1, 1}, {3, 1, 1, 1}, 1}, {1, 2, 4, 4}, false};
  static constexpr answer<scalar, 32> compiled(constant);
  answer<scalar, 32> const now(c);
  for (int i = 0; i < 32; ++i) {
    CHECK(std::bit_cast<std::uint32_t>(now.elements[i]) ==
          std::bit_cast<std::uint32_t>(compiled.elements[i]));
  }
}
