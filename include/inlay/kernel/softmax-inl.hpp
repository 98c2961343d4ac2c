// Softmax along one axis.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/least_value.hpp"
#include "inlay/kernel/math-inl.hpp"
#include "inlay/kernel/softmax.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// *Order*: the sum is a reduction along lanes (see `reduction_lanes`), from +0.
/// *Shapes*: x and y [outer, axis, inner].
template <class T, stage S>
INLAY_INLINE constexpr void run(S& s, softmax_normalization const&, tensor<T const> const& x,
                                tensor<T> const& y) {
  auto const n = x.extents[1];
  s.loop(x.extents[0], [&](auto o) {
    s.loop(x.extents[2], [&](auto i) {
      auto const largest = s.template reduce_lanes<T>(
          n, least_value<T>(), [&](auto j) { return s.load(x, o, j, i); },
          [&](auto const& a, auto const& b) { return s.max(a, b); });
      auto const sum = s.template reduce_lanes<T>(
          n, T{0},
          [&](auto j) {
            auto const a = s.load(x, o, j, i);
            auto const difference = s.subtract(a, largest);
            auto const power = exp<T>(s, difference);
            s.store(y, o, j, i, power);
            return power;
          },
          [&](auto const& a, auto const& b) { return s.add(a, b); });
      s.template loop_lanes<T>(n, [&](auto j) {
        auto const power = s.load(y, o, j, i);
        auto const quotient = s.divide(power, sum);
        s.store(y, o, j, i, quotient);
      });
    });
  });
}

INLAY_END_TARGET
