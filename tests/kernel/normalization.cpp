// Normalization, against its formula.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/kernel/normalization-inl.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "strict.hpp"

namespace {
using namespace inlay_test;

template <class T, class S> struct normalized {
  T elements[12]{};
  constexpr normalized(T const* x, T const* scale, T const* bias, T const* mean, T const* variance,
                       double epsilon) {
    S s;
    shape const seen{2, 3, 2};
    shape const channels{3};
    run(s, channel_normalization{epsilon}, dense(x, seen), dense(scale, channels),
        dense(bias, channels), dense(mean, channels), dense(variance, channels),
        dense(elements, seen));
  }
};

// Roots that are numbers: 4, 2 and 1/2.
template <class T, class S> constexpr bool follows_the_formula() {
  pattern<T, 12> const x(1);
  T const scale[] = {4, -2, 1};
  T const bias[] = {1, 0, T(-0.5)};
  T const mean[] = {1, -3, 0};
  T const variance[] = {15, 3, T(-0.75)};
  normalized<T, S> const y(x.elements, scale, bias, mean, variance, 1.0);
  T const factor[] = {1, -1, 2};
  for (int i = 0; i < 12; ++i) {
    auto const c = i / 2 % 3;
    if (y.elements[i] != (x.elements[i] - mean[c]) * factor[c] + bias[c]) return false;
  }
  return true;
}
static_assert(follows_the_formula<float, scalar>());
static_assert(follows_the_formula<double, scalar>());
static_assert(follows_the_formula<float, strict>());

}  // namespace

TEST_CASE("a normalization of floats is near that of doubles") {
  pattern<float, 12> const x(2);
  float const scale[] = {0.3f, -1.7f, 2.5f};
  float const bias[] = {0.1f, 0.2f, -0.3f};
  float const mean[] = {0.7f, -0.4f, 0.0f};
  float const variance[] = {0.9f, 3.1f, 0.0f};
  normalized<float, scalar> const y(x.elements, scale, bias, mean, variance, 1e-5f);
  for (int i = 0; i < 12; ++i) {
    auto const c = i / 2 % 3;
    auto const exact = (double{x.elements[i]} - mean[c]) /
                           std::sqrt(double{variance[c]} + double{1e-5f}) * scale[c] +
                       bias[c];
    CHECK(std::abs(y.elements[i] - exact) <= 4e-7 * std::abs(exact));
  }
}
