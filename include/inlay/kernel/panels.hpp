// How the right-hand operand of a product lies in memory once it is packed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/checked.hpp"
#include "inlay/core/config.hpp"
#include "inlay/core/shape.hpp"

namespace inlay::inline INLAY_VERSION {

/// Right-hand operands are read in panels of so many columns, whatever a machine's vectors hold.
inline constexpr int panel_columns = 16;

/// How many panels so many columns fill.   17 → 2
constexpr std::int64_t panels_of(std::int64_t columns) { return divide_up(columns, panel_columns); }

/// A right-hand operand as it is in memory, its axes in the order of the panels: groups or batches
/// (with a stride of 0 where one repeats), then columns, then the steps of a sum. `Numbers` are one
/// an axis, as a stage's memory has them.
template <class Numbers> struct right_operand_of {
  Numbers extents;
  Numbers strides;           // in elements
  std::int64_t columns = 0;  // the axis

  friend constexpr bool operator==(right_operand_of const&, right_operand_of const&) = default;
};
using right_operand = right_operand_of<shape>;

/// A tensor in panels: the axes of an operand, of which the columns are two, panels and columns of
/// a panel. The last panel may not be whole.
template <class Numbers> struct panel_layout_of {
  Numbers extents;
  Numbers strides;
};
using panel_layout = panel_layout_of<shape>;

/// The operand in panels where it is.
///   extents {2, 40, 9}, strides {360, 1, 40}, columns 1 → {2, 3, 16, 9}, {360, 16, 1, 40}
template <class Numbers>
INLAY_INLINE constexpr panel_layout_of<Numbers> in_panels(right_operand_of<Numbers> const& right) {
  panel_layout_of<Numbers> panels;
  for (int i = 0; i < right.extents.size(); ++i) {
    if (i == right.columns) {
      panels.extents.push_back((right.extents[i] + (panel_columns - 1)) / panel_columns);
      panels.strides.push_back(right.strides[i] * panel_columns);
      panels.extents.push_back(panel_columns);
    } else {
      panels.extents.push_back(right.extents[i]);
    }
    panels.strides.push_back(right.strides[i]);
  }
  return panels;
}

/// How many columns each panel has room for: all, where they do not fill one.
constexpr std::int64_t panel_room(right_operand const& right) {
  auto const columns = right.extents[static_cast<int>(right.columns)];
  return columns < panel_columns ? columns : panel_columns;
}

/// The operand packed: groups, in each its panels, in each its steps, in each its columns, next to
/// each other. The last one of several panels is filled up.
///   the same operand → {2, 3, 16, 9}, {432, 144, 1, 16}
constexpr panel_layout packed_layout(right_operand const& right) {
  auto panels = in_panels(right);
  auto const lanes = static_cast<int>(right.columns) + 1;
  auto step = panel_room(right);
  for (int i = panels.extents.size() - 1; i >= 0; --i) {
    if (i == lanes) continue;
    bool const repeats = i < right.columns && right.strides[i] == 0;
    panels.strides[i] = repeats ? 0 : step;
    if (!repeats) step *= panels.extents[i];
  }
  panels.strides[lanes] = 1;
  return panels;
}

/// How many elements the packed operand has.
constexpr std::int64_t packed_size(right_operand const& right) {
  auto const panels = packed_layout(right);
  auto size = panel_room(right);
  for (int i = 0; i < panels.extents.size(); ++i) {
    if (panels.strides[i] != 0 && i != right.columns + 1) size *= panels.extents[i];
  }
  return size;
}

/// How far the columns of an operand are from each other, in elements.
constexpr std::int64_t column_stride(right_operand const& right) {
  return right.strides[static_cast<int>(right.columns)];
}
/// How many columns panel number `panel` has of so many.
constexpr std::int64_t columns_in(std::int64_t panel, std::int64_t columns) {
  auto const left = columns - panel * panel_columns;
  return left < panel_columns ? left : panel_columns;
}

/// Packs an operand: calls `put(to, from, count)` for each run of columns, with where it goes in
/// the packed operand, where its first element comes from, and how many there are, one column from
/// the other.
template <class Put> constexpr void pack_panels(right_operand const& right, Put&& put) {
  auto const axes = right.extents.size();
  auto counts = right.extents;
  auto const column_axis = static_cast<int>(right.columns);
  auto strides = right.strides;
  counts[column_axis] = panels_of(counts[column_axis]);
  strides[column_axis] *= panel_columns;
  for (int i = 0; i < column_axis; ++i) {
    if (strides[i] == 0) counts[i] = 1;
  }
  for (auto const count : counts) {
    if (count == 0) return;
  }
  std::int64_t at[max_rank]{};
  auto const room = panel_room(right);
  auto const columns = right.extents[column_axis];
  int const last = axes - 1;
  std::int64_t to = 0;
  std::int64_t from = 0;
  for (;;) {
    // Few statements inside: Clang counts them.
    auto const all = columns_in(at[column_axis], columns);
    for (std::int64_t i = 0; i < counts[last]; ++i, to += room, from += strides[last])
      put(to, from, column_axis == last ? columns_in(i, columns) : all);
    from -= counts[last] * strides[last];
    int axis = last - 1;
    if (axis < 0) return;
    from += strides[axis];
    while (++at[axis] == counts[axis]) {
      from -= counts[axis] * strides[axis];
      at[axis] = 0;
      if (--axis < 0) return;
      from += strides[axis];
    }
  }
}

}  // namespace inlay::inline INLAY_VERSION
