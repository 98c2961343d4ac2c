// The error function, and what GELU takes from it, in stage operations.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>

#include "inlay/kernel/math-inl.hpp"
#include "inlay/kernel/polynomial-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// erf(x) = x + x·(a0 + a1·x² + …) for |x| < 0.92; else 1 - exp(-(b0 + b1·x + …)) up to `most`,
/// from where it is 1. The coefficients are those of the least error.
template <class T> struct erf_constants;

template <> struct erf_constants<float> {
  static constexpr float most = 3.95f;
  static constexpr float near[] = {0x1.06eba8p-3f,  -0x1.812740p-2f, 0x1.ce2d64p-4f,
                                   -0x1.b80118p-6f, 0x1.5449cep-8f,  -0x1.a60414p-11f,
                                   0x1.4f4ba2p-14f};
  static constexpr float far[] = {-0x1.9a5504p-13f, -0x1.20af58p+0f, -0x1.463cd0p-1f,
                                  -0x1.a9b36ep-4f,  0x1.6c285ep-6f,  -0x1.8edbaap-9f,
                                  0x1.9ada94p-13f};
};
template <> struct erf_constants<double> {
  static constexpr double most = 5.95;
  static constexpr double near[] = {
      0x1.06eba8214db69p-3,  -0x1.812746b0379e0p-2,  0x1.ce2f21a0425bfp-4,  -0x1.b82ce3126735bp-6,
      0x1.565bcd087e4bap-8,  -0x1.c02db2c32b591p-11, 0x1.f9a2fcd09df34p-14, -0x1.f4cea84411e26p-17,
      0x1.b9aef99dc42abp-20, -0x1.5d443411c2323p-23, 0x1.e085ed6882c8cp-27, -0x1.ca9fadf48b8aap-31};
  static constexpr double far[] = {
      -0x1.79bf1ed222aa0p-34, -0x1.20dd759bd5247p+0,  -0x1.45f2f89d357acp-1,
      -0x1.a4f7610ecc54fp-4,  0x1.3989665985befp-6,   0x1.8bf51cf502477p-13,
      -0x1.b2e127a091636p-10, 0x1.19c2817828d3cp-11,  0x1.15b8b30a39a00p-15,
      -0x1.ec6ecbfc846e2p-14, 0x1.1cfe2a71636c8p-14,  -0x1.ac1b2f3ac5a27p-16,
      0x1.e1280771dce55p-18,  -0x1.a4386297fb19fp-20, 0x1.1e75eda6b64c0p-22,
      -0x1.2c79a55f36c3bp-25, 0x1.d5756fb7b4144p-29,  -0x1.0177f6ee1640fp-32,
      0x1.61d79e9642193p-37,  -0x1.ca4dc990db820p-43};
};

/// The error function, 2/√π times the integral of exp(-t²) from 0 to x: within 1.1 units in the
/// last place.
template <std::floating_point T, stage S, class V> INLAY_INLINE constexpr V erf(S& s, V const& x) {
  using constants = erf_constants<T>;
  auto const square = s.multiply(x, x);
  auto const p = polynomial<T>(s, square, constants::near);
  auto const magnitude = s.abs(x);
  auto const near = s.fma(p, magnitude, magnitude);
  auto const most = s.splat_like(x, constants::most);
  auto const clamped = s.min(magnitude, most);
  auto const logarithm = polynomial<T>(s, clamped, constants::far);
  auto const rest = exp_within<T>(s, logarithm);
  auto const one = s.splat_like(x, T{1});
  auto const far = s.subtract(one, rest);
  auto const last_near = s.splat_like(x, T(0.92));
  auto const is_near = s.less(magnitude, last_near);
  auto const result = s.select(is_near, near, far);
  return s.copy_sign(result, x);
}

/// x·Φ(x) for the normal distribution Φ is x/2 + x²·(a0 + a1·x² + …) for |x| < 0.7. Else it is
/// max(x, 0) - exp(-x²/2)·(b0 + t·(b1 + b2·t + …)), where t = (|x| - middle) / (|x| + middle). The
/// coefficients are those of the least relative error; b0 has two words.
template <class T> struct gelu_constants;

