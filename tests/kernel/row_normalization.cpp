// Normalization of rows, against its formula.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/kernel/row_normalization-inl.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "strict.hpp"

namespace {
using namespace inlay_test;

// Two rows of mean 1 and 2, whose squared differences have the mean 4; with an epsilon of 12, the
// deviation is 4.
template <class T> constexpr T rows[] = {3, -1, 3, -1, 4, 0, 4, 0};
template <class T> constexpr T scale[] = {2, 4, 8, -2};
template <class T> constexpr T bias[] = {1, 0, -1, T(0.5)};

template <class T, class S> constexpr bool layers_follow_the_formula() {
  for (bool const has_bias : {true, false}) {
    T y[8]{};
    S s;
    run(s, layer_normalization{12}, dense<T const>(rows<T>, {2, 4}), dense<T const>(scale<T>, {4}),
        has_bias ? dense<T const>(bias<T>, {4}) : tensor<T const>{}, dense(y, {2, 4}));
    for (int i = 0; i < 8; ++i) {
      T const normal = (rows<T>[i] - (i < 4 ? 1 : 2)) / 4;
      if (y[i] != normal * scale<T>[i % 4] + (has_bias ? bias<T>[i % 4] : 0)) return false;
    }
  }
  return true;
}
static_assert(layers_follow_the_formula<float, scalar>());
static_assert(layers_follow_the_formula<double, scalar>());
static_assert(layers_follow_the_formula<float, strict>());

// The mean of the squares is 5 in the first row and 8 in the second; one scale for all.
template <class T, class S> constexpr bool root_mean_squares_follow_the_formula() {
  T y[8]{};
  T const three = 3;
  S s;
  run(s, root_mean_square_normalization{4}, dense<T const>(rows<T>, {1, 4}),
      tensor<T const>{&three, {4}, {0}}, dense(y, {1, 4}));
  run(s, root_mean_square_normalization{8}, dense<T const>(rows<T> + 4, {1, 4}),
      dense<T const>(scale<T>, {4}), dense(y + 4, {1, 4}));
  for (int i = 0; i < 4; ++i) {
    T const third = T(1) / 3;  // 1 / sqrt(5 + 4)
    if (y[i] != rows<T>[i] * third * 3) return false;
    if (y[i + 4] != rows<T>[i + 4] / 4 * scale<T>[i]) return false;
  }
  return true;
}
static_assert(root_mean_squares_follow_the_formula<double, scalar>());
static_assert(root_mean_squares_follow_the_formula<float, strict>());

}  // namespace

TEST_CASE("a normalization of floats is near that of long doubles, however far they are from 0") {
  for (std::int64_t const n : {1, 7, 32, 100, 768}) {
    for (float const offset : {0.0f, 1000.0f}) {
      std::vector<float> x;
      std::vector<float> y(static_cast<std::size_t>(n));
      long double mean = 0;
      for (std::int64_t i = 0; i < n; ++i) {
        x.push_back(offset + static_cast<float>(i * 37 % 101) * 0.11f);
        mean += static_cast<long double>(x.back()) / static_cast<long double>(n);
      }
      long double variance = 0;
      for (auto const e : x) {
        auto const difference = static_cast<long double>(e) - mean;
        variance += difference * difference / static_cast<long double>(n);
      }
      float const one = 1;
      scalar s;
      run(s, layer_normalization{}, dense<float const>(x.data(), {1, n}),
          tensor<float const>{&one, {n}, {0}}, tensor<float const>{}, dense(y.data(), {1, n}));
      auto const inverse = 1 / std::sqrt(variance + 1e-5L);
      for (std::size_t i = 0; i < y.size(); ++i) {
        auto const exact = (static_cast<long double>(x[i]) - mean) * inverse;
        // The mean is off by a few units of its last place.
        auto const bound = 4e-6L + 8 * 0x1p-24L * std::fabs(mean) * inverse;
        CHECK(std::fabs(static_cast<long double>(y[i]) - exact) <= bound);
      }
    }
  }
}
