// Loops along the lanes of xsimd's batches.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/stage/xsimd/memory.hpp"

INLAY_BEGIN_TARGET

/// Loops run over as many elements as a vector holds, and what is left is one partial position.
struct xsimd_control : xsimd_memory {
  template <class T> static constexpr int width = xsimd_width<T>;
  template <class T> using lanes = full<width<T>, index>;

  template <class T, bool Whole> INLAY_INLINE static auto lanes_from(index at, index end) {
    if constexpr (Whole || width<T> == 1) {
      return lanes<T>{at};
    } else {
      auto const left = end - at;
      return partial<width<T>, index>{at, smaller(left < 0 ? 0 : left, width<T>)};
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
    using V = xsimd_vec<T, step>;
    V lane[vectors];
    for (auto& x : lane) x = xsimd_tools::set<V>(static_cast<lane_of<T>>(identity));
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
        auto const is_there = xsimd_tools::first_lanes<V>(count);
        lane[v] = xsimd_tools::from_bits<V>(is_there ? xsimd_tools::compile(combined)
                                                     : xsimd_tools::compile(lane[v]));
      }
    }
    for (int half = vectors / 2; half > 0; half /= 2) {
      for (int v = 0; v < half; ++v) lane[v] = combine(lane[v], lane[v + half]);
    }
    return xsimd_tools::set<xsimd_vec<T>>(combine_lanes(lane[0], combine));
  }

 private:
  /// The last steps of the tree: halves of a vector. What the upper lanes hold is of no account.
  template <class V, class Combine>
  INLAY_INLINE static auto combine_lanes(V const& x, [[maybe_unused]] Combine const& combine) {
    auto const all = xsimd_tools::compile(x);
    if constexpr (V::lanes == 1) {
      return all[0];
    } else {
      using half = xsimd_vector<typename V::element, V::lanes / 2>;
      auto const lower = xsimd_tools::shuffle<half::room>(
          all, all, [](int lane) { return lane < half::lanes ? lane : -1; });
      auto const upper = xsimd_tools::shuffle<half::room>(
          all, all, [](int lane) { return lane < half::lanes ? lane + half::lanes : -1; });
      return combine_lanes(
          combine(xsimd_tools::from_bits<half>(lower), xsimd_tools::from_bits<half>(upper)),
          combine);
    }
  }
};

INLAY_END_TARGET
