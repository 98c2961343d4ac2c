// Loops along the lanes of Highway's vectors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>

#include "inlay/stage/highway/memory.hpp"
#include "inlay/stage/vector_control.hpp"

INLAY_BEGIN_TARGET

struct highway_reduction : highway_memory {
  template <class T> static constexpr int width = highway_width<T>;
  template <class T, int Lanes> using vec = hn::Vec<highway_tag<T, Lanes>>;

  template <class T, int Lanes> INLAY_INLINE static auto set(lane_of<T> x) {
    return hn::Set(highway_tag<T, Lanes>{}, x);
  }
  template <class T, int Lanes, class V>
  INLAY_INLINE static V choose(index count, V const& a, V const& b) {
    highway_tag<T, Lanes> const d;
    return hn::IfThenElse(hn::FirstN(d, static_cast<std::size_t>(count)), a, b);
  }
  template <class T, int Lanes, class V, class Combine>
  INLAY_INLINE static auto combine_all(V const& x, Combine const& combine) {
    auto const all = combine_lanes(highway_tag<T, Lanes>{}, x, combine);
    return hn::Set(highway_tag<T>{}, hn::GetLane(all));
  }

 private:
  /// Halves of a vector, then what shuffles reach within 16 bytes. What the upper lanes hold is of
  /// no account.
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

using highway_control = vector_control<highway_reduction>;

INLAY_END_TARGET
