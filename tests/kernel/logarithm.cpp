// The logarithm, against long double's.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/kernel/logarithm-inl.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "strict.hpp"
#include "units.hpp"

namespace {
using namespace inlay_test;

template <class T> constexpr T log_of(T x) {
  scalar s;
  return inlay::log<T>(s, x);
}
template <class T> constexpr T strict_log_of(T x) {
  strict s;
  hidden<T> const wrapped{x};
  return inlay::log<T>(s, wrapped).value;
}

static_assert(log_of(1.0f) == 0 && log_of(1.0) == 0);
static_assert(log_of(0.0f) == -__builtin_inff() && log_of(-0.0f) == -__builtin_inff());
static_assert(log_of(0.0) == -__builtin_inf());
// numpy: np.float32(np.log(np.float64(x))).hex() and math.log(x).hex(), where all agree.
static_assert(log_of(2.0f) == 0x1.62e430p-1f && log_of(10.0f) == 0x1.26bb1cp+1f);
static_assert(log_of(0.5f) == -0x1.62e430p-1f);
static_assert(log_of(2.0) == 0x1.62e42fefa39efp-1 && log_of(10.0) == 0x1.26bb1bbb55516p+1);
// The smallest numbers: -149 ln(2) and -1074 ln(2).
static_assert(log_of(0x1p-149f) == -0x1.9d1da0p+6f);
static_assert(log_of(0x1p-1074) == -0x1.74385446d71c3p+9);

template <class T> constexpr bool strict_agrees() {
  for (auto const x : {T(0), T(1e-30), T(0.3), T(0.7), T(1), T(1.5), T(7), T(1e30)}) {
    if (strict_log_of(x) != log_of(x)) return false;
  }
  return true;
}
static_assert(strict_agrees<float>());
static_assert(strict_agrees<double>());

/// How far log_of(x) is from the logarithm, in units of the last place that it can have.
template <class T> double error_in_ulp(T x) {
  return units_away(log_of(x), std::log(static_cast<long double>(x)));
}

}  // namespace

// Measured: 0.828 over all floats of [1/2, 2) and one in 31 of the others; 0.847 over six million
// doubles.
TEST_CASE("the logarithm of a float is near, wherever it is") {
  double worst = error_in_ulp(0x1.68cb52p-1f);
  for (std::uint32_t bits = 1; bits < 0x7f80'0000u; bits += 4099) {
    worst = std::fmax(worst, error_in_ulp(std::bit_cast<float>(bits)));
  }
  for (std::uint32_t bits = 0x3f00'0000u; bits < 0x4000'0000u; bits += 257) {
    worst = std::fmax(worst, error_in_ulp(std::bit_cast<float>(bits)));
  }
  CAPTURE(worst);
  CHECK(worst < 0.9);
}

TEST_CASE("the logarithm of a double is near, wherever it is") {
  std::uint64_t state = 1;
  double worst = error_in_ulp(0x1.6710e1fc1a6b1p+0);
  for (int i = 0; i < 100'000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;  // Knuth, MMIX
    auto const any = std::bit_cast<double>(state >> 1);
    if (std::isfinite(any) && any > 0) worst = std::fmax(worst, error_in_ulp(any));
    auto const near_one = 0.5 + 1.5 * static_cast<double>(state >> 11) * 0x1p-53;
    worst = std::fmax(worst, error_in_ulp(near_one));
  }
  CAPTURE(worst);
  CHECK(worst < 0.9);
}

TEST_CASE_TEMPLATE("the logarithm at the ends of the numbers", T, float, double) {
  using limits = std::numeric_limits<T>;
  CHECK(log_of(limits::infinity()) == limits::infinity());
  CHECK(std::isnan(log_of(-limits::infinity())));
  CHECK(std::isnan(log_of(limits::quiet_NaN())));
  CHECK(std::isnan(log_of(T(-1))));
  CHECK(std::isnan(log_of(-limits::denorm_min())));
  CHECK(log_of(-T(0)) == -limits::infinity());
  CHECK(error_in_ulp(limits::max()) < 0.9);
  CHECK(error_in_ulp(limits::denorm_min()) < 0.9);
}
