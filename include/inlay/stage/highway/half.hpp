// Floats of 16 bits, as floats and back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstdint>

#include "inlay/core/small_types.hpp"
#include "inlay/stage/highway/target.hpp"

INLAY_BEGIN_TARGET

/// Whether instructions convert between float16 and float.
#if (HWY_ARCH_X86 && HWY_STATIC_TARGET <= HWY_AVX2 && !defined(HWY_DISABLE_F16C)) || \
    (HWY_ARCH_ARM_A64 && HWY_STATIC_TARGET < HWY_EMU128)
inline constexpr bool has_float16_conversions = true;
#else
inline constexpr bool has_float16_conversions = false;
#endif

/// Bits in vectors of uint16, numbers in vectors of float.
template <sixteen_bit_float T> struct highway_half;

template <> struct highway_half<bfloat16> {
  template <class V> INLAY_INLINE static auto to_float(V const& bits) {
    highway_tools::same_lanes<std::uint32_t, V> const words;
    return hn::BitCast(highway_tools::same_lanes<float, V>{},
                       hn::ShiftLeft<16>(hn::PromoteTo(words, bits)));
  }
  /// Rounded to the nearest, halves to even.
  template <class V> INLAY_INLINE static auto from_float(V const& x) {
    highway_tools::same_lanes<std::uint32_t, V> const words;
    auto const bits = hn::BitCast(words, x);
    auto const high = hn::ShiftRight<16>(bits);
    // A half more, but for a half beside an even number.
    auto const odd = hn::And(high, hn::Set(words, 1u));
    auto const more = hn::Add(odd, hn::Set(words, 0x7fffu));
    auto const rounded = hn::ShiftRight<16>(hn::Add(bits, more));
    auto const not_a_number = hn::Or(high, hn::Set(words, 0x40u));
    auto const is_nan = hn::RebindMask(words, hn::IsNaN(x));
    return hn::TruncateTo(highway_tools::same_lanes<std::uint16_t, V>{},
                          hn::IfThenElse(is_nan, not_a_number, rounded));
  }
};

template <> struct highway_half<float16> {
  template <class V> INLAY_INLINE static auto to_float(V const& bits) {
    highway_tools::same_lanes<float, V> const d;
    if constexpr (has_float16_conversions) {
      return hn::PromoteTo(d, hn::BitCast(highway_tools::same_lanes<hwy::float16_t, V>{}, bits));
    } else {
      highway_tools::same_lanes<std::int32_t, V> const words;
      auto const word =
          hn::BitCast(words, hn::PromoteTo(highway_tools::same_lanes<std::uint32_t, V>{}, bits));
      auto const sign = hn::ShiftLeft<16>(hn::And(word, hn::Set(words, 0x8000)));
      auto const magnitude = hn::And(word, hn::Set(words, 0x7fff));
      // With the exponent of a float, so that a power of two makes up for the other bias; exact
      // where there is no leading one, too.
      auto const shifted = hn::BitCast(d, hn::ShiftLeft<13>(magnitude));
      auto const number = hn::BitCast(words, hn::Mul(shifted, hn::Set(d, 0x1p112f)));
      auto const special = hn::Or(number, hn::Set(words, 0x7f800000));
      auto const is_special = hn::Gt(magnitude, hn::Set(words, 0x7bff));
      return hn::BitCast(d, hn::Or(sign, hn::IfThenElse(is_special, special, number)));
    }
  }
  /// Rounded to the nearest, halves to even; what is too large becomes infinity.
  template <class V> INLAY_INLINE static auto from_float(V const& x) {
    highway_tools::same_lanes<std::uint16_t, V> const halves;
    if constexpr (has_float16_conversions) {
      return hn::BitCast(halves, hn::DemoteTo(highway_tools::same_lanes<hwy::float16_t, V>{}, x));
    } else {
      highway_tools::same_lanes<std::int32_t, V> const words;
      auto const word = hn::BitCast(words, x);
      auto const sign = hn::And(hn::ShiftRight<16>(word), hn::Set(words, 0x8000));
      auto const magnitude = hn::And(word, hn::Set(words, 0x7fffffff));
      // A half more, but for a half beside an even number; then the other bias.
      auto const odd = hn::And(hn::ShiftRight<13>(magnitude), hn::Set(words, 1));
      auto const more = hn::Add(odd, hn::Set(words, 0xfff - (112 << 23)));
      auto const normal = hn::ShiftRight<13>(hn::Add(magnitude, more));
      // Behind 0.5 floats are as far apart as the smallest of 16 bits: the addition rounds.
      highway_tools::same_lanes<float, V> const d;
      auto const half = hn::Set(d, 0.5f);
      auto const sum = hn::Add(hn::BitCast(d, magnitude), half);
      auto const tiny = hn::Sub(hn::BitCast(words, sum), hn::BitCast(words, half));
      auto const is_tiny = hn::Lt(magnitude, hn::Set(words, 0x38800000));
      auto const is_large = hn::Gt(magnitude, hn::Set(words, 0x477fefff));
      auto const is_nan = hn::Gt(magnitude, hn::Set(words, 0x7f800000));
      auto const finite = hn::IfThenElse(is_tiny, tiny, normal);
      auto const number = hn::IfThenElse(is_large, hn::Set(words, 0x7c00), finite);
      auto const result = hn::IfThenElse(is_nan, hn::Set(words, 0x7e00), number);
      highway_tools::same_lanes<std::uint32_t, V> const bits;
      return hn::TruncateTo(halves, hn::BitCast(bits, hn::Or(sign, result)));
    }
  }
};

INLAY_END_TARGET
