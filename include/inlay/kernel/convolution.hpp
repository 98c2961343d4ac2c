// What a convolution needs to know besides its tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/config.hpp"
#include "inlay/core/shape.hpp"
#include "inlay/kernel/depthwise.hpp"
#include "inlay/kernel/tile.hpp"
#include "inlay/kernel/window.hpp"

namespace inlay::inline INLAY_VERSION {

/// y[n,o,p,q] = sum over ky, kx, c of x[n, g·C + c, p·… + ky, q·… + kx] · w[o,c,ky,kx] + b[o],
/// where o is in group g. The pads are indices of a stage.
template <class Index> struct convolution_along {
  static constexpr int inputs = 3;
  static constexpr bool takes_tape = true;
  window_along<Index> rows;
  window_along<Index> columns;
  std::int64_t groups = 1;

  /// The zeros around its images.
  constexpr image_border border(shape const& x, shape const& y) const {
    return border_of(rows, columns, x, y);
  }
  /// The same over images that have their border.
  constexpr convolution_along without_border() const {
    auto k = *this;
    k.rows.pad = k.columns.pad = 0;
    return k;
  }
  /// Whether the largest of 2x2 outputs each can be had from it: where windows lie on the image or
  /// on its border.
  constexpr bool can_pool(shape const& x, shape const& y, bool has_border) const {
    auto const c = x[1] / groups;
    return !is_depthwise(groups, c, y[1] / groups) && (has_border || border(x, y).is_empty());
  }
  /// What tiles cut up: the pixels of an image, one by one where windows hang over it, and the
  /// outputs of a group.
  constexpr product_extents product(shape const& x, shape const& y) const {
    auto const outputs = y[1] / groups;
    product_steps const steps{rows.size, columns.size, x[1] / groups};
    auto const across = whole_outputs(columns, x[3], y[3]);
    if (is_depthwise(groups, x[1] / groups, outputs)) {
      auto const count = across.end - across.begin;
      // Not more of them than leave registers for sums.
      bool const are_shared = columns.stride == 1 && columns.dilation == 1 && columns.size <= 7;
      return {count, 1, count, across.covers(y[3]), steps, false, 0, are_shared ? columns.size : 0};
    }
    bool const is_inside = whole_outputs(rows, x[2], y[2]).covers(y[2]) && across.covers(y[3]);
    return {is_inside ? y[2] * y[3] : 1, outputs, is_inside ? y[3] : 1, is_inside, steps, false,
            columns.stride * x[1]};
  }
  /// The weights [o, c, rows, columns]: [groups, o/groups, rows, columns, c].
  template <class Numbers = shape>
  INLAY_INLINE constexpr right_operand_of<Numbers> right(Numbers const& e, Numbers const& s) const {
    auto const outputs = e[0] / groups;
    if (is_depthwise(groups, e[1], outputs)) {
      return depthwise_right<Numbers>({groups, outputs, e[2], e[3]},
                                      {outputs * s[0], s[0], s[2], s[3]});
    }
    return {{groups, outputs, e[2], e[3], e[1]}, {outputs * s[0], s[0], s[2], s[3], s[1]}, 1};
  }
};
using convolution = convolution_along<std::int64_t>;

/// The same convolution with other kinds of pads.
template <class Index>
INLAY_INLINE constexpr convolution_along<Index> with_pads(convolution const& k, Index const& above,
                                                          Index const& left) {
  return {with_pad(k.rows, above), with_pad(k.columns, left), k.groups};
}

/// Looks at the tensors of a convolution as at longer runs, in the same order: the columns of its
/// window and its channels as one axis, the image as one row. Where that cannot be, nothing
/// changes.
/// *Shapes*: x [n, c, h, w], right in panels, y [n, o, p, q], each with extents and strides.
///   a window of 3x3 over 64 channels, which are next to each other → of 3x1 over 192
template <class Layout>
INLAY_INLINE constexpr void join_axes(convolution& k, Layout& x, Layout& right, Layout& y) {
  auto& rows = k.rows;
  auto& columns = k.columns;
  bool const is_whole = whole_outputs(columns, x.extents[3], y.extents[3]).covers(y.extents[3]);
  auto const channels = x.extents[1];
  if (columns.size > 1 && columns.dilation == 1 && k.groups == 1 && is_whole &&
      (channels == 1 || (x.strides[3] == channels * x.strides[1] &&
                         right.strides[4] == channels * right.strides[5]))) {
    if (channels == 1) {
      x.strides[1] = x.strides[3];
      right.strides[5] = right.strides[4];
    }
    x.extents[1] = right.extents[5] = channels * columns.size;
    right.extents[4] = 1;
    x.extents[3] -= columns.size - 1;
    columns.size = 1;
  }
  if (rows.size == 1 && columns.size == 1 && rows.stride == 1 && columns.stride == 1 &&
      x.extents[2] == y.extents[2] && x.extents[3] == y.extents[3] &&
      x.strides[2] == x.extents[3] * x.strides[3] && y.strides[2] == y.extents[3] * y.strides[3]) {
    x.extents[3] *= x.extents[2];
    y.extents[3] *= y.extents[2];
    x.extents[2] = y.extents[2] = 1;
  }
}

}  // namespace inlay::inline INLAY_VERSION
