// Comparing text in few steps of constant evaluation.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string_view>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// a == b. Clang counts each character that std::string_view compares in a constant expression as
/// several steps, and limits them; the built-in function is one.
constexpr bool same_text(std::string_view a, std::string_view b) {
#if defined(__clang__)
  return a.size() == b.size() && __builtin_memcmp(a.data(), b.data(), a.size()) == 0;
#else
  return a == b;
#endif
}

}  // namespace inlay::inline INLAY_VERSION
