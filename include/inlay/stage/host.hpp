// What stages share that compute on the machine that runs them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/core/checked.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// Indices are integers, and loops run as they are reached.
struct host {
  using index = std::int64_t;
  using memory = host_memory;

  /// The tensor that starts at `at` along the first `axes` axes, which it no longer has.
  template <class T>
  INLAY_INLINE static constexpr tensor<T> slice(tensor<T> const& t, index const* at, int axes) {
    tensor<T> part{t.data, inner_axes(t.extents, axes), inner_axes(t.strides, axes)};
    for (int i = 0; i < axes; ++i) part.data += at[i] * t.strides[i];
    return part;
  }

  /// Without the first `axes` axes. Without a loop, as shapes are made.
  INLAY_INLINE static constexpr shape inner_axes(shape const& s, int axes) {
    if (s.rank <= axes) return {};
    shape inner;
    inner.rank = static_cast<std::uint8_t>(s.rank - axes);
    auto const at = [&](int i) INLAY_INLINE_LAMBDA {
      return i + axes < max_rank ? s.extents[i + axes] : 0;
    };
    auto& e = inner.extents;
    e[0] = at(0), e[1] = at(1), e[2] = at(2), e[3] = at(3);
    e[4] = at(4), e[5] = at(5), e[6] = at(6), e[7] = at(7);
    return inner;
  }

  // Indices.

  /// a / b rounded up, or 0 where a is negative.
  INLAY_INLINE static constexpr index divide_up(index a, index b) { return inlay::divide_up(a, b); }
  INLAY_INLINE static constexpr index smaller(index a, index b) { return a < b ? a : b; }
  template <int Lanes>
  INLAY_INLINE static constexpr full<Lanes, index> shift(full<Lanes, index> j, index by) {
    return {j.at + by};
  }
  template <int Lanes>
  INLAY_INLINE static constexpr partial<Lanes, index> shift(partial<Lanes, index> j, index by) {
    return {j.at + by, j.count};
  }

  INLAY_INLINE static constexpr index larger(index a, index b) { return a > b ? a : b; }
  INLAY_INLINE static constexpr std::int64_t known(index i, std::int64_t) { return i; }

  template <class... Index>
  INLAY_INLINE static constexpr index index_of(tensor<std::int64_t const> const& t, index count,
                                               Index... i) {
    index const at = t.data[offset(t.strides, std::index_sequence_for<Index...>{}, i...)];
    auto const from_front = at < 0 ? at + count : at;
    return larger(smaller(from_front, count - 1), 0);
  }

  /// Memory of a kernel's own, for as long as it runs.
  template <class T, int Size> struct workspace {
    alignas(64) T elements[Size];

    template <class S> INLAY_INLINE constexpr explicit workspace(S const&) {}

    /// Rows of so many elements.
    INLAY_INLINE tensor<T> rows(int width) { return {elements, {Size / width, width}, {width, 1}}; }
  };

  // Control.

  template <class Body> INLAY_INLINE static constexpr void loop(index n, Body&& body) {
    for (index i = 0; i < n; ++i) body(i);
  }
  template <class Body>
  INLAY_INLINE static constexpr void loop_nest(shape const& extents, int axes, Body&& body) {
    index at[max_rank]{};
    for (;;) {
      for (int i = 0; i < axes; ++i) {
        if (extents[i] == 0) return;
      }
      body(static_cast<index const*>(at));
      int axis = axes - 1;
      while (axis >= 0 && ++at[axis] == extents[axis]) at[axis--] = 0;
      if (axis < 0) return;
    }
  }
  template <class Body>
  INLAY_INLINE static constexpr void loop_tiles(index n, index size, Body&& body) {
    for (index i = 0; i < n; i += size) body(smaller(i, n - size));
  }
  template <class Body>
  INLAY_INLINE static constexpr auto if_at_most(index a, index b, Body&& body) {
    if (a <= b) return body(std::true_type{});
    return body(std::false_type{});
  }
  // Not unrolled: Clang would spill the registers that `initial` may be.
  template <class V, class Body>
  INLAY_INLINE static constexpr V fold(index begin, index end, V initial, Body&& body) {
    _Pragma("GCC unroll 1") for (index i = begin; i < end; ++i) initial = body(i, initial);
    return initial;
  }

 protected:
  template <std::size_t... Axis, class... Index>
  INLAY_INLINE static constexpr index offset(shape const& strides, std::index_sequence<Axis...>,
                                             Index... i) {
    return (index{0} + ... + (static_cast<index>(i) * strides.extents[Axis]));
  }
};

INLAY_END_TARGET
