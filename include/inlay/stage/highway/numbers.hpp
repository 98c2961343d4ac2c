// Arithmetic on Highway's vectors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstdint>

#include "inlay/stage/highway/target.hpp"
#include "inlay/stage/rounding.hpp"
#include "inlay/stage/scalar.hpp"

INLAY_BEGIN_TARGET

/// All vectors of one call have as many elements, as many as a position of theirs.
template <rounding Rounding> struct highway_numbers {
  /// Whether one instruction yields a where a > b, or a < b, and b everywhere else.
  static constexpr bool has_ordered_max = HWY_ARCH_X86 && !has_emulated_vectors;
  /// Whether one instruction rounds to whole numbers, which keep their sign.
  static constexpr bool has_whole_numbers = (HWY_ARCH_X86 && HWY_STATIC_TARGET <= HWY_SSE4) ||
                                            (HWY_ARCH_ARM_A64 && !has_emulated_vectors);
  /// Whether every result has the bits that the scalar stage computes.
  static constexpr bool same_bits = has_fused_multiply_add || Rounding == rounding::exact;

  template <class T, class Lane = T> INLAY_INLINE static auto splat(T x) {
    return hn::Set(highway_tag<T, highway_width<Lane>>{}, static_cast<lane_of<T>>(x));
  }
  template <class V, class T> INLAY_INLINE static V splat_like(V const&, T x) {
    return hn::Set(hn::DFromV<V>{}, static_cast<hn::TFromV<V>>(x));
  }
  template <class T, class Lane = T> INLAY_INLINE static auto splat_index(host::index i) {
    return hn::Set(highway_tag<T, highway_width<Lane>>{}, static_cast<lane_of<T>>(i));
  }

  template <class V> INLAY_INLINE static V add(V const& a, V const& b) { return hn::Add(a, b); }
  template <class V> INLAY_INLINE static V subtract(V const& a, V const& b) {
    return hn::Sub(a, b);
  }
  template <class V> INLAY_INLINE static V multiply(V const& a, V const& b) {
    using T = hn::TFromV<V>;
    constexpr bool is_integer = std::integral<T>;
    if constexpr ((is_integer && (sizeof(T) == 1 || sizeof(T) == 8)) ||
                  (!is_integer && has_emulated_vectors)) {
      return highway_tools::by_lane<T>([](T x, T y) { return scalar::multiply(x, y); }, a, b);
    } else if constexpr (!is_integer && has_fused_multiply_add) {
      // GCC would fuse the product into an addition that follows. Adding -0 changes no product.
#if defined(__clang__)
      return hn::Mul(a, b);
#else
      return hn::MulAdd(a, b, hn::Set(hn::DFromV<V>{}, T{-0.0f}));
#endif
    } else {
      return hn::Mul(a, b);
    }
  }
  template <class V> INLAY_INLINE static V divide(V const& a, V const& b) {
    using T = hn::TFromV<V>;
    if constexpr (std::integral<T>) {
      return highway_tools::by_lane<T>([](T x, T y) { return scalar::divide(x, y); }, a, b);
    } else {
      return hn::Div(a, b);
    }
  }
  template <class V> INLAY_INLINE static V sqrt(V const& x) { return hn::Sqrt(x); }
  template <class V> INLAY_INLINE static V fma(V const& a, V const& b, V const& c) {
    using T = hn::TFromV<V>;
    if constexpr (std::integral<T>) {
      auto const product = multiply(a, b);
      return hn::Add(product, c);
    } else if constexpr (has_fused_multiply_add && !has_emulated_vectors) {
      return hn::MulAdd(a, b, c);
    } else if constexpr (has_fused_multiply_add || Rounding == rounding::exact) {
      return highway_tools::by_lane<T>([](T x, T y, T z) { return scalar::fma(x, y, z); }, a, b, c);
    } else {
      return hn::Add(hn::Mul(a, b), c);
    }
  }

  // Not with Ne(a, a), which Highway 1.0.3 calls false for what is not a number, on AVX2.
  template <class V> INLAY_INLINE static V max(V const& a, V const& b) {
    if constexpr (std::integral<hn::TFromV<V>>) return hn::Max(a, b);
    else if constexpr (has_ordered_max) return unless_number(a, hn::Max(a, b));
    else return hn::IfThenElse(hn::Or(hn::Gt(a, b), hn::IsNaN(a)), a, b);
  }
  template <class V> INLAY_INLINE static V min(V const& a, V const& b) {
    if constexpr (std::integral<hn::TFromV<V>>) return hn::Min(a, b);
    else if constexpr (has_ordered_max) return unless_number(a, hn::Min(a, b));
    else return hn::IfThenElse(hn::Or(hn::Lt(a, b), hn::IsNaN(a)), a, b);
  }
  template <class V> INLAY_INLINE static V abs(V const& x) {
    if constexpr (std::unsigned_integral<hn::TFromV<V>>) return x;
    else return hn::Abs(x);
  }
  template <class V> INLAY_INLINE static V negate(V const& x) {
    if constexpr (std::integral<hn::TFromV<V>>) return hn::Sub(hn::Zero(hn::DFromV<V>{}), x);
    else return hn::Neg(x);
  }

  template <class V> INLAY_INLINE static V copy_sign(V const& x, V const& sign) {
    return hn::CopySign(x, sign);
  }
  template <class V> INLAY_INLINE static V nearest(V const& x) {
    using T = hn::TFromV<V>;
    if constexpr (has_whole_numbers) return hn::Round(x);
    else return highway_tools::by_lane<T>([](T y) { return scalar::nearest(y); }, x);
  }
  template <class V> INLAY_INLINE static V floor(V const& x) {
    using T = hn::TFromV<V>;
    if constexpr (has_whole_numbers) return hn::Floor(x);
    else return highway_tools::by_lane<T>([](T y) { return scalar::floor(y); }, x);
  }
  template <class V> INLAY_INLINE static V ceil(V const& x) {
    using T = hn::TFromV<V>;
    if constexpr (has_whole_numbers) return hn::Ceil(x);
    else return highway_tools::by_lane<T>([](T y) { return scalar::ceil(y); }, x);
  }

  /// n / 2, rounded down.
  template <class V> INLAY_INLINE static V half(V const& n) { return hn::ShiftRight<1>(n); }
  /// The n with 2^n ≤ |x| < 2^(n+1); of 0 one below that of every other number, of what is not
  /// finite one above.
  template <class V> INLAY_INLINE static auto exponent(V const& x) {
    using T = hn::TFromV<V>;
    hn::DFromV<V> const d;
    highway_tools::same_lanes<std::int32_t, V> const integers;
    constexpr T least = sizeof(T) == 4 ? T{0x1p-126f} : T{0x1p-1022};
    constexpr T scale = sizeof(T) == 4 ? T{0x1p24f} : T{0x1p54};
    constexpr T bias = sizeof(T) == 4 ? T{127} : T{1023};
    constexpr T tiny_bias = sizeof(T) == 4 ? T{127 + 24} : T{1023 + 54};
    auto const magnitude = hn::Abs(x);
    auto const is_tiny = hn::Lt(magnitude, hn::Set(d, least));
    auto const scaled = hn::IfThenElse(is_tiny, hn::Mul(magnitude, hn::Set(d, scale)), magnitude);
    auto const less = hn::IfThenElse(is_tiny, hn::Set(d, tiny_bias), hn::Set(d, bias));
    if constexpr (std::same_as<T, float>) {
      auto const field = hn::ShiftRight<23>(hn::BitCast(integers, scaled));
      return hn::Sub(field, hn::ConvertTo(integers, less));
    } else {
      // As the last digits of 2^52 the field is a number.
      highway_tools::same_lanes<std::uint64_t, V> const wide;
      auto const two_to_52 = hn::Set(d, 0x1p52);
      auto const field = hn::ShiftRight<52>(hn::BitCast(wide, scaled));
      auto const shifted = hn::BitCast(d, hn::Or(field, hn::BitCast(wide, two_to_52)));
      return hn::DemoteTo(integers, hn::Sub(hn::Sub(shifted, two_to_52), less));
    }
  }
  /// 2^n, for exponents of normal numbers.
  template <std::floating_point T, class V> INLAY_INLINE static auto power_of_two(V const& n) {
    highway_tools::same_lanes<T, V> const d;
    if constexpr (std::same_as<T, float>) {
      auto const biased = hn::Add(n, hn::Set(hn::DFromV<V>{}, 127));
      return hn::BitCast(d, hn::ShiftLeft<23>(biased));
    } else {
      highway_tools::same_lanes<std::int64_t, V> const wide;
      auto const biased = hn::Add(hn::PromoteTo(wide, n), hn::Set(wide, std::int64_t{1023}));
      return hn::BitCast(d, hn::ShiftLeft<52>(biased));
    }
  }

 private:
  /// a where it is not a number, else b.
  template <class V> INLAY_INLINE static V unless_number(V const& a, V const& b) {
#if HWY_ARCH_X86 && !defined(__clang__) && HWY_STATIC_TARGET != HWY_SCALAR && \
    HWY_STATIC_TARGET != HWY_EMU128
    // GCC sees through this where a is a constant, and not through an intrinsic function.
    return V{a.raw != a.raw ? a.raw : b.raw};
#else
    return hn::IfThenElse(hn::IsNaN(a), a, b);
#endif
  }
};

INLAY_END_TARGET
