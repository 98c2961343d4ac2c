// Transposed convolution over two axes, as plain ones.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/kernel/convolution-inl.hpp"
#include "inlay/kernel/transposed_convolution.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// *Order*: from +0, input rows that have a tap on the output, then input columns, then input
/// channels, each ascending, fused; taps beside the input count as products with +0, as far as the
/// taps of other outputs reach; the bias is added last.
/// *Shapes*: x [n, groups·c, h, w], weights [groups·c, o, rows, columns] or, in panels, [groups,
/// o/16, 16, rows, columns, c], bias [groups·o] or none, y [n, groups·o, p, q]. `Tile` has one row.
/// *Source*: V. Dumoulin, F. Visin, A guide to convolution arithmetic for deep learning, 2016: the
/// outputs of each residue modulo the strides are those of a convolution by some of the taps.
template <tile_shape Tile = tile_shape{}, class T, class Memory, stage S>
INLAY_INLINE constexpr void run(S& s, transposed_convolution const& k,
                                tensor<T const, Memory> const& x,
                                tensor<T const, Memory> const& weights,
                                tensor<T const, Memory> const& bias, tensor<T, Memory> const& y) {
  using index = typename S::index;
  constexpr auto tile = one_row_at_edges(tile_or_least<Tile, T, S>);
  bool const is_packed = weights.extents.size() > y.extents.size();
  auto const panels = right_in_panels(k, weights, is_packed);
  // No more than there are outputs: of their strides, a larger multiple might not fit.
  auto const rows_of_y = s.known(y.extents[2], k.rows.stride);
  auto const columns_of_y = s.known(y.extents[3], k.columns.stride);
  auto const row_step = k.rows.stride < rows_of_y ? k.rows.stride : rows_of_y;
  auto const column_step = k.columns.stride < columns_of_y ? k.columns.stride : columns_of_y;
  for (std::int64_t r = 0; r < row_step; ++r) {
    auto const rows = window_of_residue(k.rows, r);
    for (std::int64_t c = 0; c < column_step; ++c) {
      auto const columns = window_of_residue(k.columns, c);
      auto taps = panels;
      taps.data += rows.first_tap * panels.strides[3] + columns.first_tap * panels.strides[4];
      taps.extents[3] = rows.window.size;
      taps.extents[4] = columns.window.size;
      taps.strides[3] *= -rows.step;
      taps.strides[4] *= -columns.step;
      auto outputs = y;
      outputs.data += r * y.strides[2] + c * y.strides[3];
      outputs.extents[2] = s.divide_up(y.extents[2] - r, row_step);
      outputs.extents[3] = s.divide_up(y.extents[3] - c, column_step);
      outputs.strides[2] *= row_step;
      outputs.strides[3] *= column_step;
      convolution const plain{rows.window, columns.window, k.groups};
      convolve<tile>(s, with_pads<index>(plain, rows.window.pad, columns.window.pad), x, taps, bias,
                     outputs);
    }
  }
}

INLAY_END_TARGET
