// Loops along the lanes of xsimd's batches.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/stage/vector_control.hpp"
#include "inlay/stage/xsimd/memory.hpp"

INLAY_BEGIN_TARGET

struct xsimd_reduction : xsimd_memory {
  template <class T> static constexpr int width = xsimd_width<T>;
  template <class T, int Lanes> using vec = xsimd_vec<T, Lanes>;

  template <class T, int Lanes> INLAY_INLINE static auto set(lane_of<T> x) {
    return xsimd_tools::set<vec<T, Lanes>>(x);
  }
  template <class T, int Lanes, class V>
  INLAY_INLINE static V choose(index count, V const& a, V const& b) {
    auto const is_first = xsimd_tools::first_lanes<V>(count);
    return xsimd_tools::from_bits<V>(is_first ? xsimd_tools::compile(a) : xsimd_tools::compile(b));
  }
  template <class T, int Lanes, class V, class Combine>
  INLAY_INLINE static auto combine_all(V const& x, Combine const& combine) {
    return xsimd_tools::set<xsimd_vec<T>>(combine_lanes(x, combine));
  }

 private:
  /// What the upper lanes hold is of no account.
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

using xsimd_control = vector_control<xsimd_reduction>;

INLAY_END_TARGET
