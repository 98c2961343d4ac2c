// Whether tensors of a program have memory in common.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <utility>

#include "inlay/op/lowering.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// The bytes from the first element of a tensor to the end of the last.
constexpr std::pair<std::int64_t, std::int64_t> bytes_between(layout const& x,
                                                              std::int64_t offset) {
  auto const size = bits_of(x.element) / 8;
  std::int64_t first = 0;
  std::int64_t last = 0;
  for (int i = 0; i < x.extents.size(); ++i) {
    (x.strides[i] < 0 ? first : last) += (x.extents[i] - 1) * x.strides[i];
  }
  return {offset + first * size, offset + (last + 1) * size};
}

/// Whether the memory between the first and the last element of one tensor, if it is not left out,
/// is also that of another.
constexpr bool do_overlap(layout const& a, location const& a_at, layout const& b,
                          location const& b_at) {
  if (a.element == element_type::undefined || a_at.where != b_at.where || a_at.port != b_at.port) {
    return false;
  }
  auto const [a_first, a_end] = bytes_between(a, a_at.offset);
  auto const [b_first, b_end] = bytes_between(b, b_at.offset);
  return a_first < b_end && b_first < a_end;
}

}  // namespace inlay::inline INLAY_VERSION::detail
