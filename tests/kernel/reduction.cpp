// Reductions, against closed forms and sums of long double.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/kernel/reduction-inl.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "strict.hpp"

namespace {
using namespace inlay_test;

constexpr reduced_to all_kinds[] = {reduced_to::sum,
                                    reduced_to::mean,
                                    reduced_to::log_of_sum,
                                    reduced_to::product,
                                    reduced_to::largest,
                                    reduced_to::smallest,
                                    reduced_to::sum_of_magnitudes,
                                    reduced_to::sum_of_squares,
                                    reduced_to::root_of_squares};

/// The integers from 1 to `N`.
template <class T, std::int64_t N> struct counting {
  T elements[N]{};
  constexpr counting() {
    for (std::int64_t i = 0; i < N; ++i) elements[i] = static_cast<T>(i + 1);
  }
};

/// What all of `count` elements from `x` on come to, as a row or as one column.
template <class S, class T>
constexpr T reduced(reduced_to to, T const* x, std::int64_t count, bool as_row) {
  S s;
  T y{};
  tensor<T const> from{x, {1, 1, 1, count}, {0, 0, 0, 1}};
  if (!as_row) from = {x, {1, 1, 1, count, 1}, {0, 0, 0, 1, 1}};
  run(s, reduction{to}, from, tensor<T>{&y, {1}, {1}});
  return y;
}

template <class S, class T> constexpr bool closed_forms_hold() {
  constexpr counting<T, 45> x;
  for (bool const as_row : {true, false}) {
    auto const of = [&](reduced_to to, std::int64_t count) {
      return reduced<S>(to, x.elements, count, as_row);
    };
    if (of(reduced_to::sum, 45) != 45 * 46 / 2) return false;
    if (of(reduced_to::sum_of_magnitudes, 45) != 45 * 46 / 2) return false;
    if (of(reduced_to::sum_of_squares, 24) != 24 * 25 * 49 / 6) return false;
    if (of(reduced_to::product, 8) != 40320) return false;
    if (of(reduced_to::largest, 45) != 45 || of(reduced_to::smallest, 45) != 1) return false;
    if constexpr (std::floating_point<T>) {
      if (of(reduced_to::mean, 45) != 23) return false;
      if (of(reduced_to::root_of_squares, 24) != 70) return false;  // 1² + … + 24² = 70²
      if (of(reduced_to::log_of_sum, 1) != 0) return false;
    }
  }
  return true;
}
static_assert(closed_forms_hold<scalar, float>() && closed_forms_hold<strict, float>());
static_assert(closed_forms_hold<scalar, double>());
static_assert(closed_forms_hold<scalar, std::int32_t>());
static_assert(closed_forms_hold<strict, std::int64_t>());
static_assert(closed_forms_hold<scalar, std::uint32_t>());

// Of no elements there is what combining starts from.
template <class T> constexpr T of_none(reduced_to to) {
  T const x[1]{};
  return reduced<scalar>(to, x, 0, true);
}
static_assert(of_none<float>(reduced_to::sum) == 0 && of_none<float>(reduced_to::product) == 1);
static_assert(of_none<float>(reduced_to::largest) == -__builtin_inff());
static_assert(of_none<double>(reduced_to::smallest) == __builtin_inf());
static_assert(of_none<std::int8_t>(reduced_to::largest) == -128);
static_assert(of_none<std::uint8_t>(reduced_to::smallest) == 255);

// Integers wrap; magnitudes too.
constexpr std::int32_t lowest[] = {std::numeric_limits<std::int32_t>::min(), 1};
static_assert(reduced<scalar>(reduced_to::sum_of_magnitudes, lowest, 1, true) == lowest[0]);
static_assert(reduced<scalar>(reduced_to::product, lowest, 2, false) == lowest[0]);

// 2^24 + 1 rounds to 2^24. Down a column, all ones are lost; along lanes, only the one of lane 16.
template <class S> constexpr bool keeps_its_order() {
  float x[33]{};
  for (auto& e : x) e = 1;
  x[0] = 0x1p24f;
  x[32] = 0;
  auto const row = reduced<S>(reduced_to::sum, x, 33, true);
  auto const column = reduced<S>(reduced_to::sum, x, 33, false);
  return row == 0x1p24f + 30 && column == 0x1p24f;
}
static_assert(keeps_its_order<scalar>() && keeps_its_order<strict>());

// x[k, r, m, s, i] over r and s: rows of rows of columns, the last one fastest.
template <class S> constexpr bool finds_its_elements() {
  constexpr counting<double, 2 * 3 * 4 * 5 * 2> x;
  double y[2 * 4 * 2]{};
  S s;
  run(s, reduction{reduced_to::sum},
      tensor<double const>{x.elements, {2, 4, 1, 1, 3, 5, 2}, {120, 10, 0, 0, 40, 2, 1}},
      tensor<double>{y, {2, 4, 2}, {8, 2, 1}});
  for (int k = 0; k < 2; ++k) {
    for (int m = 0; m < 4; ++m) {
      for (int i = 0; i < 2; ++i) {
        double sum = 0;
        for (int r = 0; r < 3; ++r) {
          for (int j = 0; j < 5; ++j) sum += k * 120 + r * 40 + m * 10 + j * 2 + i + 1;
        }
        if (y[(k * 4 + m) * 2 + i] != sum) return false;
      }
    }
  }
  return true;
}
static_assert(finds_its_elements<scalar>() && finds_its_elements<strict>());

template <class T> double log_sum_exp(std::vector<T> const& x, bool as_row) {
  scalar s;
  T y{};
  auto const count = static_cast<std::int64_t>(x.size());
  tensor<T const> from{x.data(), {1, 1, 1, count}, {0, 0, 0, 1}};
  if (!as_row) from = {x.data(), {1, 1, 1, count, 1}, {0, 0, 0, 1, 1}};
  run(s, log_sum_exp_reduction{}, from, tensor<T>{&y, {1}, {1}});
  return static_cast<double>(y);
}

}  // namespace