template <> struct gelu_constants<float> {
  static constexpr float most = 14.5f;  // above, the result rounds to max(x, 0)
  static constexpr float middle = 1.5f;
  static constexpr float near[] = {0x1.988454p-2f, -0x1.1058f2p-4f, 0x1.4707d8p-7f,
                                   -0x1.3c4ef4p-10f, 0x1.0dc066p-13f};
  static constexpr float far_high = 0x1.3c144p-2f;
  static constexpr float far_low = 0x1.92e186p-29f;
  static constexpr float far[] = {
      0x1.b06054p-3f,  -0x1.02a844p-3f, -0x1.445e34p-6f, 0x1.232044p-6f,  0x1.617278p-7f,
      0x1.9b8172p-11f, -0x1.365344p-9f, -0x1.0f8d62p-9f, -0x1.dcc66p-11f, 0x1.49caaap-10f};
};
template <> struct gelu_constants<double> {
  static constexpr double most = 39;
  static constexpr double middle = 2.5;
  static constexpr double near[] = {
      0x1.9884533d43651p-2,   -0x1.1058377e2cec1p-4,  0x1.46d0429765d68p-7,
      -0x1.37403f697cf47p-10, 0x1.e42b0beae8fa2p-14,  -0x1.3ce8b8892c21bp-17,
      0x1.657bc0caf55e3p-21,  -0x1.604ea61994006p-25, 0x1.1816a6cca2273p-29};
  static constexpr double far_high = 0x1.69cee6bdcc0e7p-2;
  static constexpr double far_low = -0x1.ad25c2ca7e458p-56;
  static constexpr double far[] = {
      0x1.1784028488c3dp-3,   -0x1.34f21ea46f626p-3,  0x1.213b55abcddeep-4,
      -0x1.d4a35e3736d36p-9,  -0x1.272888f8cad21p-7,  0x1.dec0b87e966e6p-12,
      0x1.b0310dbe7eaaap-10,  0x1.c81ba25f157d4p-13,  -0x1.33a29f07bd87ap-12,
      -0x1.266c3c2ca2d1p-13,  0x1.4056e0aa125f6p-16,  0x1.684efcfecac93p-15,
      0x1.df6b95ef5e531p-17,  -0x1.3c4237b252715p-18, -0x1.abbd2db6dc5e2p-18,
      -0x1.2532215ac7657p-19, 0x1.b64a5b6e35acfp-22,  0x1.28da9440b3737p-20,
      0x1.bcd615fb5fa4cp-21,  -0x1.b36a39697ea43p-23, -0x1.da27a15cd43fbp-22,
      0x1.1443f4886fd89p-24,  0x1.a630749f7c5f5p-25};
};

/// x·Φ(x) = x/2 · (1 + erf(x/√2)), within 2 units in the last place.
template <std::floating_point T, stage S, class V> INLAY_INLINE constexpr V gelu(S& s, V const& x) {
  using constants = gelu_constants<T>;
  auto const half = s.splat_like(x, T(0.5));
  auto const zero = s.splat_like(x, T{0});
  auto const x_square = s.multiply(x, x);
  auto const p = polynomial<T>(s, x_square, constants::near);
  auto const half_x = s.multiply(x, half);
  auto const near = s.fma(p, x_square, half_x);
  auto const magnitude = s.abs(x);
  auto const most = s.splat_like(x, constants::most);
  auto const clamped = s.min(magnitude, most);
  auto const square = multiply_exactly(s, clamped, clamped);
  auto const minus_half = s.splat_like(x, T(-0.5));
  auto const high = s.multiply(square.high, minus_half);
  auto const low = s.multiply(square.low, minus_half);
  auto const lowest = s.splat_like(x, exp_constants<T>::lowest);
  auto const power_of = s.max(high, lowest);
  auto const power = exp_of_words<T>(s, power_of, low);
  auto const middle = s.splat_like(x, constants::middle);
  auto const numerator = s.subtract(clamped, middle);
  auto const denominator = s.add(clamped, middle);
  auto const t = s.divide(numerator, denominator);
  auto const far_high = s.splat_like(x, constants::far_high);
  auto const far_low = s.splat_like(x, constants::far_low);
  auto const further = polynomial<T>(s, t, constants::far);
  auto const added = s.multiply(further, t);
  auto const sum = add_smaller(s, far_high, added);
  auto const sum_low = s.add(sum.low, far_low);
  two_words<V> const factor{sum.high, sum_low};
  auto const tail = exp_of_parts<T>(s, power, factor);
  auto const positive = s.max(x, zero);
  auto const far = s.subtract(positive, tail);
  auto const last_near = s.splat_like(x, T(0.7));
  auto const is_near = s.less(magnitude, last_near);
  return s.select(is_near, near, far);
}

