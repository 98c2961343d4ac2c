// Between the types of numbers, one at a time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>

#include "inlay/core/config.hpp"
#include "inlay/core/least_value.hpp"
#include "inlay/stage/scalar/numbers.hpp"

INLAY_BEGIN_TARGET

struct scalar_conversions {
  /// The nearest integer, halves to even. |x| must be below 2^22.
  INLAY_INLINE static constexpr std::int32_t round_to_integer(float const& x) {
    // Adding 1.5·2^23 leaves no bits for a fraction, so the addition itself rounds.
    float const shifted = x + 0x1.8p23f;
    return std::bit_cast<std::int32_t>(shifted) - std::bit_cast<std::int32_t>(0x1.8p23f);
  }
  /// The nearest integer, halves to even. |x| must be below 2^31.
  INLAY_INLINE static constexpr std::int32_t round_to_integer(double const& x) {
    double const shifted = x + 0x1.8p52;
    return static_cast<std::int32_t>(std::bit_cast<std::int64_t>(shifted) -
                                     std::bit_cast<std::int64_t>(0x1.8p52));
  }
  /// To the type `To`: integers wrap, what is rounded goes to the nearest, halves to even; a number
  /// becomes an integer toward zero, one out of range the nearest one in it, and what is none 0.
  template <class To, class From> INLAY_INLINE static constexpr To convert(From const& x) {
    if constexpr (std::same_as<To, bool>) return x != From{0};
    else if constexpr (std::integral<To> && std::floating_point<From>) return within<To>(x);
    else return static_cast<To>(x);
  }
  /// To the nearest integer that there is, halves to even; what is not a number to 0.
  template <std::integral To, std::floating_point From>
  INLAY_INLINE static constexpr To round(From const& x) {
    return within<To>(scalar_numbers::nearest(x));
  }
  /// An integer of 32 bits as the nearest one that there is.
  template <std::integral To> INLAY_INLINE static constexpr To saturate(std::int32_t const& n) {
    constexpr std::int32_t least = least_value<To>();
    constexpr std::int32_t most = largest_value<To>();
    return static_cast<To>(n < least ? least : n > most ? most : n);
  }

 private:
  /// Toward zero, as far as there are integers.
  template <class To, class From> INLAY_INLINE static constexpr To within(From const& x) {
    // Powers of two, which no rounding changes.
    constexpr From past = static_cast<From>(largest_value<To>() / 2 + 1) * 2;
    if (x >= past) return largest_value<To>();
    if (x <= static_cast<From>(least_value<To>())) return least_value<To>();
    return x == x ? static_cast<To>(x) : To{0};
  }
};

INLAY_END_TARGET
