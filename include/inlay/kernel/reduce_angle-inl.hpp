// Angles without whole quarters of a turn.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include "inlay/kernel/polynomial-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// π/2 as a sum of three numbers, 2/π, and for each `step` of exponents the rest of 2/π ·
/// 2^(step·i) without whole multiples of 4, as a sum of five.
template <class T> struct angle_constants;

template <> struct angle_constants<float> {
  static constexpr float largest_near = 0x1p15f;  // up to which three numbers suffice
  static constexpr float half_pi[] = {0x1.921fb6p0f, -0x1.777a5cp-25f, -0x1.ee59dap-50f};
  static constexpr float two_over_pi = 0x1.45f306p-1f;
  static constexpr float step = 0x1p32f;
  static constexpr float first_step = 0x1p55f;  // from which 2^-32 times a number is whole
  static constexpr float rests[][5] = {
      {0x1.45f306p-1f, 0x1.b9391p-26f, 0x1.529fc2p-52f, 0x1.d5f47ep-78f, -0x1.65912p-103f},
      {-0x1.b1bbeap0f, -0x1.ac07b2p-25f, 0x1.5f47d4p-50f, 0x1.a6ee06p-75f, 0x1.b6295ap-100f},
      {0x1.fc2758p0f, -0x1.70565ap-27f, 0x1.dc0db6p-52f, 0x1.4acc9ep-79f, 0x1.0e4108p-106f},
      {0x1.f534dep0f, -0x1.f924ecp-27f, 0x1.5993c4p-52f, 0x1.c821p-79f, -0x1.ae9c54p-104f},
  };
};

template <> struct angle_constants<double> {
  static constexpr double largest_near = 0x1p20;
  static constexpr double half_pi[] = {0x1.921fb54442d18p0, 0x1.1a62633145c07p-54,
                                       -0x1.f1976b7ed8fbcp-110};
  static constexpr double two_over_pi = 0x1.45f306dc9c883p-1;
  static constexpr double step = 0x1p64;
  static constexpr double first_step = 0x1p116;
  static constexpr double rests[][5] = {
      {0x1.45f306dc9c883p-1, -0x1.6b01ec5417056p-55, -0x1.6447e493ad4cep-109,
       0x1.e21c820ff28b2p-163, -0x1.508510ea79237p-218},
      {0x1.fc2757d1f534ep0, -0x1.1f924eb53361ep-55, 0x1.c820ff28b1d5fp-111, -0x1.443a9e48db91cp-168,
       -0x1.6f6c8b47fe6dbp-222},
      {0x1.b6c52b3278872p-1, 0x1.07f9458eaf7afp-58, -0x1.d4f246dc8e2dfp-115, 0x1.374b801924bbbp-170,
       -0x1.f62e6de301e21p-224},
      {0x1.fe5163abdebbcp0, 0x1.586dc91b8e909p-54, 0x1.ba5c00c925dd4p-109, 0x1.3a32439fc3bd6p-165,
       0x1.cb129a73ee882p-220},
      {0x1.b7246e3a424ddp0, 0x1.700324977504fp-55, -0x1.cdbc603c429c7p-109, 0x1.894d39f74411bp-163,
       -0x1.5a28976f62cc7p-221},
      {0x1.924bba8274648p-6, 0x1.cfe1deb1cb12ap-60, -0x1.63045df7282b4p-114,
       -0x1.44bb7b16638fep-168, 0x1.ad17df904e647p-222},
      {0x1.fc3bd63962535p-1, -0x1.822efb9415a29p-57, 0x1.a24274ce38136p-111,
       -0x1.741037d8cdc54p-165, 0x1.cc1a99cfa4e42p-219},
      {-0x1.177dca0ad144cp0, 0x1.213a671c09ad1p-54, 0x1.f7e413991d63ap-108, -0x1.f2b3182d8dee8p-162,
       -0x1.d1081b5f13802p-218},
      {0x1.d338e04d68bfp-1, -0x1.bec66e29c67cbp-56, 0x1.9cfa4e422fc5ep-111, -0x1.036be27003b4p-167,
       -0x1.0fd33f8086877p-227},
      {0x1.3991d63983534p0, -0x1.82d8dee81d108p-54, -0x1.b5f13801da001p-110, 0x1.e05980fef2f12p-164,
       -0x1.d297d64b824b2p-218},
      {0x1.3908bf177bf25p-1, 0x1.d8ffc4bffef03p-59, -0x1.9fc04343b9d29p-114,
       -0x1.f592e092c9813p-168, -0x1.b069ec9161738p-225},
      {-0x1.c00ed00043f4dp-1, 0x1.fde5e2316b415p-61, -0x1.2e092c98130d8p-116,
       -0x1.a7b24585ce04dp-171, 0x1.3cbfd45aea4f7p-225},
      {-0x1.0d0ee74a5f593p-4, 0x1.f6d367ecf27cbp-60, 0x1.36e9e8c7ecd3dp-117,
       -0x1.00ae9456c229cp-171, -0x1.41a0e84c2f8c6p-228},
      {-0x1.25930261b069fp-1, 0x1.b74f463f669e6p-56, -0x1.5d28ad8453814p-116,
       -0x1.a0e84c2f8c608p-172, -0x1.d6b5b45650128p-226},
      {-0x1.61738132c3403p-1, 0x1.16ba93dd63f5fp-55, 0x1.7c5ecf41ce7dep-110, 0x1.4a525d4d7f6bfp-165,
       0x1.88fc6ae842b02p-219},
      {0x1.7527bac7ebe5fp0, 0x1.7b3d0739f78a5p-56, 0x1.497535fdafd89p-111, -0x1.ca8bdea7f33eep-170,
       -0x1.038494540f304p-224},
  };
};

