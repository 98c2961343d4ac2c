// Arithmetic on xsimd's batches.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstdint>

#include "inlay/stage/scalar.hpp"
#include "inlay/stage/xsimd/instructions.hpp"

INLAY_BEGIN_TARGET

/// All vectors of one call have as many elements, as many as a position of theirs.
template <rounding Rounding> struct xsimd_numbers {
  /// Whether one instruction rounds to whole numbers, which keep their sign.
#if defined(__SSE4_1__) || defined(__aarch64__)
  static constexpr bool has_whole_numbers = true;
#else
  static constexpr bool has_whole_numbers = false;
#endif
  /// Whether every result has the bits that the scalar stage computes.
  static constexpr bool same_bits =
      xsimd_tools::has_fused_multiply_add || Rounding == rounding::exact;

  template <class T, class Lane = T> INLAY_INLINE static auto splat(T x) {
    return xsimd_tools::set<xsimd_vec<T, xsimd_width<Lane>>>(static_cast<lane_of<T>>(x));
  }
  template <class V, class T> INLAY_INLINE static V splat_like(V const&, T x) {
    return xsimd_tools::set<V>(static_cast<typename V::element>(x));
  }
  template <class T, class Lane = T> INLAY_INLINE static auto splat_index(host::index i) {
    return xsimd_tools::set<xsimd_vec<T, xsimd_width<Lane>>>(static_cast<lane_of<T>>(i));
  }

  template <class V> INLAY_INLINE static V add(V const& a, V const& b) {
    return {a.batch + b.batch};
  }
  template <class V> INLAY_INLINE static V subtract(V const& a, V const& b) {
    return {a.batch - b.batch};
  }
  template <class V> INLAY_INLINE static V multiply(V const& a, V const& b) {
    using T = typename V::element;
    if constexpr (std::integral<T>) {
      // As the compiler's, since xsimd has no products of bytes and of 64 bits.
      return xsimd_tools::from_bits<V>(xsimd_tools::bits(a) * xsimd_tools::bits(b));
    } else {
      // GCC would fuse the product into an addition that follows. Adding -0 changes no product.
#if !defined(__clang__)
      if constexpr (xsimd_tools::has_fused_multiply_add) {
        return fma(a, b, xsimd_tools::set<V>(T{-0.0f}));
      }
#endif
      return {a.batch * b.batch};
    }
  }
  template <class V> INLAY_INLINE static V divide(V const& a, V const& b) {
    using T = typename V::element;
    if constexpr (std::integral<T>) {
      return xsimd_tools::by_lane<T>([](T x, T y) { return scalar::divide(x, y); }, a, b);
    } else {
      // The compiler's: of NEON, xsimd 8.1 multiplies by an estimate.
      return xsimd_tools::from_bits<V>(xsimd_tools::compile(a) / xsimd_tools::compile(b));
    }
  }
  template <class V> INLAY_INLINE static V sqrt(V const& x) { return {xsimd_tools::root(x.batch)}; }
  template <class V> INLAY_INLINE static V fma(V const& a, V const& b, V const& c) {
    using T = typename V::element;
    if constexpr (std::integral<T>) {
      auto const product = multiply(a, b);
      return add(product, c);
    } else {
#if defined(__FMA__) || defined(__aarch64__)
      return {xsimd_tools::fuse(a.batch.data, b.batch.data, c.batch.data)};
#else
      if constexpr (Rounding == rounding::twice) return {a.batch * b.batch + c.batch};
      else
        return xsimd_tools::by_lane<T>([](T x, T y, T z) { return scalar::fma(x, y, z); }, a, b, c);
#endif
    }
  }

  // Extremes of integers and their absolute values are the compiler's: xsimd 8.1 has none of 64
  // bytes that compile.
  template <class V> INLAY_INLINE static V max(V const& a, V const& b) {
    if constexpr (std::integral<typename V::element>) {
      auto const x = xsimd_tools::compile(a);
      auto const y = xsimd_tools::compile(b);
      return xsimd_tools::from_bits<V>(x > y ? x : y);
    } else {
      return unless_number(a, V{xsimd_tools::larger(a.batch.data, b.batch.data)});
    }
  }
  template <class V> INLAY_INLINE static V min(V const& a, V const& b) {
    if constexpr (std::integral<typename V::element>) {
      auto const x = xsimd_tools::compile(a);
      auto const y = xsimd_tools::compile(b);
      return xsimd_tools::from_bits<V>(x < y ? x : y);
    } else {
      return unless_number(a, V{xsimd_tools::smaller(a.batch.data, b.batch.data)});
    }
  }
  template <class V> INLAY_INLINE static V abs(V const& x) {
    using T = typename V::element;
    if constexpr (std::unsigned_integral<T>) return x;
    else if constexpr (std::integral<T>) return max(x, negate(x));
    else return {::xsimd::abs(x.batch)};
  }
  template <class V> INLAY_INLINE static V negate(V const& x) {
    if constexpr (std::integral<typename V::element>) {
      return subtract(xsimd_tools::set<V>(0), x);
    } else {
      // Not xsimd's, which takes a number from 0 for AVX-512, so that a zero keeps its sign.
      return xsimd_tools::from_bits<V>(-xsimd_tools::compile(x));
    }
  }

  template <class V> INLAY_INLINE static V copy_sign(V const& x, V const& sign) {
    using T = xsimd_tools::unsigned_like<typename V::element>;
    constexpr T first = T{1} << (8 * sizeof(T) - 1);
    return xsimd_tools::from_bits<V>((xsimd_tools::bits(x) & (first - 1)) |
                                     (xsimd_tools::bits(sign) & first));
  }
  template <class V> INLAY_INLINE static V nearest(V const& x) {
    using T = typename V::element;
    if constexpr (has_whole_numbers) return {xsimd_tools::nearest(x.batch)};
    else return xsimd_tools::by_lane<T>([](T y) { return scalar::nearest(y); }, x);
  }
  template <class V> INLAY_INLINE static V floor(V const& x) {
    using T = typename V::element;
    if constexpr (has_whole_numbers) return {xsimd_tools::floor(x.batch)};
    else return xsimd_tools::by_lane<T>([](T y) { return scalar::floor(y); }, x);
  }
  template <class V> INLAY_INLINE static V ceil(V const& x) {
    using T = typename V::element;
    if constexpr (has_whole_numbers) return {xsimd_tools::ceil(x.batch)};
    else return xsimd_tools::by_lane<T>([](T y) { return scalar::ceil(y); }, x);
  }

  /// n / 2, rounded down.
  template <class V> INLAY_INLINE static V half(V const& n) {
    return xsimd_tools::from_bits<V>(xsimd_tools::compile(n) >> 1);
  }
  /// The n with 2^n ≤ |x| < 2^(n+1); of 0 one below that of every other number, of what is not
  /// finite one above.
  template <class V> INLAY_INLINE static auto exponent(V const& x) {
    using T = typename V::element;
    constexpr T least = sizeof(T) == 4 ? T{0x1p-126f} : T{0x1p-1022};
    constexpr T scale = sizeof(T) == 4 ? T{0x1p24f} : T{0x1p54};
    constexpr int digits = sizeof(T) == 4 ? 23 : 52;
    using integers = xsimd_tools::same_lanes<xsimd_tools::signed_like<T>, V>;
    constexpr xsimd_tools::unsigned_like<T> bias = sizeof(T) == 4 ? 127 : 1023;
    constexpr xsimd_tools::unsigned_like<T> tiny_bias = sizeof(T) == 4 ? 127 + 24 : 1023 + 54;
    auto const magnitude = xsimd_tools::compile(abs(x));
    auto const is_tiny = magnitude < least;
    auto const scaled = is_tiny ? magnitude * scale : magnitude;
    auto const field = __builtin_bit_cast(typename V::bits, scaled) >> digits;
    auto const tiny = __builtin_bit_cast(typename V::bits, is_tiny) & (tiny_bias - bias);
    return xsimd_tools::convert<std::int32_t>(
        xsimd_tools::from_bits<integers>(field - bias - tiny));
  }
  /// 2^n, for exponents of normal numbers.
  template <std::floating_point T, class V> INLAY_INLINE static auto power_of_two(V const& n) {
    using integer = xsimd_tools::signed_like<T>;
    constexpr integer bias = sizeof(T) == 4 ? 127 : 1023;
    constexpr int digits = sizeof(T) == 4 ? 23 : 52;
    auto const wide = xsimd_tools::compile(xsimd_tools::convert<integer>(n));
    return xsimd_tools::from_bits<xsimd_tools::same_lanes<T, V>>((wide + bias) << digits);
  }

 private:
  /// a where it is not a number, else b.
  template <class V> INLAY_INLINE static V unless_number(V const& a, V const& b) {
    auto const x = xsimd_tools::compile(a);
    return xsimd_tools::from_bits<V>(x != x ? x : xsimd_tools::compile(b));
  }
};

INLAY_END_TARGET