TEST_CASE("a sum of floats is near that of long doubles") {
  for (std::int64_t const count : {1, 31, 32, 33, 100, 1000}) {
    std::vector<float> x;
    long double sum = 0;
    long double squares = 0;
    long double magnitudes = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      x.push_back(static_cast<float>(i * 37 % 101) * 0.11f - 5);
      auto const e = static_cast<long double>(x.back());
      sum += e;
      squares += e * e;
      magnitudes += std::fabs(e);
    }
    for (bool const as_row : {true, false}) {
      auto const of = [&](reduced_to to) {
        return static_cast<long double>(reduced<scalar>(to, x.data(), count, as_row));
      };
      auto const steps = static_cast<long double>(as_row ? count / 32 + 6 : count) * 0x1p-24L;
      CHECK(std::fabs(of(reduced_to::sum) - sum) <= steps * magnitudes);
      CHECK(std::fabs(of(reduced_to::sum_of_magnitudes) - magnitudes) <= steps * magnitudes);
      CHECK(std::fabs(of(reduced_to::sum_of_squares) - squares) <= (steps + 0x1p-24L) * squares);
      CHECK(std::fabs(of(reduced_to::root_of_squares) - std::sqrt(squares)) <=
            (steps + 0x1p-23L) * std::sqrt(squares));
    }
  }
}

TEST_CASE("the logarithm of a sum of exponentials never overflows") {
  auto const infinity = std::numeric_limits<float>::infinity();
  for (bool const as_row : {true, false}) {
    CAPTURE(as_row);
    // log(n · exp(x)) = x + log(n).
    CHECK(log_sum_exp<float>({1000, 1000}, as_row) == doctest::Approx(1000 + std::log(2.0)));
    CHECK(log_sum_exp<double>({-1e6, -1e6, -1e6}, as_row) == -1e6 + std::log(3.0));
    CHECK(
        log_sum_exp<double>({0.5, -0.25, 2}, as_row) ==
        doctest::Approx(std::log(std::exp(0.5) + std::exp(-0.25) + std::exp(2.0))).epsilon(1e-15));
    CHECK(log_sum_exp<float>({1, infinity}, as_row) == infinity);
    CHECK(log_sum_exp<float>({-infinity, -infinity}, as_row) == -infinity);
    CHECK(log_sum_exp<float>({-infinity, 3}, as_row) == 3);
    CHECK(log_sum_exp<float>({}, as_row) == -infinity);
    CHECK(std::isnan(log_sum_exp<float>({1, std::nanf("")}, as_row)));
  }
}

TEST_CASE("what is not a number stays so in every reduction") {
  float const x[] = {1, std::numeric_limits<float>::quiet_NaN(), 3};
  for (auto const to : all_kinds) {
    CHECK(std::isnan(reduced<scalar>(to, x, 3, true)));
    CHECK(std::isnan(reduced<scalar>(to, x, 3, false)));
  }
}
