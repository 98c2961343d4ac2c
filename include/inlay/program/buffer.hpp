// A tensor of the arena and how long it lives.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// A tensor of the arena: written by step `first`, last read by step `last`.
struct buffer {
  std::int64_t bytes = 0;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::int64_t offset = 0;  // what the plan decides
};

}  // namespace inlay::inline INLAY_VERSION
