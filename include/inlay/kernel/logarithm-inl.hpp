// The natural logarithm as a polynomial in stage operations: the same bits in every stage.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>

#include "inlay/kernel/math-inl.hpp"
#include "inlay/kernel/polynomial-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// log(x) = n · ln(2) + log(1 + f) with x = 2^n · (1 + f), 1 + f in [√½, √2]; with
/// q = f / (2 + f), log(1 + f) = f - f²/2 + q · (f²/2 + q²·(c0 + c1·q² + …)).
template <class T> struct log_constants;

/// *Source*: FreeBSD, e_logf.c.
template <> struct log_constants<float> {
  static constexpr float least = 0x1p-149f;
  static constexpr float most = 0x1.fffffep127f;
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
  static constexpr double sqrt_2 = 1.41421356237309504880;
  static constexpr double ln2_high = 6.93147180369123816490e-1;
  static constexpr double ln2_low = 1.90821492927058770002e-10;
  static constexpr double coefficients[] = {6.666666666666735130e-1, 3.999999999940941908e-1,
                                            2.857142874366239149e-1, 2.222219843214978396e-1,
                                            1.818357216161805012e-1, 1.531383769920937332e-1,
                                            1.479819860511658591e-1};
};

/// A number above 0 as 2^n · m, with m from √½ to √2.
template <class V, class Integers> struct log_reduction {
  Integers n;
  V mantissa;
};
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr auto reduce_logarithm(S& s, V const& x) {
  auto const exponent = s.exponent(x);
  auto const scale_down = [&](V const& y, auto const& n) INLAY_INLINE_LAMBDA {
    auto const negated = s.negate(n);
    return scale_by_power<T>(s, y, negated);
  };
  auto const from_one_to_two = scale_down(x, exponent);
  auto const sqrt_2 = s.splat_like(x, log_constants<T>::sqrt_2);
  auto const compared = s.multiply(from_one_to_two, sqrt_2);
  auto const step = s.exponent(compared);
  auto const n = s.add(exponent, step);
  auto const mantissa = scale_down(from_one_to_two, step);
  return log_reduction<std::remove_cv_t<V>, std::remove_cv_t<decltype(n)>>{n, mantissa};
}

/// n · ln(2) + log(1 + f), for 1 + f from √½ to √2 and a whole n.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V log_of_parts(S& s, V const& n, V const& f) {
  using constants = log_constants<T>;
  auto const two = s.splat_like(f, T{2});
  auto const denominator = s.add(f, two);
  auto const q = s.divide(f, denominator);
  auto const square = s.multiply(q, q);
  auto const p = polynomial<T>(s, square, constants::coefficients);
  auto const half = s.splat_like(f, T(0.5));
  auto const half_f = s.multiply(f, half);
  auto const half_square = s.multiply(half_f, f);
  auto const series = s.fma(p, square, half_square);
  auto const ln2_high = s.splat_like(f, constants::ln2_high);
  auto const ln2_low = s.splat_like(f, constants::ln2_low);
  auto const low = s.multiply(n, ln2_low);
  auto const correction = s.fma(q, series, low);
  auto const taken = s.subtract(half_square, correction);
  auto const fraction = s.subtract(f, taken);
  return s.fma(n, ln2_high, fraction);
}

/// The natural logarithm, within 0.9 units in the last place. Minus infinity of 0, not a number
/// below.
template <std::floating_point T, stage S, class V> INLAY_INLINE constexpr V log(S& s, V const& x) {
  using constants = log_constants<T>;
  auto const least = s.splat_like(x, constants::least);
  auto const most = s.splat_like(x, constants::most);
  auto const above = s.max(x, least);
  auto const clamped = s.min(above, most);
  auto const parts = reduce_logarithm<T>(s, clamped);
  auto const one = s.splat_like(x, T{1});
  auto const f = s.subtract(parts.mantissa, one);
  auto const n = s.template convert<T>(parts.n);
  auto const finite = log_of_parts<T>(s, n, f);
  auto const is_infinite = s.less(most, x);
  auto const of_large = s.select(is_infinite, x, finite);
  auto const minus_infinity = s.splat_like(x, static_cast<T>(-__builtin_inf()));
  auto const not_a_number = s.splat_like(x, static_cast<T>(__builtin_nan("")));
  auto const zero = s.splat_like(x, T{0});
  auto const is_negative = s.less(x, zero);
  auto const of_small = s.select(is_negative, not_a_number, minus_infinity);
  auto const is_small = s.less(x, least);
  return s.select(is_small, of_small, of_large);
}

/// The natural logarithm of 1 + x, for x from 0 to 1: within 1.2 units in the last place.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V log_of_one_plus(S& s, V const& x) {
  auto const half = s.splat_like(x, T(0.5));
  auto const minus_half = s.splat_like(x, T(-0.5));
  auto const last_small = s.splat_like(x, log_constants<T>::sqrt_2 - 1);
  auto const one = s.splat_like(x, T{1});
  auto const zero = s.splat_like(x, T{0});
  auto const is_small = s.less(x, last_small);
  auto const halved = s.fma(x, half, minus_half);
  auto const f = s.select(is_small, x, halved);
  auto const n = s.select(is_small, zero, one);
  return log_of_parts<T>(s, n, f);
}

INLAY_END_TARGET
