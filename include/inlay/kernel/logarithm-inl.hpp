// The natural logarithm as a polynomial in stage operations: the same bits in every stage.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>

#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// log(x) = n · ln(2) + log(1 + f) with x = 2^n · (1 + f), 1 + f in [√½, √2]; with
/// q = f / (2 + f), log(1 + f) = f - f²/2 + q · (f²/2 + q²·(c0 + c1·q² + …)).
template <class T> struct log_constants;

/// *Source*: FreeBSD, e_logf.c.
template <> struct log_constants<float> {
  static constexpr float least = 0x1p-149f;
  static constexpr float most = 0x1.fffffep127f;
  static constexpr float of_least_root = 0x1p80f;  // times the root of `least`, more than 1
  static constexpr float sqrt_2 = 1.41421356237309504880f;
  static constexpr float ln2_high = 6.9313812256e-01f;
  static constexpr float ln2_low = 9.0580006145e-06f;
  static constexpr float coefficients[] = {0xaaaaaa.0p-24f, 0xccce13.0p-25f, 0x91e9ee.0p-25f,
                                           0xf89e26.0p-26f};
};

/// *Source*: fdlibm, e_log.c.
template <> struct log_constants<double> {
  static constexpr double least = 0x1p-1074;
  static constexpr double most = 0x1.fffffffffffffp1023;
  static constexpr double of_least_root = 0x1p540;
  static constexpr double sqrt_2 = 1.41421356237309504880;
  static constexpr double ln2_high = 6.93147180369123816490e-1;
  static constexpr double ln2_low = 1.90821492927058770002e-10;
  static constexpr double coefficients[] = {6.666666666666735130e-1, 3.999999999940941908e-1,
                                            2.857142874366239149e-1, 2.222219843214978396e-1,
                                            1.818357216161805012e-1, 1.531383769920937332e-1,
                                            1.479819860511658591e-1};
};

/// x · 2^-n, for exponents of all numbers.
template <std::floating_point T, stage S, class Integers>
INLAY_INLINE constexpr vec<S, T> scale_down(S& s, vec<S, T> const& x, Integers const& n) {
  auto const zero = s.subtract(n, n);
  auto const negated = s.subtract(zero, n);
  // In two factors, since -n may pass the exponents of normal numbers.
  auto const n0 = s.half(negated);
  auto const n1 = s.subtract(negated, n0);
  auto const scale0 = s.template power_of_two<T>(n0);
  auto const scale1 = s.template power_of_two<T>(n1);
  auto const partly = s.multiply(x, scale0);
  return s.multiply(partly, scale1);
}

/// The logarithm of a number that is neither 0 nor below nor infinite.
template <std::floating_point T, stage S>
INLAY_INLINE constexpr vec<S, T> log_of_positive(S& s, vec<S, T> const& x) {
  using constants = log_constants<T>;
  auto const whole_exponent = s.exponent(x);
  auto const from_one_to_two = scale_down<T>(s, x, whole_exponent);
  auto const sqrt_2 = s.template splat<T>(constants::sqrt_2);
  auto const compared = s.multiply(from_one_to_two, sqrt_2);
  auto const step = s.exponent(compared);
  auto const n = s.add(whole_exponent, step);
  auto const mantissa = scale_down<T>(s, from_one_to_two, step);
  auto const one = s.template splat<T>(1);
  auto const two = s.template splat<T>(2);
  auto const f = s.subtract(mantissa, one);
  auto const denominator = s.add(f, two);
  auto const q = s.divide(f, denominator);
  auto const square = s.multiply(q, q);
  constexpr int degree = sizeof(constants::coefficients) / sizeof(T);
  auto p = s.template splat<T>(constants::coefficients[degree - 1]);
  for (int i = degree - 2; i >= 0; --i) {
    auto const c = s.template splat<T>(constants::coefficients[i]);
    p = s.fma(p, square, c);
  }
  auto const half = s.template splat<T>(T(0.5));
  auto const half_f = s.multiply(f, half);
  auto const half_square = s.multiply(half_f, f);
  auto const series = s.fma(p, square, half_square);
  auto const whole = s.template convert<T>(n);
  auto const ln2_high = s.template splat<T>(constants::ln2_high);
  auto const ln2_low = s.template splat<T>(constants::ln2_low);
  auto const low = s.multiply(whole, ln2_low);
  auto const correction = s.fma(q, series, low);
  auto const taken = s.subtract(half_square, correction);
  auto const fraction = s.subtract(f, taken);
  return s.fma(whole, ln2_high, fraction);
}

/// The natural logarithm, within 0.9 units in the last place. Minus infinity of 0, not a number
/// below.
template <std::floating_point T, stage S>
INLAY_INLINE constexpr vec<S, T> log(S& s, vec<S, T> const& x) {
  using constants = log_constants<T>;
  auto const least = s.template splat<T>(constants::least);
  auto const most = s.template splat<T>(constants::most);
  auto const above = s.max(x, least);
  auto const clamped = s.min(above, most);
  auto const result = log_of_positive<T>(s, clamped);
  // No stage compares. This is infinity where the root is a number above 0, minus infinity where
  // it is 0, and else not a number.
  auto const infinity = s.template splat<T>(static_cast<T>(__builtin_inf()));
  auto const one = s.template splat<T>(1);
  auto const minus_one = s.template splat<T>(-1);
  auto const of_least_root = s.template splat<T>(constants::of_least_root);
  auto const root = s.sqrt(x);
  auto const small_root = s.min(root, one);
  auto const sign = s.fma(small_root, of_least_root, minus_one);
  auto const ceiling = s.multiply(sign, infinity);
  auto const below = s.min(result, ceiling);
  // And this is infinity where x is, else minus infinity.
  auto const half = s.template splat<T>(T(0.5));
  auto const minus_most = s.template splat<T>(-constants::most);
  auto const excess = s.fma(x, half, minus_most);
  auto const floor = s.multiply(excess, infinity);
  return s.max(below, floor);
}

INLAY_END_TARGET
