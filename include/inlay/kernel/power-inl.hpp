// Powers in stage operations: the same bits in every stage.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstddef>

#include "inlay/kernel/logarithm-inl.hpp"
#include "inlay/kernel/math-inl.hpp"
#include "inlay/kernel/polynomial-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// log(m) = 2·q + q³·(2/3 + q²·(c0 + c1·q² + …)) with q = (m - 1) / (m + 1), for m from √½ to √2;
/// the coefficients are those of the least relative error.
template <class T> struct pow_constants;

template <> struct pow_constants<float> {
  static constexpr float most = 0x1p40f;  // times the smallest logarithm, more than any exponent
  static constexpr float two_thirds_high = 0x1.555556p-1f;
  static constexpr float two_thirds_low = -0x1.555556p-26f;
  static constexpr float coefficients[] = {0x1.999a00p-2f, 0x1.24527ep-2f, 0x1.dfa17ep-3f};
};
template <> struct pow_constants<double> {
  static constexpr double most = 0x1p70;
  static constexpr double two_thirds_high = 0x1.5555555555555p-1;
  static constexpr double two_thirds_low = 0x1.5555555555555p-55;
  static constexpr double coefficients[] = {
      0x1.999999999999ap-2, 0x1.249249249246fp-2, 0x1.c71c71c72274ap-3,
      0x1.745d17418077dp-3, 0x1.3b13b31139fafp-3, 0x1.111094672d5a9p-3,
      0x1.e20b7bc66fe94p-4, 0x1.aaec2af6580a1p-4, 0x1.c31a39b999f52p-4};
};

/// The natural logarithm of a number that is neither 0 nor below nor infinite, in two words.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr two_words<V> log_in_two_words(S& s, V const& x) {
  using constants = pow_constants<T>;
  auto const parts = reduce_logarithm<T>(s, x);
  auto const one = s.splat_like(x, T{1});
  auto const two = s.splat_like(x, T{2});
  auto const f = s.subtract(parts.mantissa, one);
  auto const denominator = add_smaller(s, one, parts.mantissa);
  auto const q_high = s.divide(f, denominator.high);
  auto const minus_q = s.negate(q_high);
  auto const rest = s.fma(minus_q, denominator.high, f);
  auto const all_rest = s.fma(minus_q, denominator.low, rest);
  auto const q_low = s.divide(all_rest, denominator.high);
  two_words<V> const q{q_high, q_low};
  auto const square = multiply_words(s, q, q);
  auto const p = polynomial<T>(s, square.high, constants::coefficients);
  auto const further = s.multiply(p, square.high);
  auto const two_thirds = s.splat_like(x, constants::two_thirds_high);
  auto const two_thirds_low = s.splat_like(x, constants::two_thirds_low);
  auto const sum = add_smaller(s, two_thirds, further);
  auto const sum_low = s.add(sum.low, two_thirds_low);
  two_words<V> const series{sum.high, sum_low};
  auto const scaled = multiply_words(s, series, square);
  auto const cubic = multiply_words(s, scaled, q);
  auto const twice_high = s.multiply(q.high, two);
  auto const fraction = add_smaller(s, twice_high, cubic.high);
  auto const twice_low = s.fma(q.low, two, cubic.low);
  auto const fraction_low = s.add(fraction.low, twice_low);
  auto const n = s.template convert<T>(parts.n);
  auto const ln2_high = s.splat_like(x, log_constants<T>::ln2_high);
  auto const ln2_low = s.splat_like(x, log_constants<T>::ln2_low);
  auto const whole = multiply_exactly(s, n, ln2_high);
  auto const whole_low = s.fma(n, ln2_low, whole.low);
  auto const all = add_smaller(s, whole.high, fraction.high);
  auto const low_words = s.add(whole_low, fraction_low);
  auto const low = s.add(all.low, low_words);
  return add_smaller(s, all.high, low);
}

