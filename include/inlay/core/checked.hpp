// Arithmetic on counts from files: an overflow is seen, never wrapped.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// `into = a * b`; false, and `into` unspecified, when the product does not fit.
[[nodiscard]] constexpr bool checked_multiply(std::int64_t a, std::int64_t b, std::int64_t& into) {
  return !__builtin_mul_overflow(a, b, &into);
}

/// `into = a + b`; false, and `into` unspecified, when the sum does not fit.
[[nodiscard]] constexpr bool checked_add(std::int64_t a, std::int64_t b, std::int64_t& into) {
  return !__builtin_add_overflow(a, b, &into);
}

/// a · b for counts that only inform: the largest number where it does not fit.
constexpr std::int64_t saturating_multiply(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  return checked_multiply(a, b, product) ? product : INT64_MAX;
}

/// a + b likewise.
constexpr std::int64_t saturating_add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return checked_add(a, b, sum) ? sum : INT64_MAX;
}

/// `a` / `b` rounded up, or 0 where `a` is negative.   divide_up(65, 64) → 2
INLAY_INLINE constexpr std::int64_t divide_up(std::int64_t a, std::int64_t b) {
  return a <= 0 ? 0 : (a + b - 1) / b;
}

/// `a` rounded up to a multiple of `b`.   round_up(65, 64) → 128
INLAY_INLINE constexpr std::int64_t round_up(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b * b;
}

}  // namespace inlay::inline INLAY_VERSION
