// The square root in a constant expression, where one of our compilers has none.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// The square root, rounded once, halves to even; not a number below zero.
/// *Costs*: 54 rounds.   *Source*: fdlibm, e_sqrt.c: the root's binary digits, one after the other.
constexpr double square_root(double x) {
  if (x == 0 || x != x || x == __builtin_inf()) return x;
  if (x < 0) return __builtin_nan("");
  constexpr std::uint64_t one = std::uint64_t{1} << 52;
  // A power of two more lets numbers below the normal ones have all their digits.
  bool const is_tiny = x < 0x1p-1022;
  auto const word = std::bit_cast<std::uint64_t>(is_tiny ? x * 0x1p54 : x);
  auto const exponent = static_cast<int>(word >> 52) - 1023 - (is_tiny ? 54 : 0);
  // What is left of x, in units that double in each round.
  std::uint64_t rest = ((word & (one - 1)) | one) << ((exponent & 1) != 0 ? 2 : 1);
  std::uint64_t root = 0;  // with one digit more than fits, by which it is rounded
  std::uint64_t twice = 0;
  for (std::uint64_t digit = one << 1; digit != 0; digit >>= 1, rest <<= 1) {
    if (twice + digit > rest) continue;
    twice += digit;
    rest -= twice;
    twice += digit;
    root += digit;
  }
  // No root is half way between two numbers.
  root = (root >> 1) + (root & 1);
  return std::bit_cast<double>(root + (static_cast<std::uint64_t>((exponent >> 1) + 1022) << 52));
}

/// The same: a double has more than twice the digits of a float, so that rounding twice is rounding
/// once.   *Source*: S. A. Figueroa, When is double rounding innocuous?, 1995.
constexpr float square_root(float x) {
  return static_cast<float>(square_root(static_cast<double>(x)));
}

}  // namespace inlay::inline INLAY_VERSION
