// Normalization of rows by their own statistics.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/kernel/results-inl.hpp"
#include "inlay/kernel/row_normalization.hpp"
#include "inlay/kernel/statistics-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// *Order*: the mean, then the mean of the squared differences from it, each as `mean_of` adds;
/// the difference times the inverse deviation, then times scale, plus bias, fused.
/// *Shapes*: x and y [outer, n], scale and bias [n], bias or none.
template <class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run(S& s, layer_normalization const& k,
                                tensor<T const, Memory> const& x,
                                tensor<T const, Memory> const& scale,
                                tensor<T const, Memory> const& bias, Results const& y) {
  auto const& to = results_to(y);
  auto const n = x.extents[1];
  s.loop(x.extents[0], [&](auto o) INLAY_INLINE_LAMBDA {
    auto const mean = mean_of<T>(s, n, [&](auto j) INLAY_INLINE_LAMBDA { return s.load(x, o, j); });
    auto const difference_at = [&](auto j) INLAY_INLINE_LAMBDA {
      auto const element = s.load(x, o, j);
      return s.subtract(element, mean);
    };
    auto const inverse = inverse_deviation<T>(s, n, k.epsilon, difference_at);
    auto const row = to.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return s.slice(t, &o, 1); });
    write_row(s, row, [&](auto j) INLAY_INLINE_LAMBDA {
      auto const difference = difference_at(j);
      auto const normal = s.multiply(difference, inverse);
      auto const factor = s.load(scale, j);
      if (bias.data == nullptr) return s.multiply(normal, factor);
      auto const offset = s.load(bias, j);
      return s.fma(normal, factor, offset);
    });
  });
}

/// *Order*: the mean of the squares as `mean_of` adds; x times the inverse deviation, then times
/// scale.
/// *Shapes*: x and y [outer, n], scale [n].
template <class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run(S& s, root_mean_square_normalization const& k,
                                tensor<T const, Memory> const& x,
                                tensor<T const, Memory> const& scale, Results const& y) {
  auto const& to = results_to(y);
  auto const n = x.extents[1];
  s.loop(x.extents[0], [&](auto o) INLAY_INLINE_LAMBDA {
    auto const element_at = [&](auto j) INLAY_INLINE_LAMBDA { return s.load(x, o, j); };
    auto const inverse = inverse_deviation<T>(s, n, k.epsilon, element_at);
    auto const row = to.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return s.slice(t, &o, 1); });
    write_row(s, row, [&](auto j) INLAY_INLINE_LAMBDA {
      auto const element = element_at(j);
      auto const normal = s.multiply(element, inverse);
      auto const factor = s.load(scale, j);
      return s.multiply(normal, factor);
    });
  });
}

INLAY_END_TARGET
