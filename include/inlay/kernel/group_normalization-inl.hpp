// Normalization of groups of channels by their own statistics.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/kernel/group_normalization.hpp"
#include "inlay/kernel/results-inl.hpp"
#include "inlay/kernel/statistics-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// A group of each image as one row.   [n, g, c, i] → [n, g, c·i]
template <class T, class Memory>
INLAY_INLINE constexpr tensor<T, Memory> groups_as_rows(tensor<T, Memory> const& x) {
  auto const& e = x.extents;
  return {x.data, {e[0], e[1], e[2] * e[3]}, {x.strides[0], x.strides[1], x.strides[3]}};
}

/// *Order*: the mean of a group, then the mean of the squared differences from it, each as
/// `mean_of` adds; scale times the inverse deviation, once a channel; the difference times that,
/// plus bias, fused.
/// *Shapes*: x and y [n, g, c, i], contiguous from c on; scale and bias [g, c].
template <class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run(S& s, group_normalization const& k,
                                tensor<T const, Memory> const& x,
                                tensor<T const, Memory> const& scale,
                                tensor<T const, Memory> const& bias, Results const& y) {
  auto const& to = results_to(y);
  auto const rows = groups_as_rows(x);
  auto const size = rows.extents[2];
  s.loop(x.extents[0], [&](auto n) INLAY_INLINE_LAMBDA {
    s.loop(x.extents[1], [&](auto g) INLAY_INLINE_LAMBDA {
      auto const mean =
          mean_of<T>(s, size, [&](auto j) INLAY_INLINE_LAMBDA { return s.load(rows, n, g, j); });
      auto const inverse =
          inverse_deviation<T>(s, size, k.epsilon, [&](auto j) INLAY_INLINE_LAMBDA {
            auto const element = s.load(rows, n, g, j);
            return s.subtract(element, mean);
          });
      s.loop(x.extents[2], [&](auto c) INLAY_INLINE_LAMBDA {
        auto const weight = s.broadcast(scale, g, c);
        auto const factor = s.multiply(weight, inverse);
        auto const offset = s.broadcast(bias, g, c);
        typename S::index const at[] = {n, g, c};
        auto const row =
            to.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return s.slice(t, at, 3); });
        write_row(s, row, [&](auto i) INLAY_INLINE_LAMBDA {
          auto const element = s.load(x, n, g, c, i);
          auto const difference = s.subtract(element, mean);
          return s.fma(difference, factor, offset);
        });
      });
    });
  });
}

INLAY_END_TARGET
