// The hyperbolic tangent, the logistic function and its integral, in stage operations.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>

#include "inlay/kernel/logarithm-inl.hpp"
#include "inlay/kernel/math-inl.hpp"
#include "inlay/kernel/polynomial-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// tanh(x) = x + x³·(c0 + c1·x² + …) for |x| < 0.625, of the least relative error.
template <class T> struct tanh_constants;

template <> struct tanh_constants<float> {
  static constexpr float most = 10.0f;  // above, the result rounds to 1
  static constexpr float coefficients[] = {-0x1.555532p-2f, 0x1.1106f6p-3f, -0x1.b835a6p-5f,
                                           0x1.51f8f0p-6f, -0x1.750df8p-8f};
};
template <> struct tanh_constants<double> {
  static constexpr double most = 20.0;
  static constexpr double coefficients[] = {
      -0x1.55555555554ffp-2,  0x1.111111110acd9p-3,  -0x1.ba1ba1b5069b1p-5,  0x1.664f477ae177bp-6,
      -0x1.226e162c12019p-7,  0x1.d6cf280489419p-9,  -0x1.7d68a26255804p-10, 0x1.33660bcbb8270p-11,
      -0x1.df5535a173040p-13, 0x1.439075379f9bap-14, -0x1.0da5bef9b2fb5p-16};
};

/// The hyperbolic tangent: 1 - 2 / (exp(2·|x|) + 1), with the sign of x, where that is far from 0.
/// Within 1.35 units in the last place.
template <std::floating_point T, stage S, class V> INLAY_INLINE constexpr V tanh(S& s, V const& x) {
  using constants = tanh_constants<T>;
  auto const magnitude = s.abs(x);
  auto const square = s.multiply(x, x);
  auto const p = polynomial<T>(s, square, constants::coefficients);
  auto const scaled = s.multiply(p, square);
  auto const near = s.fma(scaled, magnitude, magnitude);
  auto const most = s.splat_like(x, constants::most);
  auto const clamped = s.min(magnitude, most);
  auto const twice = s.add(clamped, clamped);
  auto const power = exp_within<T>(s, twice);
  auto const one = s.splat_like(x, T{1});
  auto const two = s.splat_like(x, T{2});
  auto const denominator = s.add(power, one);
  auto const quotient = s.divide(two, denominator);
  auto const far = s.subtract(one, quotient);
  auto const last_near = s.splat_like(x, T(0.625));
  auto const is_near = s.less(magnitude, last_near);
  auto const result = s.select(is_near, near, far);
  return s.copy_sign(result, x);
}

/// 1 / (1 + exp(-x)), within 1.5 units in the last place.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V sigmoid(S& s, V const& x) {
  // As exp(x) / (1 + exp(x)) where x is negative: no power is above 1.
  auto const magnitude = s.abs(x);
  auto const negated = s.negate(magnitude);
  auto const lowest = s.splat_like(x, exp_constants<T>::lowest);
  auto const clamped = s.max(negated, lowest);
  auto const zero = s.splat_like(x, T{0});
  auto const parts = exp_of_words<T>(s, clamped, zero);
  auto const power = exp_of_parts<T>(s, parts);
  auto const one = s.splat_like(x, T{1});
  auto const is_negative = s.less(x, zero);
  auto const numerator = s.select(is_negative, power, one);
  return divide_by_more_than_one<T>(s, numerator, power);
}

/// log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)), within 1.65 units in the last place.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V softplus(S& s, V const& x) {
  auto const magnitude = s.abs(x);
  auto const negated = s.negate(magnitude);
  auto const power = exp_of_nonpositive<T>(s, negated);
  auto const logarithm = log_of_one_plus<T>(s, power);
  auto const zero = s.splat_like(x, T{0});
  auto const positive = s.max(x, zero);
  return s.add(positive, logarithm);
}

INLAY_END_TARGET
