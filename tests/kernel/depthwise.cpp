// Depthwise convolution, against ONNX's reference, and what counts on the padding.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/kernel/depthwise-inl.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "inlay/kernel/convolution-inl.hpp"
#include "strict.hpp"

namespace {
using namespace inlay_test;

// Each group has one channel, and fewer outputs than there are groups.
static_assert(is_depthwise(3, 1, 1) && is_depthwise(3, 1, 2));
static_assert(!is_depthwise(3, 2, 1) && !is_depthwise(3, 1, 3) && !is_depthwise(1, 1, 1));

// {14, 2} → {7, 1}
static_assert(depthwise_tile({14, 2}).rows == 7 && depthwise_tile({14, 2}).vectors == 1);
static_assert(depthwise_tile({8, 1}).rows == 8 && depthwise_tile({}).rows == 1);

// Weights [6, 1, 3, 3] of 3 groups, the groups as columns: from output 2·g + m of the second form.
constexpr auto panels =
    convolution{{3, 1, 1, 1}, {3, 1, 1, 1}, 3}.right({6, 1, 3, 3}, {9, 9, 3, 1});
static_assert(panels.extents == shape{2, 3, 3, 3, 1} && panels.strides == shape{9, 18, 3, 1, 0} &&
              panels.columns == 1);

template <class S, std::size_t N> struct answer {
  float elements[N]{};
  constexpr answer(convolution const& k, shape const& x, shape const& w, shape const& y) {
    pattern<float, 96> const image(1);
    pattern<float, 48> const weights(2);
    pattern<float, 8> const bias(3);
    S s;
    run(s, k, dense<float const>(image.elements, x), dense<float const>(weights.elements, w),
        dense<float const>(bias.elements, {y[1]}), dense(elements, y));
  }
};
template <std::size_t N>
constexpr bool gives(convolution const& k, shape const& x, shape const& w, shape const& y,
                     int const (&expected)[N]) {
  answer<scalar, N> const a(k, x, w, y);
  answer<strict, N> const b(k, x, w, y);
  for (std::size_t i = 0; i < N; ++i) {
    if (a.elements[i] != static_cast<float>(expected[i]) || b.elements[i] != a.elements[i])
      return false;
  }
  return true;
}

// onnx 1.23.2: ReferenceEvaluator of Conv, on the integers of `pattern`, with a bias.
// group = 3, pads = [1, 1, 1, 1]
static_assert(gives({{3, 1, 1, 1}, {3, 1, 1, 1}, 3}, {1, 3, 3, 4}, {3, 1, 3, 3}, {1, 3, 3, 4},
                    {2,  14,  -28, 4,  30, -6, -43, 26, -21, 23,  23,  -21,
                     19, -31, -34, 31, 19, 11, 5,   -3, 7,   -33, 6,   6,
                     44, -31, 27,  0,  -2, 13, -39, 13, 10,  -22, -21, 8}));
// group = 3, two outputs of each, strides = [2, 1], pads = [0, 1, 1, 0]
static_assert(gives({{2, 2, 1, 0}, {3, 1, 1, 1}, 3}, {1, 3, 4, 4}, {6, 1, 2, 3}, {1, 6, 2, 3},
                    {38, -32, -32, 41, -32, -32, -5, 12, -28, 1,  11,  -29,
                     14, 30,  27,  1,  -27, 25,  10, 17, -26, 11, -19, -29,
                     3,  7,   -32, 7,  14,  -25, 16, 14, -21, 12, 9,   -26}));
// group = 2, dilations = [1, 2], a batch of 2
static_assert(gives({{2, 1, 1, 0}, {2, 1, 2, 0}, 2}, {2, 2, 3, 4}, {2, 1, 2, 2}, {2, 2, 2, 2},
                    {20, 11, 17, 8, 24, 7, -33, -17, -20, 4, 10, -32, -10, 17, 21, -40}));

}  // namespace

TEST_CASE("a halo of zeros gives the bits that the padding gives") {
  // Products that round to -0, and weights whose products with zero are no numbers.
  constexpr std::int64_t side = 4;
  constexpr std::int64_t channels = 3;
  std::vector<float> x;
  std::vector<float> with_halo(channels * (side + 2) * (side + 2), 0.0f);
  for (std::int64_t i = 0; i < channels * side * side; ++i) {
    x.push_back(i % 3 == 0 ? 0x1p-100f : -0x1p-100f);
    auto const row = i / side % side + 1;
    auto const at = (i / (side * side) * (side + 2) + row) * (side + 2) + i % side + 1;
    with_halo[static_cast<std::size_t>(at)] = x.back();
  }
  std::vector<float> w(channels * 9, 0x1p-100f);
  w[9 + 2] = -1.0f;
  w[18] = __builtin_inff();
  std::vector<float> padded(x.size());
  std::vector<float> inside(x.size());
  scalar s;
  auto const weights = dense<float const>(w.data(), {channels, 1, 3, 3});
  shape const form{1, channels, side, side};
  run(s, convolution{{3, 1, 1, 1}, {3, 1, 1, 1}, channels}, dense<float const>(x.data(), form),
      weights, tensor<float const>{}, dense(padded.data(), form));
  run(s, convolution{{3, 1, 1, 0}, {3, 1, 1, 0}, channels},
      dense<float const>(with_halo.data(), {1, channels, side + 2, side + 2}), weights,
      tensor<float const>{}, dense(inside.data(), form));
  int numbers = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    bool const is_number = padded[i] == padded[i];
    CHECK(is_number == (inside[i] == inside[i]));
    if (!is_number) continue;
    ++numbers;
    CHECK(std::bit_cast<std::uint32_t>(padded[i]) == std::bit_cast<std::uint32_t>(inside[i]));
  }
  // The first tap of the third channel lies on the padding for a row and a column of outputs.
  CHECK(numbers == 3 * 16 - 7);
}
