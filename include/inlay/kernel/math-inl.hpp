// The exponential function as a polynomial in stage operations: the same bits in every stage.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <type_traits>

#include "inlay/kernel/polynomial-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// exp(x) = 2^n · exp(r) with |r| ≤ ln(2) / 2, where exp(r) = 1 + r + r²·(c0 + c1·r + …).
template <class T> struct exp_constants;

/// *Source*: Cephes, expf.c.
template <> struct exp_constants<float> {
  static constexpr float lowest = -104.0f;  // below, the result rounds to 0
  static constexpr float highest = 88.8f;   // above, it rounds to infinity
  static constexpr float log2_e = 1.44269504088896341f;
  static constexpr float ln2_high = 0.693359375f;
  static constexpr float ln2_low = -2.12194440e-4f;
  static constexpr float coefficients[] = {5.0000001201e-1f, 1.6666665459e-1f, 4.1665795894e-2f,
                                           8.3334519073e-3f, 1.3981999507e-3f, 1.9875691500e-4f};
};

/// *Source*: the Taylor series to r^13, whose remainder is below 2^-57.
template <> struct exp_constants<double> {
  static constexpr double lowest = -746.0;
  static constexpr double highest = 710.0;
  static constexpr double log2_e = 1.44269504088896340736;
  static constexpr double ln2_high = 6.93147180369123816490e-1;
  static constexpr double ln2_low = 1.90821492927058770002e-10;
  static constexpr double coefficients[] = {
      1.0 / 2,     1.0 / 6,      1.0 / 24,      1.0 / 120,      1.0 / 720,       1.0 / 5040,
      1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
};

/// x = n · ln(2) + rest, where what ln2_low takes from `coarse` is still to be taken.
template <class V, class Integers> struct exp_reduction {
  Integers n;
  V whole;
  V coarse;
};
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr auto reduce_exponent(S& s, V const& x) {
  using constants = exp_constants<T>;
  auto const log2_e = s.splat_like(x, constants::log2_e);
  auto const scaled = s.multiply(x, log2_e);
  auto const n = s.round_to_integer(scaled);
  auto const whole = s.template convert<T>(n);
  auto const minus_ln2_high = s.splat_like(x, -constants::ln2_high);
  auto const coarse = s.fma(whole, minus_ln2_high, x);
  return exp_reduction<std::remove_cv_t<V>, std::remove_cv_t<decltype(n)>>{n, whole, coarse};
}

/// x · 2^n, in two factors, since n may pass the exponents of normal numbers.
template <std::floating_point T, stage S, class V, class Integers>
INLAY_INLINE constexpr V scale_by_power(S& s, V const& x, Integers const& n) {
  auto const n0 = s.half(n);
  auto const n1 = s.subtract(n, n0);
  auto const scale0 = s.template power_of_two<T>(n0);
  auto const scale1 = s.template power_of_two<T>(n1);
  auto const partly = s.multiply(x, scale0);
  return s.multiply(partly, scale1);
}

/// e to the power of a number between `lowest` and `highest`.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V exp_within(S& s, V const& clamped) {
  using constants = exp_constants<T>;
  auto const [n, whole, coarse] = reduce_exponent<T>(s, clamped);
  auto const minus_ln2_low = s.splat_like(clamped, -constants::ln2_low);
  auto const r = s.fma(whole, minus_ln2_low, coarse);
  auto const p = polynomial<T>(s, r, constants::coefficients);
  auto const square = s.multiply(r, r);
  auto const one = s.splat_like(clamped, T{1});
  auto const linear = s.fma(p, square, r);
  auto const mantissa = s.add(linear, one);
  return scale_by_power<T>(s, mantissa, n);
}

/// e to the power of x, within 1.02 units in the last place; results below the normal numbers are
/// rounded once more. Not a number stays so.
template <std::floating_point T, stage S, class V> INLAY_INLINE constexpr V exp(S& s, V const& x) {
  auto const lowest = s.splat_like(x, exp_constants<T>::lowest);
  auto const highest = s.splat_like(x, exp_constants<T>::highest);
  auto const above = s.max(x, lowest);
  auto const clamped = s.min(above, highest);
  return exp_within<T>(s, clamped);
}

/// The same for numbers that are not above 0, in fewer operations.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V exp_of_nonpositive(S& s, V const& x) {
  auto const lowest = s.splat_like(x, exp_constants<T>::lowest);
  auto const clamped = s.max(x, lowest);
  return exp_within<T>(s, clamped);
}

/// e to the power of high + low as 2^n · m, with m in two words, within 0.1 units in the last
/// place. `low` is at most a unit in the last place of `high`, which is between `lowest` and
/// `highest`.
template <class V, class Integers> struct exp_parts {
  Integers n;
  two_words<V> mantissa;
};
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr auto exp_of_words(S& s, V const& high, V const& low) {
  using constants = exp_constants<T>;
  auto const [n, whole, coarse] = reduce_exponent<T>(s, high);
  auto const minus_ln2_low = s.splat_like(high, -constants::ln2_low);
  auto const fine = s.fma(whole, minus_ln2_low, low);
  // Where `coarse` is smaller, both are too small for the error to matter.
  auto const r = add_smaller(s, coarse, fine);
  auto const p = polynomial<T>(s, r.high, constants::coefficients);
  auto const square = s.multiply(r.high, r.high);
  auto const tail = s.fma(p, square, r.low);
  auto const one = s.splat_like(high, T{1});
  auto const sum = add_smaller(s, one, r.high);
  auto const rest = s.add(sum.low, tail);
  return exp_parts<std::remove_cv_t<V>, std::remove_cv_t<decltype(n)>>{n, {sum.high, rest}};
}

/// The number itself, within 0.6 units in the last place.
template <std::floating_point T, stage S, class V, class Integers>
INLAY_INLINE constexpr V exp_of_parts(S& s, exp_parts<V, Integers> const& parts) {
  auto const mantissa = s.add(parts.mantissa.high, parts.mantissa.low);
  return scale_by_power<T>(s, mantissa, parts.n);
}
/// The same times a factor of two words.
template <std::floating_point T, stage S, class V, class Integers>
INLAY_INLINE constexpr V exp_of_parts(S& s, exp_parts<V, Integers> const& parts,
                                      two_words<V> const& factor) {
  auto const product = multiply_words(s, parts.mantissa, factor);
  auto const mantissa = s.add(product.high, product.low);
  return scale_by_power<T>(s, mantissa, parts.n);
}

/// e to the power of x, less 1, for numbers that are not above 0: within 1.2 units in the last
/// place.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V exp_less_one(S& s, V const& x) {
  using constants = exp_constants<T>;
  // Below, the result rounds to -1.
  auto const lowest = s.splat_like(x, T{-40});
  auto const clamped = s.max(x, lowest);
  auto const [n, whole, coarse] = reduce_exponent<T>(s, clamped);
  auto const minus_ln2_low = s.splat_like(x, -constants::ln2_low);
  auto const r = s.fma(whole, minus_ln2_low, coarse);
  auto const p = polynomial<T>(s, r, constants::coefficients);
  auto const square = s.multiply(r, r);
  auto const linear = s.fma(p, square, r);
  auto const scale = s.template power_of_two<T>(n);
  auto const minus_one = s.splat_like(x, T{-1});
  auto const less = s.add(scale, minus_one);
  return s.fma(linear, scale, less);
}

INLAY_END_TARGET
