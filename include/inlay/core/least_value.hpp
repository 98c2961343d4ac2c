// The least number of a type.
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

}  // namespace inlay::inline INLAY_VERSION
