// Comparisons, what is chosen by them, and the bits of integers, one number at a time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>

#include "inlay/core/config.hpp"
#include "inlay/stage/scalar/numbers.hpp"

INLAY_BEGIN_TARGET

/// A mask is a truth.
struct scalar_bits : scalar_numbers {
  template <class T> using mask = bool;

  template <class T> INLAY_INLINE static constexpr bool equal(T const& a, T const& b) {
    return a == b;
  }
  template <class T> INLAY_INLINE static constexpr bool less(T const& a, T const& b) {
    return a < b;
  }
  template <class T> INLAY_INLINE static constexpr bool less_or_equal(T const& a, T const& b) {
    return a <= b;
  }
  template <class T> INLAY_INLINE static constexpr bool is_nan(T const& x) { return x != x; }
  INLAY_INLINE static constexpr bool is_true(bool const& x) { return x; }
  INLAY_INLINE static constexpr bool to_bools(bool const& m) { return m; }
  template <class T> INLAY_INLINE static constexpr T select(bool const& m, T const& a, T const& b) {
    return m ? a : b;
  }
  template <class A, class T>
  INLAY_INLINE static constexpr T select_rare(bool const& m, A const& a, T const& b) {
    if (m) return a();
    return b;
  }
  template <class T> INLAY_INLINE static constexpr T bit_and(T const& a, T const& b) {
    return static_cast<T>(a & b);
  }
  template <class T> INLAY_INLINE static constexpr T bit_or(T const& a, T const& b) {
    return static_cast<T>(a | b);
  }
  template <class T> INLAY_INLINE static constexpr T bit_xor(T const& a, T const& b) {
    return static_cast<T>(a ^ b);
  }
  template <std::integral T> INLAY_INLINE static constexpr T bit_not(T const& x) {
    return static_cast<T>(~x);
  }
  template <int By, std::integral T> INLAY_INLINE static constexpr T shift_left(T const& x) {
    return wrap<T>(bits(x) << By);
  }
  template <int By, std::integral T> INLAY_INLINE static constexpr T shift_right(T const& x) {
    return static_cast<T>(x >> By);
  }
};

INLAY_END_TARGET
