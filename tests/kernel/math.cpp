// The exponential function, against long double's.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/kernel/math-inl.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "strict.hpp"
#include "units.hpp"

namespace {
using namespace inlay_test;

template <class T> constexpr T exp_of(T x) {
  scalar s;
  return inlay::exp<T>(s, x);
}
template <class T> constexpr T strict_exp_of(T x) {
  strict s;
  hidden<T> const wrapped{x};
  return inlay::exp<T>(s, wrapped).value;
}

static_assert(exp_of(0.0f) == 1 && exp_of(-0.0f) == 1);
static_assert(exp_of(0.0) == 1 && exp_of(-0.0) == 1);
// numpy: np.float32(np.exp(np.float64(x))).hex() and math.exp(x).hex(), where all agree.
static_assert(exp_of(1.0f) == 0x1.5bf0a8p+1f);
static_assert(exp_of(-1.0f) == 0x1.78b564p-2f);
static_assert(exp_of(0.5f) == 0x1.a61298p+0f);
static_assert(exp_of(-1.0) == 0x1.78b56362cef38p-2);
// Far below, results are subnormal, then 0: exp(-100) is 26.55 · 2^-149.
static_assert(exp_of(-100.0f) == 0x1.bp-145f);
static_assert(exp_of(-104.0f) == 0 && exp_of(-1e30f) == 0);
static_assert(exp_of(-746.0) == 0 && exp_of(-1e300) == 0);
static_assert(exp_of(-std::numeric_limits<float>::infinity()) == 0);
static_assert(exp_of(-std::numeric_limits<double>::infinity()) == 0);

template <class T> constexpr bool strict_agrees() {
  for (auto const x : {T(-90), T(-2.75), T(-0.1), T(0), T(1e-10), T(0.7), T(3), T(80)}) {
    if (strict_exp_of(x) != exp_of(x)) return false;
  }
  return true;
}
static_assert(strict_agrees<float>());
static_assert(strict_agrees<double>());

/// How far exp_of(x) is from e to the power of x, in units of the last place that it can have.
template <class T> double error_in_ulp(T x) {
  return units_away(exp_of(x), std::exp(static_cast<long double>(x)));
}

}  // namespace

// Measured: 1.0104 over all floats, 0.751 among their subnormal results; over twenty million
// doubles 0.990 and 0.766.
TEST_CASE("the exponential of a float is near, wherever it is") {
  double worst = 0;
  for (std::uint32_t bits = 0; bits < 0x7f80'0000u; bits += 4099) {
    for (auto const sign : {0u, 0x8000'0000u}) {
      auto const x = std::bit_cast<float>(bits | sign);
      if (x > 88.7f || x < -103.9f) continue;
      worst = std::fmax(worst, error_in_ulp(x));
    }
  }
  CAPTURE(worst);
  CHECK(worst < 1.02);
}

TEST_CASE("the exponential of a double is near, wherever it is") {
  random_numbers random;
  double worst = 0;
  for (int i = 0; i < 200'000; ++i) {
    worst = std::fmax(worst, error_in_ulp(random.next() * 1454.0 - 745.0));
    worst = std::fmax(worst, error_in_ulp(random.next() * 2 - 1));
  }
  CAPTURE(worst);
  CHECK(worst < 1.0);
}

TEST_CASE(
    "the exponential is within 1.02 units in the last place where the worst of all floats was "
    "found") {
  CHECK(error_in_ulp(-0x1.782f42p+2f) <= 1.02);
  CHECK(error_in_ulp(-0x1.858af175d2ca1p+6) <= 1.0);
}

TEST_CASE("the exponential at the ends of the numbers") {
  auto const infinity = std::numeric_limits<float>::infinity();
  auto const nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(exp_of(infinity) == infinity);
  CHECK(exp_of(-infinity) == 0);
  CHECK(std::isnan(exp_of(nan)));
  CHECK(std::isnan(exp_of(-nan)));
  CHECK(std::isnan(exp_of(static_cast<double>(nan))));
  CHECK(exp_of(89.0f) == infinity);
  CHECK(exp_of(std::numeric_limits<float>::max()) == infinity);
  CHECK(exp_of(710.0) == static_cast<double>(infinity));
  // The last float whose exponential is finite: ln(2^128) is 88.72283911...
  CHECK(exp_of(0x1.62e42ep+6f) < infinity);
  CHECK(exp_of(0x1.62e430p+6f) == infinity);
  // ln(2^1024) is 709.782712893384.
  CHECK(exp_of(0x1.62e42fefa39efp+9) < static_cast<double>(infinity));
  CHECK(exp_of(0x1.62e42fefa39f0p+9) == static_cast<double>(infinity));
  // ln(2^-150) is -103.9720770839918: above, the result is the smallest float.
  CHECK(exp_of(-103.97f) == std::numeric_limits<float>::denorm_min());
  CHECK(exp_of(-103.98f) == 0);
}

TEST_CASE("the exponential has the same bits when it runs as when it is a constant") {
  static constexpr float at[] = {-103.0f, -87.5f, -20.25f, -1.5f, -0.3f, 1e-20f, 0.7f, 2.5f, 88.0f};
  static constexpr struct {
    float y[9]{};
  } compiled = [] {
    std::remove_const_t<decltype(compiled)> all{};
    for (int i = 0; i < 9; ++i) all.y[i] = exp_of(at[i]);
    return all;
  }();
  for (int i = 0; i < 9; ++i) {
    float const volatile hidden_x = at[i];
    float const x = hidden_x;
    CHECK(std::bit_cast<std::uint32_t>(exp_of(x)) == std::bit_cast<std::uint32_t>(compiled.y[i]));
  }
}

TEST_CASE("the exponential of what is not above 0 has the same bits in fewer operations") {
  scalar s;
  for (float x = -110; x <= 0; x += 0.0625f) {
    auto const y = inlay::exp_of_nonpositive<float>(s, x);
    CHECK(std::bit_cast<std::uint32_t>(y) == std::bit_cast<std::uint32_t>(exp_of(x)));
  }
  CHECK(inlay::exp_of_nonpositive<double>(s, -0.5) == exp_of(-0.5));
  CHECK(inlay::exp_of_nonpositive<double>(s, -std::numeric_limits<double>::infinity()) == 0);
  CHECK(std::isnan(inlay::exp_of_nonpositive<float>(s, std::numeric_limits<float>::quiet_NaN())));
}

TEST_CASE("a larger number has no smaller exponential") {
  float before = 0;
  for (float x = -104; x < 88.7f; x += 0.00390625f) {
    auto const y = exp_of(x);
    REQUIRE(y >= before);
    before = y;
  }
}