/// 2·√(2/π) and 0.044715 times that, in two words.
template <class T> struct gelu_tanh_constants;
template <> struct gelu_tanh_constants<float> {
  static constexpr float most = 12.0f;  // above, the power rounds to 0
  static constexpr float linear_high = 0x1.988454p+0f;
  static constexpr float linear_low = -0x1.857936p-25f;
  static constexpr float cubic_high = 0x1.2444f2p-4f;
  static constexpr float cubic_low = 0x1.49b16ap-29f;
};
template <> struct gelu_tanh_constants<double> {
  static constexpr double most = 24;  // above, the power rounds to 0
  static constexpr double linear_high = 0x1.9884533d43651p+0;
  static constexpr double linear_low = -0x1.cbc0d30ebfd15p-54;
  static constexpr double cubic_high = 0x1.2444f2a4d8b4bp-4;
  static constexpr double cubic_low = -0x1.6c843a29d1c7p-61;
};

/// x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))) = x / (1 + exp(-2·√(2/π)·(x + 0.044715·x³))), within
/// 1.6 units in the last place.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V gelu_by_tanh(S& s, V const& x) {
  using constants = gelu_tanh_constants<T>;
  auto const magnitude = s.abs(x);
  auto const most = s.splat_like(x, constants::most);
  auto const clamped = s.min(magnitude, most);
  auto const square = multiply_exactly(s, clamped, clamped);
  auto const cubic_high = s.splat_like(x, constants::cubic_high);
  auto const cubic_low = s.splat_like(x, constants::cubic_low);
  auto const linear_high = s.splat_like(x, constants::linear_high);
  auto const linear_low = s.splat_like(x, constants::linear_low);
  two_words<V> const cubic{cubic_high, cubic_low};
  auto const product = multiply_words(s, square, cubic);
  auto const sum = add_exactly(s, linear_high, product.high);
  auto const low_words = s.add(linear_low, product.low);
  auto const sum_low = s.add(sum.low, low_words);
  two_words<V> const slope{sum.high, sum_low};
  auto const argument = multiply_words(s, slope, clamped);
  auto const high = s.negate(argument.high);
  auto const low = s.negate(argument.low);
  // Below, the result rounds to 0.
  auto const lowest = s.splat_like(x, exp_constants<T>::lowest * T(1.125));
  auto const power_of = s.max(high, lowest);
  auto const parts = exp_of_words<T>(s, power_of, low);
  auto const power = exp_of_parts<T>(s, parts);
  auto const zero = s.splat_like(x, T{0});
  auto const is_negative = s.less(x, zero);
  two_words<V> const factor{clamped, zero};
  auto const scaled = exp_of_parts<T>(s, parts, factor);
  auto const negated = s.negate(scaled);
  auto const numerator = s.select(is_negative, negated, x);
  auto const share = divide_by_more_than_one<T>(s, numerator, power);
  auto const is_large = s.less(most, x);
  return s.select(is_large, x, share);
}

INLAY_END_TARGET
