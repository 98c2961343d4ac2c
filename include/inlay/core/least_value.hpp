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

/// The number that no other is above: infinity, or the largest integer.
template <class T> constexpr T largest_value() {
  if constexpr (!std::integral<T>) return static_cast<T>(__builtin_inf());
  else return static_cast<T>(~least_value<T>());
}

}  // namespace inlay::inline INLAY_VERSION
