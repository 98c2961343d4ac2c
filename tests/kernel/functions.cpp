// The functions of activations and powers, against long double's.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "inlay/kernel/error_function-inl.hpp"
#include "inlay/kernel/power-inl.hpp"
#include "inlay/kernel/sigmoid-inl.hpp"
#include "strict.hpp"
#include "units.hpp"

namespace {
using namespace inlay_test;

// A function as f(stage, x) for each of its kinds.
constexpr auto tanh_of = []<class T>(auto& s, T const& x, auto number) {
  return inlay::tanh<decltype(number)>(s, x);
};
constexpr auto sigmoid_of = []<class T>(auto& s, T const& x, auto number) {
  return inlay::sigmoid<decltype(number)>(s, x);
};
constexpr auto softplus_of = []<class T>(auto& s, T const& x, auto number) {
  return inlay::softplus<decltype(number)>(s, x);
};
constexpr auto erf_of = []<class T>(auto& s, T const& x, auto number) {
  return inlay::erf<decltype(number)>(s, x);
};
constexpr auto gelu_of = []<class T>(auto& s, T const& x, auto number) {
  return inlay::gelu<decltype(number)>(s, x);
};
constexpr auto gelu_by_tanh_of = []<class T>(auto& s, T const& x, auto number) {
  return inlay::gelu_by_tanh<decltype(number)>(s, x);
};
constexpr auto exp_less_one_of = []<class T>(auto& s, T const& x, auto number) {
  return inlay::exp_less_one<decltype(number)>(s, x);
};

template <class T, class F> constexpr T at(F const& f, T x) {
  scalar s;
  return f(s, x, x);
}
template <class T, class F> constexpr bool strict_agrees(F const& f) {
  strict s;
  for (auto const x : {T(-30), T(-2.75), T(-0.8), T(-0.1), T(-0.0), T(1e-10), T(0.7), T(3), T(9)}) {
    hidden<T> const wrapped{x};
    if (f(s, wrapped, x).value != at(f, x)) return false;
  }
  return true;
}
template <class... F> constexpr bool all_agree(F const&... f) {
  return ((strict_agrees<float>(f) && strict_agrees<double>(f)) && ...);
}
static_assert(all_agree(tanh_of, sigmoid_of, softplus_of, erf_of, gelu_of, gelu_by_tanh_of));

// numpy: np.float32(math.tanh(x)).hex() and so on, where they agree with the doubles.
static_assert(at(tanh_of, 0.0f) == 0 && at(sigmoid_of, 0.0f) == 0.5f && at(erf_of, 0.0f) == 0);
static_assert(at(gelu_of, 0.0f) == 0 && at(gelu_by_tanh_of, 0.0f) == 0);
static_assert(at(softplus_of, 0.0f) == 0x1.62e430p-1f);

/// The furthest that f is from `exact`, in units of the last place.
template <class T, class F, class G>
double worst_of(F const& f, G const& exact, double least, double most) {
  double worst = 0;
  each_number<T>(least, most, [&](T x) {
    auto const away = units_away(at(f, x), exact(static_cast<long double>(x)));
    if (away > worst) worst = away;
  });
  return worst;
}

long double exact_sigmoid(long double x) { return 1 / (1 + std::exp(-x)); }
long double exact_softplus(long double x) { return std::log1p(std::exp(x)); }
long double exact_gelu(long double x) { return x * std::erfc(-x / std::sqrt(2.0L)) / 2; }
long double exact_gelu_by_tanh(long double x) {
  auto const root = std::sqrt(std::acos(-1.0L) / 8);
  return x * exact_sigmoid((x + 0.044715L * x * x * x) / root);
}

template <class F> void check_ends(F const& f, double below, double above) {
  auto const infinity = std::numeric_limits<float>::infinity();
  auto const nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(at(f, -infinity) == static_cast<float>(below));
  CHECK(at(f, infinity) == static_cast<float>(above));
  CHECK(std::isnan(at(f, nan)));
  CHECK(at(f, -static_cast<double>(infinity)) == below);
  CHECK(at(f, static_cast<double>(infinity)) == above);
  CHECK(std::isnan(at(f, static_cast<double>(nan))));
}

template <class T> T pow_of(T x, T y) {
  scalar s;
  return inlay::pow<T>(s, x, y);
}
template <class T> constexpr T constant_pow_of(T x, T y) {
  scalar s;
  return inlay::pow<T>(s, x, y);
}
static_assert(constant_pow_of(3.0f, 3.0f) == 27 && constant_pow_of(-2.0, 5.0) == -32);
static_assert(constant_pow_of(0.0f, 2.0f) == 0 && constant_pow_of(-0.0, 0.0) == 1);
static_assert(constant_pow_of(10.0, 22.0) == 1e22 && constant_pow_of(2.0f, -149.0f) == 0x1p-149f);
// Integers wrap; of negative exponents only 1 and -1 have powers but 0.
static_assert(constant_pow_of(3, 4) == 81 && constant_pow_of(-3, 3) == -27);
static_assert(constant_pow_of(7, 0) == 1 && constant_pow_of(0, 0) == 1 &&
              constant_pow_of(2, 31) == std::numeric_limits<int>::min() &&
              constant_pow_of(2, 32) == 0);
static_assert(constant_pow_of(2, -1) == 0 && constant_pow_of(1, -7) == 1 &&
              constant_pow_of(-1, -7) == -1 && constant_pow_of(-1, -8) == 1);
static_assert(constant_pow_of<std::int64_t>(3, 39) == 4052555153018976267);

constexpr bool strict_pow_agrees() {
  strict s;
  hidden<float> const x{-1.5f};
  hidden<float> const y{3};
  hidden<std::int32_t> const n{5};
  return inlay::pow<float>(s, x, y).value == -3.375f &&
         inlay::pow<std::int32_t>(s, n, n).value == 3125;
}
static_assert(strict_pow_agrees());

}  // namespace

