// When a convolution goes by channels alone.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/config.hpp"
#include "inlay/core/shape.hpp"
#include "inlay/kernel/panels.hpp"

namespace inlay::inline INLAY_VERSION {

/// Whether a convolution is depthwise: each group has one channel, and there are more groups than
/// outputs in one, so that vectors go along the groups rather than along the outputs.
template <class Index>
INLAY_INLINE constexpr bool is_depthwise(std::int64_t groups, Index channels_of_group,
                                         Index outputs_of_group) {
  return channels_of_group == 1 && outputs_of_group < groups;
}

/// The weights of a depthwise convolution, of extents [groups, outputs of a group, rows, columns]
/// and these strides: [outputs of a group, groups, rows, columns, 1], in which the groups are the
/// columns of the panels.
template <class Numbers>
INLAY_INLINE constexpr right_operand_of<Numbers> depthwise_right(Numbers const& extents,
                                                                 Numbers const& strides) {
  return {{extents[1], extents[0], extents[2], extents[3], 1},
          {strides[1], strides[0], strides[2], strides[3], 0},
          1};
}

}  // namespace inlay::inline INLAY_VERSION
