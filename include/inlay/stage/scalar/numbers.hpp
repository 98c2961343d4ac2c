// Arithmetic, one number at a time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include "inlay/core/config.hpp"
#include "inlay/stage/root.hpp"

INLAY_BEGIN_TARGET

struct scalar_numbers {
  template <class T> INLAY_INLINE static constexpr T add(T const& a, T const& b) {
    if constexpr (std::integral<T>) return wrap<T>(bits(a) + bits(b));
    else return a + b;
  }
  template <class T> INLAY_INLINE static constexpr T subtract(T const& a, T const& b) {
    if constexpr (std::integral<T>) return wrap<T>(bits(a) - bits(b));
    else return a - b;
  }
  template <class T> INLAY_INLINE static constexpr T multiply(T const& a, T const& b) {
    if constexpr (std::integral<T>) {
      return wrap<T>(bits(a) * bits(b));
    } else {
      // A compiler may fuse this product into an addition that follows; that would change the sum's
      // last bit.
#if defined(__clang__)
#pragma clang fp contract(off)
      return a * b;
#elif defined(__FMA__) || defined(__FP_FAST_FMAF)
      // A barrier would be lost when loops become vectors. Adding -0 changes no product.
      if (!std::is_constant_evaluated()) return fma(a, b, T{-0.0f});
      return a * b;
#else
      return a * b;
#endif
    }
  }
  /// Integers toward zero; by zero they are zero.
  template <class T> INLAY_INLINE static constexpr T divide(T const& a, T const& b) {
    if constexpr (std::floating_point<T>) return a / b;
    else if (b == T{0}) return T{0};
    else if constexpr (std::signed_integral<T>) return b == T{-1} ? negate(a) : wrap<T>(a / b);
    else return wrap<T>(a / b);
  }
  /// Rounded once; not a number below zero, but -0 for -0.
  template <std::floating_point T> INLAY_INLINE static constexpr T sqrt(T const& x) {
    if (std::is_constant_evaluated()) return square_root(x);
#if defined(__clang__)
    return __builtin_elementwise_sqrt(x);
#else
    if constexpr (std::same_as<T, float>) return __builtin_sqrtf(x);
    else return __builtin_sqrt(x);
#endif
  }

  /// a·b + c, rounded once; exact in a constant expression too. Where the machine has no such
  /// instruction the compiler calls the C library's, which is exact as well.
  template <class T> INLAY_INLINE static constexpr T fma(T const& a, T const& b, T const& c) {
    if constexpr (std::integral<T>) {
      return wrap<T>(bits(a) * bits(b) + bits(c));
    } else {
#if defined(__clang__)
      return __builtin_elementwise_fma(a, b, c);
#else
      if constexpr (std::same_as<T, float>) {
        if (std::is_constant_evaluated()) {
          // Where the result is below the normal numbers, no constant for GCC 12.
          double const product = static_cast<double>(a) * b;
          double const sum = product + c;
          if (sum > -0x1p-126 && sum < 0x1p-126 && sum != 0) return tiny_sum(product, c, sum);
        }
      }
      // Negating twice changes nothing but this: GCC 12 takes no element of a constant array here.
      if constexpr (std::same_as<T, float>) return __builtin_fmaf(-(-a), -(-b), -(-c));
      else return __builtin_fma(-(-a), -(-b), -(-c));
#endif
    }
  }

  template <class T> INLAY_INLINE static constexpr T max(T const& a, T const& b) {
    if constexpr (std::floating_point<T>) return a > b || a != a ? a : b;
    else return a > b ? a : b;
  }
  template <class T> INLAY_INLINE static constexpr T min(T const& a, T const& b) {
    if constexpr (std::floating_point<T>) return a < b || a != a ? a : b;
    else return a < b ? a : b;
  }

  template <class T> INLAY_INLINE static constexpr T abs(T const& x) {
    if constexpr (std::floating_point<T>) {
      if constexpr (std::same_as<T, float>) return __builtin_fabsf(x);
      else return __builtin_fabs(x);
    } else {
      return x < T{0} ? negate(x) : x;
    }
  }
  template <class T> INLAY_INLINE static constexpr T negate(T const& x) {
    if constexpr (std::integral<T>) return wrap<T>(bits(T{0}) - bits(x));
    else return -x;
  }

