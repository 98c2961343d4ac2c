// Into how many parts steps are split.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// What is handed to another thread takes at least so long: to hand it over takes some
/// microseconds, in each of which a core does some tens of thousands of multiply-adds.
inline constexpr std::int64_t least_work_of_part = 1 << 19;

/// Into how many parts steps are split.
struct split_options {
  std::int64_t parts = 1;
  /// The least that a part has to do, in multiply-adds or as much of other work.
  std::int64_t least_work = least_work_of_part;
};

}  // namespace inlay::inline INLAY_VERSION
