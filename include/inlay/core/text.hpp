// Comparing text in few steps of constant evaluation.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string_view>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// a == b. In constant expressions std::string_view compares each character in several calls; Clang
/// has a built-in function that counts as one step, and GCC is quickest with a plain loop.
constexpr bool same_text(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
#if defined(__clang__)
  return __builtin_memcmp(a.data(), b.data(), a.size()) == 0;
#else
  auto const* x = a.data();
  auto const* y = b.data();
  for (auto const* const end = x + a.size(); x != end; ++x, ++y) {
    if (*x != *y) return false;
  }
  return true;
#endif
}

}  // namespace inlay::inline INLAY_VERSION
