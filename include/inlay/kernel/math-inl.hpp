// Mathematical functions as polynomials in stage operations: the same bits in every stage.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>

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

/// e to the power of a number between `lowest` and `highest`.
template <std::floating_point T, stage S>
INLAY_INLINE constexpr vec<S, T> exp_within(S& s, vec<S, T> const& clamped) {
  using constants = exp_constants<T>;
  auto const log2_e = s.template splat<T>(constants::log2_e);
  auto const scaled = s.multiply(clamped, log2_e);
  auto const n = s.round_to_integer(scaled);
  auto const whole = s.template convert<T>(n);
  auto const minus_ln2_high = s.template splat<T>(-constants::ln2_high);
  auto const minus_ln2_low = s.template splat<T>(-constants::ln2_low);
  auto const coarse = s.fma(whole, minus_ln2_high, clamped);
  auto const r = s.fma(whole, minus_ln2_low, coarse);
  constexpr int degree = sizeof(constants::coefficients) / sizeof(T);
  auto p = s.template splat<T>(constants::coefficients[degree - 1]);
  for (int i = degree - 2; i >= 0; --i) {
    auto const c = s.template splat<T>(constants::coefficients[i]);
    p = s.fma(p, r, c);
  }
  auto const square = s.multiply(r, r);
  auto const one = s.template splat<T>(1);
  auto const linear = s.fma(p, square, r);
  auto const mantissa = s.add(linear, one);
  // 2^n in two factors, since n may pass the exponents of normal numbers.
  auto const n0 = s.half(n);
  auto const n1 = s.subtract(n, n0);
  auto const scale0 = s.template power_of_two<T>(n0);
  auto const scale1 = s.template power_of_two<T>(n1);
  auto const partly = s.multiply(mantissa, scale0);
  return s.multiply(partly, scale1);
}

/// e to the power of x, within 1.02 units in the last place; results below the normal numbers are
/// rounded once more. Not a number stays so.
template <std::floating_point T, stage S>
INLAY_INLINE constexpr vec<S, T> exp(S& s, vec<S, T> const& x) {
  auto const lowest = s.template splat<T>(exp_constants<T>::lowest);
  auto const highest = s.template splat<T>(exp_constants<T>::highest);
  auto const above = s.max(x, lowest);
  auto const clamped = s.min(above, highest);
  return exp_within<T>(s, clamped);
}

/// The same for numbers that are not above 0, in fewer operations.
template <std::floating_point T, stage S>
INLAY_INLINE constexpr vec<S, T> exp_of_nonpositive(S& s, vec<S, T> const& x) {
  auto const lowest = s.template splat<T>(exp_constants<T>::lowest);
  auto const clamped = s.max(x, lowest);
  return exp_within<T>(s, clamped);
}

INLAY_END_TARGET
