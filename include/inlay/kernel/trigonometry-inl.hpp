// Sine and cosine in stage operations: the same bits in every stage.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstdint>

#include "inlay/kernel/polynomial-inl.hpp"
#include "inlay/kernel/reduce_angle-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// sin(r) = r + r³·(s0 + s1·r² + …) and cos(r) = 1 - r²/2 + r⁴·(c0 + c1·r² + …) for |r| ≤ π/4.
template <class T> struct sine_constants;

/// *Source*: Cephes, sinf.c.
template <> struct sine_constants<float> {
  static constexpr float sine[] = {-1.6666654611e-1f, 8.3321608736e-3f, -1.9515295891e-4f};
  static constexpr float cosine[] = {4.166664568298827e-2f, -1.388731625493765e-3f,
                                     2.443315711809948e-5f};
};

/// *Source*: FDLIBM, k_sin.c and k_cos.c.
template <> struct sine_constants<double> {
  static constexpr double sine[] = {-1.66666666666666324348e-1, 8.33333333332248946124e-3,
                                    -1.98412698298579493134e-4, 2.75573137070700676789e-6,
                                    -2.50507602534068634195e-8, 1.58969099521155010221e-10};
  static constexpr double cosine[] = {4.16666666666666019037e-2, -1.38888888888741095749e-3,
                                      2.48015872894767294178e-5, -2.75573143513906633035e-7,
                                      2.08757232129817482790e-9, -1.13596475577881948265e-11};
};

/// The sine of what is left of an angle.
template <class T, stage S, class V>
INLAY_INLINE constexpr V sine_of_rest(S& s, two_words<V> const& r) {
  auto const square = s.multiply(r.high, r.high);
  auto const p = polynomial<T>(s, square, sine_constants<T>::sine);
  auto const cube = s.multiply(square, r.high);
  auto const half_less = s.splat_like(square, T(-0.5));
  auto const one = s.splat_like(square, T{1});
  // What the low word adds: as much as it is, times the cosine.
  auto const slope = s.fma(square, half_less, one);
  auto const added = s.multiply(r.low, slope);
  auto const curved = s.fma(cube, p, added);
  return s.add(r.high, curved);
}
/// Its cosine.
template <class T, stage S, class V>
INLAY_INLINE constexpr V cosine_of_rest(S& s, two_words<V> const& r) {
  auto const square = s.multiply(r.high, r.high);
  auto const p = polynomial<T>(s, square, sine_constants<T>::cosine);
  auto const half = s.splat_like(square, T(0.5));
  auto const one = s.splat_like(square, T{1});
  auto const parabola = s.multiply(square, half);
  auto const line = s.subtract(one, parabola);
  // What the subtraction has rounded away.
  auto const taken = s.subtract(one, line);
  auto const lost = s.subtract(taken, parabola);
  auto const fourth = s.multiply(square, square);
  auto const minus_low = s.negate(r.low);
  auto const turned = s.fma(r.high, minus_low, lost);
  auto const curved = s.fma(fourth, p, turned);
  return s.add(line, curved);
}

/// sin(x + Quarters · π/2), from the rest of x.
template <class T, int Quarters, stage S, class V, class Integers>
INLAY_INLINE constexpr V sine_of_reduced(S& s, reduced_angle<V, Integers> const& x) {
  auto const sine = sine_of_rest<T>(s, x.rest);
  auto const cosine = cosine_of_rest<T>(s, x.rest);
  auto const quarters = s.splat_like(x.n, std::int32_t{Quarters});
  auto const one = s.splat_like(x.n, std::int32_t{1});
  auto const two = s.splat_like(x.n, std::int32_t{2});
  auto const n = s.add(x.n, quarters);
  auto const odd = s.bit_and(n, one);
  auto const is_odd = s.equal(odd, one);
  auto const value = s.select(is_odd, cosine, sine);
  auto const lower = s.bit_and(n, two);
  auto const is_lower = s.equal(lower, two);
  auto const negated = s.negate(value);
  return s.select(is_lower, negated, value);
}
template <class T, int Quarters, stage S, class V>
INLAY_INLINE constexpr V sine_of_angle(S& s, V const& x) {
  auto const magnitude = s.abs(x);
  auto const most = s.splat_like(x, angle_constants<T>::largest_near);
  auto const is_large = s.less(most, magnitude);
  auto const zero = s.splat_like(x, T{0});
  auto const near = s.select(is_large, zero, x);
  auto const of_near = sine_of_reduced<T, Quarters>(s, reduce_near<T>(s, near));
  auto const of_large = [&]() INLAY_INLINE_LAMBDA {
    return sine_of_reduced<T, Quarters>(s, reduce_large<T>(s, x));
  };
  return s.select_rare(is_large, of_large, of_near);
}

/// The sine of an angle, within 0.78 units in the last place, whatever its size. Not a number
/// stays so, and infinity becomes it; -0 stays so.
template <std::floating_point T, stage S, class V> INLAY_INLINE constexpr V sin(S& s, V const& x) {
  auto const y = sine_of_angle<T, 0>(s, x);
  auto const zero = s.splat_like(x, T{0});
  auto const is_zero = s.equal(x, zero);
  return s.select(is_zero, x, y);
}

/// The cosine, likewise.
template <std::floating_point T, stage S, class V> INLAY_INLINE constexpr V cos(S& s, V const& x) {
  return sine_of_angle<T, 1>(s, x);
}

INLAY_END_TARGET
