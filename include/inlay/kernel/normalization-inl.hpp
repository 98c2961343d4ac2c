// Normalization of channels by given statistics.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/kernel/normalization.hpp"
#include "inlay/kernel/results-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// *Order*: epsilon, as a T, is added to the variance; the scale is divided by the root of that,
/// once a channel; the mean is subtracted from x; the difference is multiplied by that quotient
/// and the bias added, fused.
/// *Shapes*: x and y [n, c, i], or `results` of y, scale, bias, mean, variance [c].
template <class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run(S& s, channel_normalization const& k,
                                tensor<T const, Memory> const& x,
                                tensor<T const, Memory> const& scale,
                                tensor<T const, Memory> const& bias,
                                tensor<T const, Memory> const& mean,
                                tensor<T const, Memory> const& variance, Results const& y) {
  auto const& to = results_to(y);
  auto const epsilon = s.template splat<T>(static_cast<T>(k.epsilon));
  s.loop(x.extents[1], [&](auto c) INLAY_INLINE_LAMBDA {
    auto const spread = s.broadcast(variance, c);
    auto const widened = s.add(spread, epsilon);
    auto const root = s.sqrt(widened);
    auto const numerator = s.broadcast(scale, c);
    auto const factor = s.divide(numerator, root);
    auto const center = s.broadcast(mean, c);
    auto const offset = s.broadcast(bias, c);
    s.loop(x.extents[0], [&](auto n) INLAY_INLINE_LAMBDA {
      typename S::index const at[] = {n, c};
      auto const row =
          to.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return s.slice(t, at, 2); });
      write_row(s, row, [&](auto i) INLAY_INLINE_LAMBDA {
        auto const element = s.load(x, n, c, i);
        auto const difference = s.subtract(element, center);
        return s.fma(difference, factor, offset);
      });
    });
  });
}

INLAY_END_TARGET
