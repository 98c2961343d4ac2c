// Normalization of rows by their own statistics.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/kernel/reader-inl.hpp"
#include "inlay/kernel/results-inl.hpp"
#include "inlay/kernel/row_normalization.hpp"
#include "inlay/kernel/statistics-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// *Order*: the mean, then the mean of the squared differences from it, each as `mean_of` adds;
/// the difference times the inverse deviation, then times scale, plus bias, fused.
/// *Shapes*: x and y [outer, n], a reader [outer…, n]; scale and bias [n], bias or none.
template <stage S, class X, class T, class Memory, class Results>
INLAY_INLINE constexpr void run(S& s, layer_normalization const& k, X const& x,
                                tensor<T const, Memory> const& scale,
                                tensor<T const, Memory> const& bias, Results const& y) {
  auto const& to = results_to(y);
  auto const n = to.y.extents[1];
  s.loop(to.y.extents[0], [&](auto o) INLAY_INLINE_LAMBDA {
    auto const from = row_of(s, x, o);
    auto const row = to.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return s.slice(t, &o, 1); });
    kept_row const elements{from, row.y};
    auto const mean =
        mean_of<T>(s, n, [&](auto j) INLAY_INLINE_LAMBDA { return elements.first(s, j); });
    auto const difference_at = [&](auto j) INLAY_INLINE_LAMBDA {
      auto const element = elements.again(s, j);
      return s.subtract(element, mean);
    };
    auto const inverse = inverse_deviation<T>(s, n, k.epsilon, difference_at);
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
/// *Shapes*: x and y [outer, n], a reader [outer…, n]; scale [n].
template <stage S, class X, class T, class Memory, class Results>
INLAY_INLINE constexpr void run(S& s, root_mean_square_normalization const& k, X const& x,
                                tensor<T const, Memory> const& scale, Results const& y) {
  auto const& to = results_to(y);
  auto const n = to.y.extents[1];
  s.loop(to.y.extents[0], [&](auto o) INLAY_INLINE_LAMBDA {
    auto const from = row_of(s, x, o);
    auto const row = to.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return s.slice(t, &o, 1); });
    kept_row const elements{from, row.y};
    auto const inverse = inverse_deviation<T>(
        s, n, k.epsilon, [&](auto j) INLAY_INLINE_LAMBDA { return elements.first(s, j); });
    write_row(s, row, [&](auto j) INLAY_INLINE_LAMBDA {
      auto const element = elements.again(s, j);
      auto const normal = s.multiply(element, inverse);
      auto const factor = s.load(scale, j);
      return s.multiply(normal, factor);
    });
  });
}

INLAY_END_TARGET
