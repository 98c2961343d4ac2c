// Convolution and pooling over two axes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/least_value.hpp"
#include "inlay/kernel/convolution.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// The part of a window that lies on the input: its elements [begin, end), where element k looks at
/// input first + k·dilation.
template <class Index> struct taps {
  Index first;
  Index begin;
  Index end;
};

/// size 3, stride 2, pad 1, output 0 of 5 inputs → first -1, elements [1, 3)
template <stage S, class Index>
INLAY_INLINE constexpr taps<Index> taps_of(S& s, window_axis const& w, Index output,
                                           std::int64_t inputs) {
  auto const first = output * w.stride - w.pad;
  auto const begin = s.divide_up(-first, w.dilation);
  auto const reached = s.divide_up(inputs - first, w.dilation);
  auto const end = s.smaller(reached, w.size);
  return {first, begin, end};
}

/// *Order*: from +0, rows of the window, then its columns, then input channels, each ascending,
/// fused; taps on the padding are left out; the bias is added last.
/// *Shapes*: x [n, groups·c, h, w], weights [o, c, rows, columns], bias [o] or none, y [n, o, p,
/// q].
template <class T, stage S>
INLAY_INLINE constexpr void run(S& s, convolution const& k, tensor<T const> const& x,
                                tensor<T const> const& weights, tensor<T const> const& bias,
                                tensor<T> const& y) {
  auto const channels = weights.extents[1];
  auto const outputs = y.extents[1] / k.groups;
  auto const zero = s.template splat<T>(0);
  s.loop(y.extents[0], [&](auto n) {
    s.loop(k.groups, [&](auto g) {
      s.template loop_lanes<T>(outputs, [&](auto lane) {
        auto const o = s.shift(lane, g * outputs);
        s.loop(y.extents[2], [&](auto p) {
          auto const rows = taps_of(s, k.rows, p, x.extents[2]);
          s.loop(y.extents[3], [&](auto q) {
            auto const columns = taps_of(s, k.columns, q, x.extents[3]);
            auto sum = s.fold(rows.begin, rows.end, zero, [&](auto ky, auto row_sum) {
              auto const row = rows.first + ky * k.rows.dilation;
              return s.fold(columns.begin, columns.end, row_sum, [&](auto kx, auto column_sum) {
                auto const column = columns.first + kx * k.columns.dilation;
                return s.fold(0, channels, column_sum, [&](auto c, auto accumulator) {
                  auto const a = s.broadcast(x, n, g * channels + c, row, column);
                  auto const b = s.load(weights, o, c, ky, kx);
                  return s.fma(a, b, accumulator);
                });
              });
            });
            if (bias.data != nullptr) {
              auto const offset = s.load(bias, o);
              sum = s.add(sum, offset);
            }
            s.store(y, n, o, p, q, sum);
          });
        });
      });
    });
  });
}

/// *Order*: from the lowest number, rows of the window, then its columns; not a number if one of
/// them is. Taps on the padding are left out.
/// *Shapes*: x [n, c, h, w], y [n, c, p, q].
template <class T, stage S>
INLAY_INLINE constexpr void run(S& s, max_pooling const& k, tensor<T const> const& x,
                                tensor<T> const& y) {
  auto const lowest = s.template splat<T>(least_value<T>());
  s.loop(y.extents[0], [&](auto n) {
    s.template loop_lanes<T>(y.extents[1], [&](auto c) {
      s.loop(y.extents[2], [&](auto p) {
        auto const rows = taps_of(s, k.rows, p, x.extents[2]);
        s.loop(y.extents[3], [&](auto q) {
          auto const columns = taps_of(s, k.columns, q, x.extents[3]);
          auto const largest = s.fold(rows.begin, rows.end, lowest, [&](auto ky, auto row_max) {
            auto const row = rows.first + ky * k.rows.dilation;
            return s.fold(columns.begin, columns.end, row_max, [&](auto kx, auto column_max) {
              auto const column = columns.first + kx * k.columns.dilation;
              auto const a = s.load(x, n, c, row, column);
              return s.max(column_max, a);
            });
          });
          s.store(y, n, c, p, q, largest);
        });
      });
    });
  });
}

INLAY_END_TARGET
