// Element by element, with and without broadcasting; the element functions of the operators.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/kernel/elementwise-inl.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "inlay/op/activation.hpp"
#include "inlay/op/arithmetic.hpp"
#include "inlay/op/extreme.hpp"
#include "inlay/op/mathematics.hpp"
#include "inlay/op/shaped_activation.hpp"
#include "strict.hpp"

namespace {
using namespace inlay_test;

template <class S> constexpr bool adds_a_row_and_a_column() {
  int const row[] = {1, 2, 3};
  int const column[] = {10, 20};
  int y[6]{};
  S s;
  elementwise<op::add, int>(s, {}, dense(y, {2, 3}), tensor<int const>{column, {2, 3}, {1, 0}},
                            tensor<int const>{row, {2, 3}, {0, 1}});
  int const expected[] = {11, 12, 13, 21, 22, 23};
  for (int i = 0; i < 6; ++i) {
    if (y[i] != expected[i]) return false;
  }
  return true;
}
static_assert(adds_a_row_and_a_column<scalar>());
static_assert(adds_a_row_and_a_column<strict>());

template <class S> constexpr bool writes_what_it_is_told_and_no_more() {
  float const x[] = {-1, 2, -3, 4};
  float y[6] = {9, 9, 9, 9, 9, 9};
  S s;
  elementwise<op::relu, float>(s, {}, dense(y + 1, {2, 2}), dense<float const>(x, {2, 2}));
  elementwise<op::relu, float>(s, {}, dense(y, {0}), dense<float const>(x, {0}));
  elementwise<op::relu, float>(s, {}, dense(y, {0, 2}), dense<float const>(x, {0, 2}));
  return y[0] == 9 && y[1] == 0 && y[2] == 2 && y[3] == 0 && y[4] == 4 && y[5] == 9;
}
static_assert(writes_what_it_is_told_and_no_more<scalar>());
static_assert(writes_what_it_is_told_and_no_more<strict>());

// Transposed by strides.
constexpr bool follows_strides() {
  double const x[] = {1, 2, 3, 4, 5, 6};
  double y[6]{};
  scalar s;
  elementwise<op::identity, double>(s, {}, dense(y, {3, 2}),
                                    tensor<double const>{x, {3, 2}, {1, 3}});
  return y[0] == 1 && y[1] == 4 && y[2] == 2 && y[3] == 5 && y[4] == 3 && y[5] == 6;
}
static_assert(follows_strides());

template <class Operator, class T, class... Rest> constexpr T value_of(T x, Rest... rest) {
  scalar s;
  return Operator::template element<T>(s, x, rest...);
}
template <class T> constexpr T relu_of(T x) { return value_of<op::relu>(x); }
using limits = std::numeric_limits<float>;
static_assert(relu_of(-1.5f) == 0 && relu_of(2.5f) == 2.5f);
static_assert(relu_of(limits::infinity()) == limits::infinity());
static_assert(std::bit_cast<std::uint32_t>(relu_of(-limits::infinity())) == 0);
static_assert(std::bit_cast<std::uint32_t>(relu_of(-1.0f)) == 0);
static_assert(relu_of(limits::quiet_NaN()) != relu_of(limits::quiet_NaN()));
static_assert(relu_of<std::int8_t>(-128) == 0 && relu_of<std::int64_t>(7) == 7);

static_assert(value_of<op::sub>(3.0f, 5.0f) == -2 && value_of<op::sub>(3u, 5u) == 0u - 2);
static_assert(value_of<op::mul>(-3.0, 0.5) == -1.5 &&
              value_of<op::mul>(std::int8_t{16}, std::int8_t{16}) == 0);
static_assert(value_of<op::div>(1.0f, 3.0f) == 0x1.555556p-2f && value_of<op::div>(-7, 2) == -3 &&
              value_of<op::div>(7, 0) == 0);
static_assert(value_of<op::neg>(1.5) == -1.5 && value_of<op::abs>(-1.5f) == 1.5f &&
              value_of<op::abs>(200u) == 200);
static_assert(value_of<op::reciprocal>(4.0f) == 0.25f && value_of<op::sqrt>(2.25) == 1.5);
static_assert(value_of<op::floor>(-1.5f) == -2 && value_of<op::ceil>(-1.5) == -1 &&
              value_of<op::round>(2.5f) == 2 && value_of<op::round>(-3.5) == -4);
static_assert(value_of<op::sign>(-3.0f) == -1 && value_of<op::sign>(5u) == 1 &&
              value_of<op::sign>(0) == 0 &&
              std::bit_cast<std::uint32_t>(value_of<op::sign>(-0.0f)) == 0x8000'0000u &&
              value_of<op::sign>(limits::quiet_NaN()) != 0);
static_assert(value_of<op::softsign>(-3.0f) == -0.75f && value_of<op::pow>(2.0, -3.0) == 0.125);

static_assert(value_of<op::clip>(5.0f, -1.0f, 2.0f) == 2 && value_of<op::clip>(-7, -1, 2) == -1 &&
              value_of<op::clip>(1u, 0u, 2u) == 1 &&
              value_of<op::clip>(limits::quiet_NaN(), 0.0f, 1.0f) != 0);
static_assert(value_of<op::max>(1.0, 2.0) == 2 && value_of<op::min>(3u, 2u) == 2 &&
              value_of<op::mean>(1.0f, 2.0f) == 1.5f && value_of<op::sum>(1.0, 2.0) == 3);
static_assert(value_of<op::prelu>(-3, 2) == -6 && value_of<op::prelu>(3.0f, 2.0f) == 3);
static_assert(value_of<op::hard_swish>(-4.0f) == 0 && value_of<op::hard_swish>(5.0) == 5 &&
              value_of<op::hard_swish>(0.0f) == 0);
static_assert(value_of<op::mish>(0.0f) == 0 && value_of<op::mish>(100.0) == 100);

/// Of an operator with these parameters.
template <class Operator, class T>
constexpr T value_with(typename Operator::parameters const& p, T x) {
  scalar s;
  return Operator::template element<T>(s, p, x);
}
static_assert(value_with<op::leaky_relu>({0.25}, -2.0f) == -0.5f &&
              value_with<op::leaky_relu>({0.25}, 2.0) == 2);
static_assert(value_with<op::thresholded_relu>({1.5}, 1.5f) == 0 &&
              value_with<op::thresholded_relu>({1.5}, 1.75) == 1.75 &&
              value_with<op::thresholded_relu>({1.5}, std::numeric_limits<float>::quiet_NaN()) ==
                  0);
static_assert(value_with<op::hard_sigmoid>({0.5, 0.25}, 1.0f) == 0.75f &&
              value_with<op::hard_sigmoid>({0.5, 0.25}, 9.0) == 1 &&
              value_with<op::hard_sigmoid>({0.5, 0.25}, -9.0f) == 0);
static_assert(value_with<op::elu>({2}, 3.0f) == 3 && value_with<op::elu>({2}, -100.0) == -2);
static_assert(value_with<op::selu>({2, 3}, 3.0f) == 9 && value_with<op::selu>({2, 3}, -99.0) == -6);
static_assert(value_with<op::celu>({2}, 3.0f) == 3 && value_with<op::celu>({2}, -200.0) == -2);
static_assert(value_with<op::swish>({2}, 0.0f) == 0 && value_with<op::swish>({2}, 50.0) == 50);
static_assert(value_with<op::gelu>({0}, 50.0f) == 50 && value_with<op::gelu>({1}, -50.0) == 0);

constexpr bool element_functions_are_strict() {
  strict s;
  hidden<float> const a{-2};
  hidden<float> const b{5};
  hidden<bool> const yes{true};
  return op::add::element<float>(s, a, b).value == 3 && op::relu::element<float>(s, a).value == 0 &&
         op::identity::element<bool>(s, yes).value;
}
static_assert(element_functions_are_strict());

}  // namespace

