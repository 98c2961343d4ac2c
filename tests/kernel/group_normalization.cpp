// Normalization of groups of channels, against its formula.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/kernel/group_normalization-inl.hpp"

#include <doctest/doctest.h>

#include "strict.hpp"

namespace {
using namespace inlay_test;

// Two images of two groups of two channels of two elements. The groups have the means 0, 1, 2 and
// 3 and the mean squared differences 4, 16, 1 and 0.
constexpr int means[] = {0, 1, 2, 3};
constexpr int differences[] = {2, 4, 1, 0};
template <class T> struct images {
  T elements[16]{};
  constexpr images() {
    for (int i = 0; i < 16; ++i) {
      auto const group = i / 4;
      elements[i] = static_cast<T>(means[group] + (i % 2 == 0 ? 1 : -1) * differences[group]);
    }
  }
};

template <class T, class S> constexpr bool follows_the_formula(bool one_a_group) {
  constexpr images<T> x;
  T const scale[] = {2, 4, -1, T(0.5)};
  T const bias[] = {1, 0, -1, T(0.25)};
  T y[16]{};
  shape const strides = one_a_group ? shape{1, 0} : shape{2, 1};
  S s;
  run(s, group_normalization{0.25}, dense<T const>(x.elements, {2, 2, 2, 2}),
      tensor<T const>{scale, {2, 2}, strides}, tensor<T const>{bias, {2, 2}, strides},
      dense(y, {2, 2, 2, 2}));
  // Of the last group, whose deviation is the root of epsilon: what differs is nothing.
  for (int i = 12; i < 16; ++i) {
    if (y[i] != bias[one_a_group ? 1 : i / 2 % 4]) return false;
  }
  for (int i = 0; i < 12; ++i) {
    auto const channel = one_a_group ? i / 4 % 2 : i / 2 % 4;
    auto const d = static_cast<T>(differences[i / 4]);
    S of_root;
    auto const squared = of_root.template splat<T>(d * d + T(0.25));
    auto const deviation = of_root.sqrt(squared);
    auto const one = of_root.template splat<T>(1);
    auto const inverse = of_root.divide(one, deviation);
    T factor{};
    tensor<T> const to{&factor, {1}, {1}};
    of_root.store(to, full<1, typename S::index>{0}, inverse);
    auto const difference = x.elements[i] - static_cast<T>(means[i / 4]);
    // Differences are powers of two: the product is exact but for that of factor and scale.
    if (y[i] != difference * (factor * scale[channel]) + bias[channel]) return false;
  }
  return true;
}
static_assert(follows_the_formula<float, scalar>(false) &&
              follows_the_formula<float, scalar>(true));
static_assert(follows_the_formula<double, scalar>(false));
static_assert(follows_the_formula<float, strict>(false) &&
              follows_the_formula<float, strict>(true));

}  // namespace

TEST_CASE("a group of one element is its bias") {
  float const x[] = {3, -7};
  float const scale[] = {2, 5};
  float const bias[] = {0.5f, -1};
  float y[2]{};
  scalar s;
  run(s, group_normalization{1e-5}, dense<float const>(x, {1, 2, 1, 1}),
      dense<float const>(scale, {2, 1}), dense<float const>(bias, {2, 1}), dense(y, {1, 2, 1, 1}));
  CHECK(y[0] == 0.5f);
  CHECK(y[1] == -1);
}