/// x to the power of y, for a number x that is above 0.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V power_of_positive(S& s, V const& x, V const& y) {
  // A larger y does what this one does.
  auto const most = s.splat_like(x, pow_constants<T>::most);
  auto const least = s.splat_like(x, -pow_constants<T>::most);
  auto const not_below = s.max(y, least);
  auto const exponent = s.min(not_below, most);
  auto const logarithm = log_in_two_words<T>(s, x);
  auto const product = multiply_words(s, logarithm, exponent);
  auto const lowest = s.splat_like(x, exp_constants<T>::lowest);
  auto const highest = s.splat_like(x, exp_constants<T>::highest);
  auto const above = s.max(product.high, lowest);
  auto const high = s.min(above, highest);
  auto const zero = s.splat_like(x, T{0});
  auto const is_within = s.equal(high, product.high);
  auto const low = s.select(is_within, product.low, zero);
  auto const parts = exp_of_words<T>(s, high, low);
  return exp_of_parts<T>(s, parts);
}

/// x to the power of y, within 0.8 units in the last place: 1 where y is 0 or x is 1, not a number
/// where x is below 0 and y no whole number; zeros and infinities as C's pow has them.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V pow(S& s, V const& x, V const& y) {
  auto const zero = s.splat_like(x, T{0});
  auto const one = s.splat_like(x, T{1});
  auto const infinity = s.splat_like(x, static_cast<T>(__builtin_inf()));
  auto const not_a_number = s.splat_like(x, static_cast<T>(__builtin_nan("")));
  auto const base = s.abs(x);
  auto const is_infinite = s.equal(base, infinity);
  auto const is_zero = s.equal(base, zero);
  auto const finite = s.select(is_infinite, one, base);
  auto const positive = s.select(is_zero, one, finite);
  auto const power = power_of_positive<T>(s, positive, y);
  // A negative number has no powers but whole ones.
  auto const whole = s.nearest(y);
  auto const is_whole = s.equal(whole, y);
  auto const is_negative = s.less(x, zero);
  auto const of_fraction = s.select(is_negative, not_a_number, power);
  auto const usual = s.select(is_whole, power, of_fraction);
  // Of 0 and infinity.
  auto const minus_y = s.negate(y);
  auto const of_infinity = s.select(is_infinite, y, zero);
  auto const direction = s.select(is_zero, minus_y, of_infinity);
  auto const grows = s.less(zero, direction);
  auto const falls = s.less(direction, zero);
  auto const grown = s.select(grows, infinity, usual);
  auto const magnitude = s.select(falls, zero, grown);
  // Odd powers have the sign of x.
  auto const half = s.splat_like(x, T(0.5));
  auto const half_y = s.multiply(y, half);
  auto const whole_half = s.nearest(half_y);
  auto const is_even = s.equal(whole_half, half_y);
  auto const sign_of_whole = s.select(is_even, one, x);
  auto const sign = s.select(is_whole, sign_of_whole, one);
  auto const signed_power = s.copy_sign(magnitude, sign);
  // Even of what is not a number.
  auto const is_one = s.equal(x, one);
  auto const unless_one = s.select(is_one, one, signed_power);
  auto const has_no_power = s.equal(y, zero);
  return s.select(has_no_power, one, unless_one);
}

/// The same of integers, which wrap: 0 where y is below 0, but for the powers of 1 and -1.
template <std::integral T, stage S, class V>
INLAY_INLINE constexpr V pow(S& s, V const& x, V const& y) {
  auto const zero = s.splat_like(x, T{0});
  auto const one = s.splat_like(x, T{1});
  V power = one;
  V base = x;
  V rest = y;
  for (std::size_t bit = 0; bit + 1 < 8 * sizeof(T); ++bit) {
    auto const last = s.bit_and(rest, one);
    auto const is_even = s.equal(last, zero);
    auto const product = s.multiply(power, base);
    power = s.select(is_even, power, product);
    base = s.multiply(base, base);
    rest = s.template shift_right<1>(rest);
  }
  // |y| modulo 2 says all of the powers of -1.
  auto const magnitude = s.abs(x);
  auto const is_unit = s.equal(magnitude, one);
  auto const inverse = s.select(is_unit, power, zero);
  auto const is_negative = s.less(y, zero);
  return s.select(is_negative, inverse, power);
}

INLAY_END_TARGET
