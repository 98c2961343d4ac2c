// Polynomials, and sums and products of twice the digits, in stage operations.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>

#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// c0 + c1·x + c2·x² + …, from the last one on (Horner).
template <class T, stage S, class V, std::size_t Count>
INLAY_INLINE constexpr V polynomial(S& s, V const& x, T const (&coefficients)[Count]) {
  auto p = s.splat_like(x, coefficients[Count - 1]);
  for (std::size_t i = Count - 1; i > 0; --i) {
    auto const c = s.splat_like(x, coefficients[i - 1]);
    p = s.fma(p, x, c);
  }
  return p;
}

/// A number of twice the digits: high + low, where |low| is at most half a unit in the last place
/// of `high`.   *Source*: T. J. Dekker, A floating-point technique for extending the available
/// precision, 1971. Its exactness needs a fused multiply-add of one rounding.
template <class V> struct two_words {
  V high;
  V low;
};

/// a + b, exactly, where b has no larger exponent than a, or a is 0.
template <stage S, class V>
INLAY_INLINE constexpr two_words<V> add_smaller(S& s, V const& a, V const& b) {
  auto const high = s.add(a, b);
  auto const added = s.subtract(high, a);
  auto const low = s.subtract(b, added);
  return {high, low};
}
/// a + b, exactly.   *Source*: D. E. Knuth, The Art of Computer Programming, volume 2, 4.2.2.
template <stage S, class V>
INLAY_INLINE constexpr two_words<V> add_exactly(S& s, V const& a, V const& b) {
  auto const high = s.add(a, b);
  auto const second = s.subtract(high, a);
  auto const first = s.subtract(high, second);
  auto const rest_of_b = s.subtract(b, second);
  auto const rest_of_a = s.subtract(a, first);
  auto const low = s.add(rest_of_a, rest_of_b);
  return {high, low};
}
/// a · b, exactly.
template <stage S, class V>
INLAY_INLINE constexpr two_words<V> multiply_exactly(S& s, V const& a, V const& b) {
  auto const high = s.multiply(a, b);
  auto const negated = s.negate(high);
  auto const low = s.fma(a, b, negated);
  return {high, low};
}
/// a · b, but for the product of both low words.
template <stage S, class V>
INLAY_INLINE constexpr two_words<V> multiply_words(S& s, two_words<V> const& a,
                                                   two_words<V> const& b) {
  auto const product = multiply_exactly(s, a.high, b.high);
  auto const partly = s.fma(a.high, b.low, product.low);
  auto const low = s.fma(a.low, b.high, partly);
  return {product.high, low};
}
template <stage S, class V>
INLAY_INLINE constexpr two_words<V> multiply_words(S& s, two_words<V> const& a, V const& b) {
  auto const product = multiply_exactly(s, a.high, b);
  auto const low = s.fma(a.low, b, product.low);
  return {product.high, low};
}

/// a / (1 + b) for b from 0 to 1, within 0.6 units in the last place.
template <class T, stage S, class V>
INLAY_INLINE constexpr V divide_by_more_than_one(S& s, V const& a, V const& b) {
  auto const one = s.splat_like(b, T{1});
  auto const denominator = add_smaller(s, one, b);
  auto const reciprocal = s.divide(one, denominator.high);
  auto const quotient = s.multiply(a, reciprocal);
  auto const negated = s.negate(quotient);
  auto const coarse_rest = s.fma(negated, denominator.high, a);
  auto const rest = s.fma(negated, denominator.low, coarse_rest);
  return s.fma(rest, reciprocal, quotient);
}

INLAY_END_TARGET
