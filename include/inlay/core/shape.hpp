// Shapes and strides: small arrays of extents, outermost first.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "inlay/core/checked.hpp"
#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// The most axes that a tensor can have.
inline constexpr int max_rank = 8;

/// At most `max_rank` numbers, one an axis, outermost first: a tensor's extents or its strides.
/// An extent below zero stands for a dimension whose value is not known yet: symbol `-1 - extent`
/// of the graph.
struct shape {
  std::int64_t extents[max_rank]{};
  std::uint8_t rank = 0;

  INLAY_INLINE constexpr shape() = default;
  // At most `max_rank`. Without a loop: compilers see at once what constants become of constants.
  INLAY_INLINE constexpr shape(std::initializer_list<std::int64_t> list)
      : rank(static_cast<std::uint8_t>(list.size())) {
    auto const* const from = list.begin();
    switch (rank) {
      case 8: extents[7] = from[7]; [[fallthrough]];
      case 7: extents[6] = from[6]; [[fallthrough]];
      case 6: extents[5] = from[5]; [[fallthrough]];
      case 5: extents[4] = from[4]; [[fallthrough]];
      case 4: extents[3] = from[3]; [[fallthrough]];
      case 3: extents[2] = from[2]; [[fallthrough]];
      case 2: extents[1] = from[1]; [[fallthrough]];
      case 1: extents[0] = from[0]; [[fallthrough]];
      case 0: break;
      default: __builtin_unreachable();
    }
  }

  constexpr int size() const { return rank; }
  constexpr std::int64_t& operator[](int axis) { return extents[axis]; }
  constexpr std::int64_t operator[](int axis) const { return extents[axis]; }
  constexpr std::int64_t const* begin() const { return extents; }
  constexpr std::int64_t const* end() const { return extents + rank; }
  constexpr std::int64_t back() const { return extents[rank - 1]; }

  /// Adds an innermost axis. There must be room: `size() < max_rank`.
  INLAY_INLINE constexpr void push_back(std::int64_t extent) { extents[rank++] = extent; }

  // Without a loop: constant evaluation counts statements. Extents behind the last axis are 0.
  friend constexpr bool operator==(shape const& a, shape const& b) {
    auto const& x = a.extents;
    auto const& y = b.extents;
    return a.rank == b.rank && x[0] == y[0] && x[1] == y[1] && x[2] == y[2] && x[3] == y[3] &&
           x[4] == y[4] && x[5] == y[5] && x[6] == y[6] && x[7] == y[7];
  }
};

/// The product of the extents [first, last) into `count`; false when one has no value, or when a
/// product on the way passes 2^63.
[[nodiscard]] constexpr bool count_elements(shape const& s, int first, int last,
                                            std::int64_t& count) {
  count = 1;
  for (int i = first; i < last; ++i) {
    if (s[i] < 0 || !checked_multiply(count, s[i], count)) return false;
  }
  return true;
}

/// Whether a tensor of this shape can be: the product of its extents, without those of 0, is at
/// most 2^42. Then no size and no stride of it overflows.
constexpr bool is_in_memory(shape const& s) {
  std::int64_t count = 1;
  for (auto const extent : s) {
    if (extent < 0) return false;
    if (extent != 0 && !checked_multiply(count, extent, count)) return false;
  }
  return count <= std::int64_t{1} << 42;
}

/// Whether an extent has no value, in one expression.
constexpr bool has_symbol(shape const& s) {
  auto const& x = s.extents;
  return (x[0] | x[1] | x[2] | x[3] | x[4] | x[5] | x[6] | x[7]) < 0;
}

/// The number of elements of a verified shape: every extent is known, and every product of the
/// first so many fits. Without a loop, as shapes are made.
constexpr std::int64_t elements_of(shape const& s) {
  auto const& x = s.extents;
  std::int64_t count = 1;
  if (s.rank > 0) count *= x[0];
  if (s.rank > 1) count *= x[1];
  if (s.rank > 2) count *= x[2];
  if (s.rank > 3) count *= x[3];
  if (s.rank > 4) count *= x[4];
  if (s.rank > 5) count *= x[5];
  if (s.rank > 6) count *= x[6];
  if (s.rank > 7) count *= x[7];
  return count;
}

/// The strides of a tensor without gaps, in elements.   {2, 3, 4} → {12, 4, 1}
constexpr shape contiguous_strides(shape const& s) {
  shape strides = s;
  std::int64_t step = 1;
  for (int i = s.size() - 1; i >= 0; --i) {
    strides[i] = step;
    step *= s[i];
  }
  return strides;
}

/// The strides of images [n, c, h, w] without gaps, the channels of a pixel next to each other.
///   {2, 3, 4, 5} → {60, 1, 15, 3}
constexpr shape channels_last_strides(shape const& s) {
  return {s[1] * s[2] * s[3], 1, s[1] * s[3], s[1]};
}

}  // namespace inlay::inline INLAY_VERSION
