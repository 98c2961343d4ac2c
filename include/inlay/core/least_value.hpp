// The least and the largest number of a type.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// The number that no other is below: minus infinity, or the lowest integer.
template <class T> constexpr T least_value() {
  if constexpr (!std::integral<T>) {
    return static_cast<T>(-__builtin_inf());
  } else if constexpr (static_cast<T>(-1) < T{}) {
    return static_cast<T>(T{1} << (8 * sizeof(T) - 1));
  } else {
    return T{};
  }
}

/// The finite number that no other is below.
template <class T> constexpr T lowest_finite() {
  if constexpr (std::integral<T>) return least_value<T>();
  else if constexpr (sizeof(T) == 4) return static_cast<T>(-0x1.fffffep127);
  else return static_cast<T>(-0x1.fffffffffffffp1023);
}

/// The number that no other is above: infinity, or the largest integer.
template <class T> constexpr T largest_value() {
  if constexpr (!std::integral<T>) return static_cast<T>(__builtin_inf());
  else return static_cast<T>(~least_value<T>());
}

}  // namespace inlay::inline INLAY_VERSION
