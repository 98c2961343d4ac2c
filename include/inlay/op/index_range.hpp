// Which elements of an axis there are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/error.hpp"
#include "inlay/graph/rule.hpp"

namespace inlay::inline INLAY_VERSION {

/// Whether an index is on an axis of so many elements, or counts from its end.
constexpr error check_index(std::int64_t index, std::int64_t extent) {
  if (index >= -extent && index < extent) return {};
  return make_error(rule::an_index_must_be_in_range, "index ", index, " is outside of an axis of ",
                    extent);
}

}  // namespace inlay::inline INLAY_VERSION
