// Between the types of elements of xsimd's batches.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstdint>

#include "inlay/core/least_value.hpp"
#include "inlay/stage/scalar.hpp"
#include "inlay/stage/xsimd/bits.hpp"
#include "inlay/stage/xsimd/numbers.hpp"

INLAY_BEGIN_TARGET

/// What instructions do not exist for everywhere is computed by the scalar stage, lane by lane.
template <rounding Rounding> struct xsimd_conversions : xsimd_bits, xsimd_numbers<Rounding> {
  /// The nearest integer, halves to even. |x| must be below 2^22, or 2^31 for doubles.
  template <class V> INLAY_INLINE static auto round_to_integer(V const& x) {
    using T = typename V::element;
    using integers = xsimd_tools::same_lanes<std::int32_t, V>;
    // As in the scalar stage: the addition itself rounds.
    if constexpr (std::same_as<T, float>) {
      auto const magic = xsimd_tools::set<V>(0x1.8p23f);
      auto const shifted = xsimd_tools::bits(numbers::add(x, magic));
      return xsimd_tools::from_bits<integers>(shifted - xsimd_tools::bits(magic));
    } else {
      auto const magic = xsimd_tools::set<V>(0x1.8p52);
      auto const shifted = numbers::add(x, magic);
      return xsimd_tools::convert<std::int32_t>(numbers::subtract(shifted, magic));
    }
  }

  /// To another type of element.
  template <class To, class V> INLAY_INLINE static auto convert(V const& x) {
    using From = typename V::element;
    if constexpr (std::same_as<To, bool>) {
      return to_bools(is_true(x));
    } else if constexpr (std::same_as<To, From>) {
      return x;
    } else if constexpr (std::integral<To> && std::integral<From>) {
      return xsimd_tools::convert<To>(x);
    } else if constexpr (std::floating_point<To> && std::integral<From>) {
      return to_real<To>(x);
    } else if constexpr (std::floating_point<To>) {
      return xsimd_tools::convert<To>(x);
    } else if constexpr (std::same_as<From, float> && std::same_as<To, std::int32_t>) {
      // 2^31 is no integer: it is converted as the float below it, and then is the integer below.
      auto const least = xsimd_tools::set<V>(-0x1p31f);
      auto const most = xsimd_tools::set<V>(0x1.fffffep30f);
      auto const near = numbers::min(numbers::max(number_or_zero(x), least), most);
      auto const whole = xsimd_tools::convert<To>(near);
      auto const last = xsimd_tools::set<xsimd_tools::same_lanes<To, V>>(largest_value<To>());
      return select(less(most, x), last, whole);
    } else if constexpr (std::same_as<From, float> && sizeof(To) < 4) {
      auto const whole = xsimd_tools::convert<std::int32_t>(within<To>(number_or_zero(x)));
      return xsimd_tools::convert<To>(whole);
    } else {
      return xsimd_tools::by_lane<To>([](From y) { return scalar::convert<To>(y); }, x);
    }
  }

  /// To the nearest integer that there is, halves to even.
  template <std::integral To, class V> INLAY_INLINE static auto round(V const& x) {
    return convert<To>(numbers::nearest(x));
  }

  /// An integer of 32 bits as the nearest one that there is.
  template <std::integral To, class V> INLAY_INLINE static auto saturate(V const& n) {
    static_assert(std::same_as<typename V::element, std::int32_t> && sizeof(To) < 4);
    return xsimd_tools::convert<To>(within<To>(n));
  }

 private:
  using numbers = xsimd_numbers<Rounding>;

  template <class V> INLAY_INLINE static V number_or_zero(V const& x) {
    return select(is_nan(x), xsimd_tools::set<V>(0), x);
  }
  /// The nearest number that an integer of less than 32 bits can be near to.
  template <class To, class V> INLAY_INLINE static V within(V const& x) {
    using From = typename V::element;
    auto const least = xsimd_tools::set<V>(static_cast<From>(least_value<To>()));
    auto const most = xsimd_tools::set<V>(static_cast<From>(largest_value<To>()));
    return numbers::min(numbers::max(x, least), most);
  }
  template <class To, class V> INLAY_INLINE static auto to_real(V const& n) {
    using From = typename V::element;
    if constexpr (sizeof(From) < 4) {
      return to_real<To>(xsimd_tools::convert<std::int32_t>(n));
    } else if constexpr (sizeof(From) == sizeof(To) ||
                         (std::same_as<From, std::int32_t> && sizeof(To) == 8)) {
      return xsimd_tools::convert<To>(n);
    } else {
      // Rounded once: a double between would round twice.
      return xsimd_tools::by_lane<To>([](From y) { return scalar::convert<To>(y); }, n);
    }
  }
};

INLAY_END_TARGET
