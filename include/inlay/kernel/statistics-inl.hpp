// The mean of a row, and how far its elements are from that.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// The sum of n elements at(0) … at(n-1), a reduction along lanes from +0, divided by n.
template <class T, stage S, class At>
INLAY_INLINE constexpr vec<S, T> mean_of(S& s, typename S::index n, At const& at) {
  auto const sum = s.template reduce_lanes<T>(
      n, T{0}, at, [&](auto const& a, auto const& b) INLAY_INLINE_LAMBDA { return s.add(a, b); });
  auto const count = s.template splat_index<T>(n);
  return s.divide(sum, count);
}

/// 1 / sqrt(v + epsilon), where v is the mean of the squares of at(0) … at(n-1), each rounded
/// before it is added.
template <class T, stage S, class At>
INLAY_INLINE constexpr vec<S, T> inverse_deviation(S& s, typename S::index n, double epsilon,
                                                   At const& at) {
  auto const variance = mean_of<T>(s, n, [&](auto j) INLAY_INLINE_LAMBDA {
    auto const difference = at(j);
    return s.multiply(difference, difference);
  });
  auto const more = s.template splat<T>(static_cast<T>(epsilon));
  auto const widened = s.add(variance, more);
  auto const deviation = s.sqrt(widened);
  auto const one = s.template splat<T>(1);
  return s.divide(one, deviation);
}

INLAY_END_TARGET