// Of millions of numbers the worst were 1.29 for tanh, 1.42 for the logistic function, 1.59 for its
// integral, 1.02 for erf, 1.99 and 1.54 for the two of GELU, 1.13 for exp(x) - 1, 0.78 for powers.
TEST_CASE_TEMPLATE("functions are near, wherever they are", T, float, double) {
  bool const is_float = sizeof(T) == 4;
  CHECK(worst_of<T>(tanh_of, [](auto x) { return std::tanh(x); }, -22, 22) < 1.35);
  CHECK(worst_of<T>(sigmoid_of, exact_sigmoid, is_float ? -103 : -740, 50) < 1.5);
  CHECK(worst_of<T>(softplus_of, exact_softplus, is_float ? -103 : -740, 50) < 1.65);
  CHECK(worst_of<T>(erf_of, [](auto x) { return std::erf(x); }, -6.5, 6.5) < 1.1);
  // Farther down, not even a long double has the digits of x/√2.
  CHECK(worst_of<T>(gelu_of, exact_gelu, is_float ? -14.5 : -9, 9) < 2);
  CHECK(worst_of<T>(gelu_by_tanh_of, exact_gelu_by_tanh, is_float ? -10.5 : -9, 9) < 1.6);
  CHECK(worst_of<T>(exp_less_one_of, [](auto x) { return std::expm1(x); }, -50, 0) < 1.2);
}

TEST_CASE("powers are near, wherever they are") {
  random_numbers random;
  double worst = 0;
  for (int i = 0; i < 100'000; ++i) {
    auto const x = i % 2 == 0 ? 0.5 + random.next() : std::exp((random.next() - 0.5) * 170);
    auto const most = std::fmin(88 / std::fabs(std::log(x)), 1e30);
    auto const y = (2 * random.next() - 1) * most;
    auto const of_float = [&](float a, float b) {
      return units_away(pow_of(a, b), std::pow(static_cast<long double>(a), b));
    };
    worst = std::fmax(worst, of_float(static_cast<float>(x), static_cast<float>(y)));
    // The C library's long double is not good enough for larger powers of doubles.
    worst = std::fmax(worst, units_away(pow_of(x, y), std::pow(static_cast<long double>(x), y)));
  }
  CAPTURE(worst);
  CHECK(worst < 0.8);
}

TEST_CASE_TEMPLATE("powers of what is special are those of the C library", T, float, double) {
  using limits = std::numeric_limits<T>;
  T const numbers[] = {T(0),
                       T(1),
                       T(2),
                       T(3),
                       T(0.5),
                       T(1.5),
                       limits::infinity(),
                       limits::quiet_NaN(),
                       limits::max(),
                       limits::min(),
                       limits::denorm_min(),
                       1 / limits::epsilon(),
                       1 / limits::epsilon() + 1};
  for (auto const x : numbers) {
    for (auto const y : numbers) {
      for (auto const a : {x, -x}) {
        for (auto const b : {y, -y}) {
          CAPTURE(a);
          CAPTURE(b);
          auto const found = pow_of(a, b);
          auto const wanted = std::pow(a, b);
          CHECK(std::isnan(found) == std::isnan(wanted));
          if (std::isnan(wanted)) continue;
          CHECK(std::signbit(found) == std::signbit(wanted));
          if (found != wanted) CHECK(units_away(found, static_cast<long double>(wanted)) <= 1);
        }
      }
    }
  }
}

TEST_CASE("functions at the ends of the numbers") {
  check_ends(tanh_of, -1, 1);
  check_ends(sigmoid_of, 0, 1);
  check_ends(softplus_of, 0, std::numeric_limits<double>::infinity());
  check_ends(erf_of, -1, 1);
  check_ends(gelu_of, 0, std::numeric_limits<double>::infinity());
  check_ends(gelu_by_tanh_of, 0, std::numeric_limits<double>::infinity());
  CHECK(std::signbit(at(tanh_of, -0.0f)));
  CHECK(std::signbit(at(erf_of, -0.0)));
}

TEST_CASE("GELU far below 0 keeps its digits") {
  // mpmath: x * erfc(-x / sqrt(2)) / 2
  CHECK(units_away(at(gelu_of, -9.0f), -0x1.2bca5cp-60L) <= 2);
  CHECK(units_away(at(gelu_of, -13.0f), -0x1.b0f714p-124L) <= 2);
  CHECK(at(gelu_of, -14.25f) == -0x1p-148f);
  CHECK(units_away(at(gelu_of, -20.0), -0x1.1876296f504b2p-290L) <= 2);
  CHECK(units_away(at(gelu_of, -36.0), -0x1.bfd0452322264p-937L) <= 2);
  CHECK(units_away(at(gelu_of, -38.25), -0x0.00000000274efp-1022L) <= 2);
}
