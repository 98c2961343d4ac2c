// Positions along the lanes of a machine's vectors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstddef>
#include <utility>

#include "inlay/stage/host.hpp"

INLAY_BEGIN_TARGET

/// What stages of vectors share, whichever library computes with these. Of several indices one is a
/// position.
struct vector_positions : host {
 protected:
  template <class Index> static constexpr bool is_position = !std::integral<Index>;
  template <class First, class... Rest>
  INLAY_INLINE static constexpr auto along_lanes(First first, Rest... rest) {
    if constexpr (is_position<First>) {
      static_assert((0 + ... + is_position<Rest>) == 0, "one index is a position along lanes");
      return first;
    } else {
      return along_lanes(rest...);
    }
  }
  template <std::size_t... Axis, class... Index>
  static constexpr index stride_of(shape const& strides, std::index_sequence<Axis...>, Index...) {
    return (index{0} + ... + (is_position<Index> ? strides.extents[Axis] : 0));
  }

  /// How many elements a vector has there, and how many of them are read or written.
  template <int Lanes> static constexpr int most_of(full<Lanes, index>) { return Lanes; }
  template <int Lanes> static constexpr int most_of(partial<Lanes, index>) { return Lanes; }
  template <int Lanes> static constexpr index count_of(full<Lanes, index>) { return Lanes; }
  template <int Lanes> static constexpr index count_of(partial<Lanes, index> j) { return j.count; }
};

INLAY_END_TARGET
