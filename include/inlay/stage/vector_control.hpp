// Loops along the lanes of a machine's vectors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/stage/vector_positions.hpp"

INLAY_BEGIN_TARGET

/// Loops run over as many elements as a vector holds, and what is left is one partial position.
/// `Vectors` are those of a library, in memory and in a reduction:
///
///     width<T>                          how many elements a vector of `T`s holds
///     vec<T, Lanes>                     the vector of so many
///     set<T, Lanes>(x)                  x in all lanes
///     choose<T, Lanes>(count, a, b)     the first `count` lanes of a, the others of b
///     combine_all<T, Lanes>(x, combine) in all lanes: the halves of x combined, the halves of that
template <class Vectors> struct vector_control : Vectors {
  using index = host::index;
  template <class T> static constexpr int width = Vectors::template width<T>;
  template <class T> using lanes = full<width<T>, index>;

  template <class T, bool Whole> INLAY_INLINE static auto lanes_from(index at, index end) {
    if constexpr (Whole || width<T> == 1) {
      return lanes<T>{at};
    } else {
      auto const left = end - at;
      return partial<width<T>, index>{at, Vectors::smaller(left < 0 ? 0 : left, width<T>)};
    }
  }
  template <class T, class Body> INLAY_INLINE static void loop_lanes(index n, Body&& body) {
    constexpr int step = width<T>;
    index j = 0;
    for (; j + step <= n; j += step) body(full<step, index>{j});
    if constexpr (step > 1) {
      if (j < n) body(partial<step, index>{j, n - j});
    }
  }
  template <class T, class Identity, class At, class Combine>
  INLAY_INLINE static auto reduce_lanes(index n, Identity const& identity, At&& at,
                                        Combine&& combine) {
    constexpr int step = width<T> < reduction_lanes ? width<T> : reduction_lanes;
    constexpr int vectors = reduction_lanes / step;
    typename Vectors::template vec<T, step> lane[vectors];
    for (auto& x : lane) x = Vectors::template set<T, step>(static_cast<lane_of<T>>(identity));
    index j = 0;
    for (; j + reduction_lanes <= n; j += reduction_lanes) {
      for (int v = 0; v < vectors; ++v) {
        auto const x = at(full<step, index>{j + v * step});
        lane[v] = combine(lane[v], x);
      }
    }
    for (int v = 0; v < vectors && j < n; ++v, j += step) {
      if (j + step <= n) {
        auto const x = at(full<step, index>{j});
        lane[v] = combine(lane[v], x);
      } else if constexpr (step > 1) {
        auto const count = n - j;
        auto const x = at(partial<step, index>{j, count});
        auto const combined = combine(lane[v], x);
        lane[v] = Vectors::template choose<T, step>(count, combined, lane[v]);
      }
    }
    for (int half = vectors / 2; half > 0; half /= 2) {
      for (int v = 0; v < half; ++v) lane[v] = combine(lane[v], lane[v + half]);
    }
    return Vectors::template combine_all<T, step>(lane[0], combine);
  }
};

INLAY_END_TARGET