/// n · π/2 + rest, where |rest| is at most about π/4.
template <class V, class Integers> struct reduced_angle {
  Integers n;
  two_words<V> rest;
};
template <class V, class Integers>
INLAY_INLINE constexpr reduced_angle<V, Integers> make_angle(Integers const& n,
                                                             two_words<V> const& rest) {
  return {n, rest};
}

/// Of an angle up to `largest_near`.   *Source*: W. J. Cody, W. Waite, Software Manual for the
/// Elementary Functions, 1980. The first product leaves what a number can hold.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr auto reduce_near(S& s, V const& x) {
  using constants = angle_constants<T>;
  auto const two_over_pi = s.splat_like(x, constants::two_over_pi);
  auto const quarters = s.multiply(x, two_over_pi);
  auto const n = s.round_to_integer(quarters);
  auto const whole = s.template convert<T>(n);
  auto const minus_first = s.splat_like(x, -constants::half_pi[0]);
  auto const minus_second = s.splat_like(x, -constants::half_pi[1]);
  auto const minus_third = s.splat_like(x, -constants::half_pi[2]);
  auto const coarse = s.fma(whole, minus_first, x);
  auto const second = multiply_exactly(s, whole, minus_second);
  auto const sum = add_exactly(s, coarse, second.high);
  auto const lost = s.add(sum.low, second.low);
  auto const low = s.fma(whole, minus_third, lost);
  return make_angle(n, add_smaller(s, sum.high, low));
}

/// A number without whole multiples of 4, but for its sign.
template <class T, stage S, class V> INLAY_INLINE constexpr V without_fours(S& s, V const& x) {
  auto const quarter = s.splat_like(x, T(0.25));
  auto const minus_four = s.splat_like(x, T{-4});
  auto const scaled = s.multiply(x, quarter);
  auto const whole = s.nearest(scaled);
  return s.fma(whole, minus_four, x);
}

/// The sum of numbers as if it were computed with three times the digits.   *Source*: T. Ogita,
/// S. M. Rump, S. Oishi, Accurate sum and dot product, 2005.
template <class V> struct long_sum {
  V high;
  V middle;
  V low;

  template <stage S> INLAY_INLINE constexpr long_sum plus(S& s, V const& x) const {
    auto const first = add_exactly(s, high, x);
    auto const second = add_exactly(s, middle, first.low);
    auto const rest = s.add(low, second.low);
    return {first.high, second.high, rest};
  }
};

/// Of an angle from `largest_near` on.   *Source*: M. H. Payne, R. N. Hanek, Radian reduction for
/// trigonometric functions, 1983: x · 2/π is needed only from the multiples of 4 on. What is left
/// of 2^(step·i) · 2/π without those makes up for x · 2^-(step·i), which is whole.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr auto reduce_large(S& s, V const& x) {
  using constants = angle_constants<T>;
  constexpr std::size_t steps = std::extent_v<decltype(constants::rests)>;
  auto const magnitude = s.abs(x);
  auto h0 = s.splat_like(x, constants::rests[0][0]);
  auto h1 = s.splat_like(x, constants::rests[0][1]);
  auto h2 = s.splat_like(x, constants::rests[0][2]);
  auto h3 = s.splat_like(x, constants::rests[0][3]);
  auto h4 = s.splat_like(x, constants::rests[0][4]);
  auto f = x;
  auto begin = constants::first_step;
  auto const scale = s.splat_like(x, 1 / constants::step);
  for (std::size_t i = 1; i < steps; ++i) {
    auto const& rest = constants::rests[i];
    auto const from = s.splat_like(x, begin);
    auto const is_here = s.less_or_equal(from, magnitude);
    auto const pick = [&](V const& before, T part) INLAY_INLINE_LAMBDA {
      auto const here = s.splat_like(before, part);
      return s.select(is_here, here, before);
    };
    h0 = pick(h0, rest[0]);
    h1 = pick(h1, rest[1]);
    h2 = pick(h2, rest[2]);
    h3 = pick(h3, rest[3]);
    h4 = pick(h4, rest[4]);
    auto const scaled = s.multiply(f, scale);
    f = s.select(is_here, scaled, f);
    if (i + 1 < steps) begin *= constants::step;
  }
  auto const p0 = multiply_exactly(s, f, h0);
  auto const p1 = multiply_exactly(s, f, h1);
  auto const p2 = multiply_exactly(s, f, h2);
  auto const p3 = multiply_exactly(s, f, h3);
  auto const p4 = s.multiply(f, h4);
  auto const zero = s.splat_like(x, T{0});
  long_sum<V> sum{without_fours<T>(s, p0.high), zero, zero};
  sum = sum.plus(s, without_fours<T>(s, p0.low));
  sum = sum.plus(s, without_fours<T>(s, p1.high));
  sum = sum.plus(s, without_fours<T>(s, p1.low));
  sum = sum.plus(s, without_fours<T>(s, p2.high));
  sum = sum.plus(s, p2.low);
  sum = sum.plus(s, p3.high);
  sum = sum.plus(s, p3.low);
  sum = sum.plus(s, p4);
  auto const n = s.round_to_integer(sum.high);
  auto const whole = s.template convert<T>(n);
  auto const fraction = s.subtract(sum.high, whole);
  auto const coarse = add_exactly(s, fraction, sum.middle);
  auto const low = s.add(coarse.low, sum.low);
  auto const quarters = add_exactly(s, coarse.high, low);
  two_words<V> const half_pi{s.splat_like(x, constants::half_pi[0]),
                             s.splat_like(x, constants::half_pi[1])};
  auto const rest = multiply_words(s, quarters, half_pi);
  return make_angle(n, add_smaller(s, rest.high, rest.low));
}

INLAY_END_TARGET