  /// A number with the sign of another.
  template <std::floating_point T>
  INLAY_INLINE static constexpr T copy_sign(T const& x, T const& sign) {
    if constexpr (std::same_as<T, float>) return __builtin_copysignf(x, sign);
    else return __builtin_copysign(x, sign);
  }
  /// The nearest whole number, halves to even.
  template <std::floating_point T> INLAY_INLINE static constexpr T nearest(T const& x) {
    // So large a number has no bits for a fraction, so that adding it rounds.
    constexpr T magic = std::same_as<T, float> ? T{0x1p23f} : T{0x1p52};
    T const magnitude = abs(x);
    if (!(magnitude < magic)) return x;
    T const shifted = magnitude + magic;
    return copy_sign(shifted - magic, x);
  }
  template <std::floating_point T> INLAY_INLINE static constexpr T floor(T const& x) {
    T const n = nearest(x);
    return copy_sign(n > x ? n - 1 : n, x);
  }
  template <std::floating_point T> INLAY_INLINE static constexpr T ceil(T const& x) {
    T const n = nearest(x);
    return copy_sign(n < x ? n + 1 : n, x);
  }

  /// n / 2, rounded down.
  INLAY_INLINE static constexpr std::int32_t half(std::int32_t const& n) { return n >> 1; }
  /// The n with 2^n ≤ |x| < 2^(n+1); of 0 one below that of every other number, of what is not
  /// finite one above.
  INLAY_INLINE static constexpr std::int32_t exponent(float const& x) {
    auto const word = std::bit_cast<std::uint32_t>(x) & 0x7fff'ffffu;
    bool const is_tiny = word < 0x0080'0000u;
    auto const magnitude = std::bit_cast<float>(word);
    auto const scaled = std::bit_cast<std::uint32_t>(is_tiny ? magnitude * 0x1p24f : magnitude);
    return static_cast<std::int32_t>(scaled >> 23) - (is_tiny ? 127 + 24 : 127);
  }
  INLAY_INLINE static constexpr std::int32_t exponent(double const& x) {
    auto const word = std::bit_cast<std::uint64_t>(x) & 0x7fff'ffff'ffff'ffffu;
    bool const is_tiny = word < 0x0010'0000'0000'0000u;
    auto const magnitude = std::bit_cast<double>(word);
    auto const scaled = std::bit_cast<std::uint64_t>(is_tiny ? magnitude * 0x1p54 : magnitude);
    return static_cast<std::int32_t>(scaled >> 52) - (is_tiny ? 1023 + 54 : 1023);
  }
  /// 2^n, for exponents of normal numbers.
  template <std::floating_point T>
  INLAY_INLINE static constexpr T power_of_two(std::int32_t const& n) {
    if constexpr (std::same_as<T, float>) return std::bit_cast<float>((n + 127) << 23);
    else return std::bit_cast<double>((std::int64_t{n} + 1023) << 52);
  }

 protected:
  /// a + b, rounded once to a float; `sum` is the same, rounded to a double.   *Source*: S. Boldo,
  /// G. Melquiond, Emulation of FMA and correctly rounded sums: proved algorithms using rounding to
  /// odd, 2008.
  static constexpr float tiny_sum(double a, double b, double sum) {
    double const second = sum - a;
    double const lost = (a - (sum - second)) + (b - second);
    auto word = std::bit_cast<std::uint64_t>(sum);
    if (lost != 0 && word % 2 == 0) (lost > 0) == (sum > 0) ? ++word : --word;
    return static_cast<float>(std::bit_cast<double>(word));
  }
  // Integers are computed as unsigned ones of at least 32 bits, which wrap.
  template <class T> static constexpr auto bits(T x) {
    if constexpr (sizeof(T) <= 4) return static_cast<std::uint32_t>(x);
    else return static_cast<std::uint64_t>(x);
  }
  template <class T, class U> static constexpr T wrap(U x) { return static_cast<T>(x); }
};

INLAY_END_TARGET