// Beside numpy and long double: exp(x) - 1 far from where the difference is all rounding.
TEST_CASE("activations by exponentials are those of long doubles") {
  for (double x = -30; x < 0; x += 0.37) {
    auto const wide = static_cast<long double>(x);
    CHECK(value_with<op::elu>({0.75}, x) ==
          doctest::Approx(static_cast<double>(0.75L * std::expm1(wide))).epsilon(1e-15));
    CHECK(value_with<op::celu>({0.75}, x) ==
          doctest::Approx(static_cast<double>(0.75L * std::expm1(wide / 0.75L))).epsilon(1e-15));
    auto const mish = wide * std::tanh(std::log1p(std::exp(wide)));
    CHECK(value_of<op::mish>(x) == doctest::Approx(static_cast<double>(mish)).epsilon(1e-15));
    auto const swish = wide / (1 + std::exp(-wide / 2));
    CHECK(value_with<op::swish>({0.5}, x) ==
          doctest::Approx(static_cast<double>(swish)).epsilon(1e-15));
  }
}

TEST_CASE("integers of every size wrap when they are added") {
  scalar s;
  std::int8_t const a[] = {127, -128};
  std::int8_t const b[] = {1, -1};
  std::int8_t y[2]{};
  elementwise<op::add, std::int8_t>(s, {}, dense(y, {2}), dense<std::int8_t const>(a, {2}),
                                    dense<std::int8_t const>(b, {2}));
  CHECK(int{y[0]} == -128);
  CHECK(int{y[1]} == 127);
}
