// Between the types of elements of Highway's vectors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstdint>

#include "inlay/core/least_value.hpp"
#include "inlay/stage/highway/bits.hpp"
#include "inlay/stage/scalar.hpp"

INLAY_BEGIN_TARGET

/// What instructions do not exist for everywhere is computed by the scalar stage, lane by lane.
struct highway_conversions : highway_bits {
  /// The nearest integer, halves to even. |x| must be below 2^22, or 2^31 for doubles.
  template <class V> INLAY_INLINE static auto round_to_integer(V const& x) {
    using T = hn::TFromV<V>;
    hn::DFromV<V> const d;
    highway_tools::same_lanes<std::int32_t, V> const integers;
    // As in the scalar stage: the addition itself rounds.
    if constexpr (std::same_as<T, float>) {
      auto const magic = hn::Set(d, 0x1.8p23f);
      auto const shifted = hn::Add(x, magic);
      return hn::Sub(hn::BitCast(integers, shifted), hn::BitCast(integers, magic));
    } else {
      auto const magic = hn::Set(d, 0x1.8p52);
      auto const shifted = hn::Add(x, magic);
      auto const whole = hn::Sub(shifted, magic);
      return hn::DemoteTo(integers, whole);
    }
  }

  /// To another type of element.
  template <class To, class V> INLAY_INLINE static auto convert(V const& x) {
    using From = hn::TFromV<V>;
    if constexpr (std::same_as<To, bool>) {
      auto const zero = hn::Zero(hn::DFromV<V>{});
      auto const is_zero = equal(x, zero);
      return to_bools(highway_mask<hn::DFromV<V>>{hn::Not(is_zero.lanes)});
    } else if constexpr (std::same_as<To, From>) {
      return x;
    } else if constexpr (std::integral<To> && std::integral<From>) {
      return resize<To>(x);
    } else if constexpr (std::floating_point<To> && std::integral<From>) {
      return to_real<To>(x);
    } else if constexpr (std::floating_point<To>) {
      highway_tools::same_lanes<To, V> const d;
      if constexpr (sizeof(To) > sizeof(From)) {
        return hn::PromoteTo(d, x);
      } else if constexpr (has_emulated_vectors) {  // where Highway never makes an infinity
        return highway_tools::by_lane<To>([](From y) { return scalar::convert<To>(y); }, x);
      } else {
        return hn::DemoteTo(d, x);
      }
    } else if constexpr (std::same_as<To, std::int32_t> && is_fast<From>) {
      return hn::ConvertTo(highway_tools::same_lanes<std::int32_t, V>{}, number_or_zero(x));
    } else if constexpr (sizeof(To) < 4 && is_fast<From>) {
      highway_tools::same_lanes<std::int32_t, V> const words;
      auto const whole = hn::ConvertTo(words, within<To>(x));
      return hn::DemoteTo(highway_tools::same_lanes<To, V>{}, whole);
    } else {
      return highway_tools::by_lane<To>([](From y) { return scalar::convert<To>(y); }, x);
    }
  }

  /// To the nearest integer that there is, halves to even.
  template <std::integral To, class V> INLAY_INLINE static auto round(V const& x) {
    using From = hn::TFromV<V>;
    if constexpr (is_fast<From> && std::same_as<To, std::int32_t>) {
      return hn::NearestInt(number_or_zero(x));
    } else if constexpr (is_fast<From> && sizeof(To) < 4) {
      return hn::DemoteTo(highway_tools::same_lanes<To, V>{}, hn::NearestInt(within<To>(x)));
    } else {
      return highway_tools::by_lane<To>([](From y) { return scalar::round<To>(y); }, x);
    }
  }

  /// An integer of 32 bits as the nearest one that there is.
  template <std::integral To, class V> INLAY_INLINE static auto saturate(V const& n) {
    static_assert(std::same_as<hn::TFromV<V>, std::int32_t> && sizeof(To) < 4);
    return hn::DemoteTo(highway_tools::same_lanes<To, V>{}, n);
  }

 private:
  template <class From>
  static constexpr bool is_fast = std::same_as<From, float> && !has_emulated_vectors;

  template <class V> INLAY_INLINE static V number_or_zero(V const& x) {
    return hn::IfThenZeroElse(hn::IsNaN(x), x);
  }
  /// The nearest number that an integer of less than 32 bits can be near to.
  template <class To, class V> INLAY_INLINE static V within(V const& x) {
    using From = hn::TFromV<V>;
    hn::DFromV<V> const d;
    auto const least = hn::Set(d, static_cast<From>(least_value<To>()));
    auto const most = hn::Set(d, static_cast<From>(largest_value<To>()));
    return hn::Min(hn::Max(number_or_zero(x), least), most);
  }
  template <class To, class V> INLAY_INLINE static auto resize(V const& n) {
    using From = hn::TFromV<V>;
    highway_tools::same_lanes<To, V> const d;
    if constexpr (sizeof(To) >= sizeof(From)) {
      return hn::BitCast(d, widen<To>(n));
    } else {
      hn::RebindToUnsigned<hn::DFromV<V>> const bits;
      hn::RebindToUnsigned<decltype(d)> const narrow;
      return hn::BitCast(d, hn::TruncateTo(narrow, hn::BitCast(bits, n)));
    }
  }
  template <class To, class V> INLAY_INLINE static auto to_real(V const& n) {
    using From = hn::TFromV<V>;
    highway_tools::same_lanes<To, V> const d;
    if constexpr (sizeof(From) < 4) {
      return to_real<To>(resize<std::int32_t>(n));
    } else if constexpr (sizeof(From) == sizeof(To) && !has_emulated_vectors) {
      return hn::ConvertTo(d, n);
    } else if constexpr (std::same_as<From, std::int32_t> && sizeof(To) == 8) {
      return hn::PromoteTo(d, n);
    } else {
      // Rounded once: a double between would round twice.
      return highway_tools::by_lane<To>([](From y) { return scalar::convert<To>(y); }, n);
    }
  }
};

INLAY_END_TARGET
