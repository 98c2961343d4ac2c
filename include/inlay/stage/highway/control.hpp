// Loops along the lanes of Highway's vectors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>

#include "inlay/stage/highway/memory.hpp"

INLAY_BEGIN_TARGET

/// Loops run over as many elements as a vector holds, and what is left is one partial position.
struct highway_control : highway_memory {
  template <class T> static constexpr int width = highway_width<T>;
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
    using Lane = lane_of<T>;
    constexpr int step = width<T> < reduction_lanes ? width<T> : reduction_lanes;
    constexpr int vectors = reduction_lanes / step;
    highway_tag<T, step> const d;
    hn::Vec<highway_tag<T, step>> lane[vectors];
    for (auto& x : lane) x = hn::Set(d, static_cast<Lane>(identity));
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
        lane[v] = hn::IfThenElse(hn::FirstN(d, static_cast<std::size_t>(count)), combined, lane[v]);
      }
    }
    for (int half = vectors / 2; half > 0; half /= 2) {
      for (int v = 0; v < half; ++v) lane[v] = combine(lane[v], lane[v + half]);
    }
    auto const all = combine_lanes(d, lane[0], combine);
    return hn::Set(highway_tag<T>{}, hn::GetLane(all));
  }

 private:
  /// The last steps of the tree: halves of a vector, then what shuffles reach within 16 bytes. What
  /// the upper lanes hold is of no account.
  template <class D, class Combine>
  INLAY_INLINE static auto combine_lanes([[maybe_unused]] D d, hn::Vec<D> x,
                                         [[maybe_unused]] Combine const& combine) {
#if HWY_STATIC_TARGET == HWY_SCALAR
    return x;
#else
    constexpr int lanes = static_cast<int>(hn::MaxLanes(D{}));
    using Lane = hn::TFromD<D>;
    if constexpr (lanes * sizeof(Lane) > 16) {
      hn::Half<D> const half;
      auto const lower = hn::LowerHalf(half, x);
      auto const upper = hn::UpperHalf(half, x);
      return combine_lanes(half, combine(lower, upper), combine);
    } else if constexpr (lanes == 4 && sizeof(Lane) == 4) {
      auto const pairs = combine(x, hn::Shuffle1032(x));
      return combine(pairs, hn::Shuffle2301(pairs));
    } else if constexpr (lanes == 2 && sizeof(Lane) == 8) {
      return combine(x, hn::Shuffle01(x));
    } else {
      alignas(64) Lane ends[2 * lanes]{};
      for (int half = lanes / 2; half > 0; half /= 2) {
        hn::Store(x, d, ends);
        x = combine(x, hn::LoadU(d, ends + half));
      }
      return x;
    }
#endif
  }
};

INLAY_END_TARGET
