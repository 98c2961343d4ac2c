// Along which axes the results of a step can be cut into parts that are computed alone.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/checked.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/kernel/convolution.hpp"
#include "inlay/kernel/depthwise.hpp"
#include "inlay/kernel/group_normalization.hpp"
#include "inlay/kernel/matrix_product.hpp"
#include "inlay/kernel/normalization.hpp"
#include "inlay/kernel/panels.hpp"
#include "inlay/kernel/pooling.hpp"
#include "inlay/kernel/reduction.hpp"
#include "inlay/kernel/row_gathering.hpp"
#include "inlay/kernel/row_normalization.hpp"
#include "inlay/kernel/softmax.hpp"
#include "inlay/kernel/transposed_convolution.hpp"
#include "inlay/kernel/transposition.hpp"
#include "inlay/kernel/window.hpp"
#include "inlay/op/lowering.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// What a unit of a cut is of one tensor: so many indices along an axis, or the tensor as a whole.
struct cut_axis {
  int axis = -1;
  std::int64_t unit = 1;
  friend constexpr bool operator==(cut_axis const&, cut_axis const&) = default;
};

/// What of a kernel's parameters depends on the part.
enum class cut_parameter : std::uint8_t { none, groups, rows, columns };

/// No kernel has more inputs of its own.
inline constexpr std::size_t most_kernel_inputs = 5;

/// A way to cut a step: along one axis of what it writes. The tensors of its links are cut as that
/// is. A part writes at least `least` indices along the axis, or another kernel would compute it.
/// With `rows` or `columns`, the first input is what windows look at, and is not cut by units.
struct step_cut {
  cut_axis output;
  cut_axis inputs[most_kernel_inputs]{};
  cut_parameter parameter = cut_parameter::none;
  std::int64_t least = 1;
};

using step_cuts = vector<step_cut>;

/// A step's tensors, those of its links behind its kernel's inputs.
struct step_tensors {
  span<layout const> inputs;
  layout const& output;
  bool has_rows;     // an ending needs whole rows
  bool is_pooled;    // the output is a largest pooling of 2x2
  bool has_readers;  // the first inputs are what makes the kernel's
  constexpr std::int64_t extent(int axis) const { return output.extents[axis]; }
  /// Of the kernel itself, which are two along an axis for each pooled one.
  constexpr std::int64_t outputs_along(int axis) const {
    return is_pooled && axis > 1 ? 2 * extent(axis) : extent(axis);
  }
};

/// Vectors begin at multiples of so many elements, and lines of a cache do if the tensor does.
inline constexpr std::int64_t elements_of_line = 16;

/// A cut of all tensors along the same axis.
constexpr step_cut along(int axis, std::int64_t unit = 1) {
  step_cut c;
  c.output = {axis, unit};
  for (auto& input : c.inputs) input = c.output;
  return c;
}
/// The same of the first input alone.
constexpr step_cut along_first(int axis, std::int64_t unit = 1) {
  step_cut c;
  c.output = c.inputs[0] = {axis, unit};
  return c;
}

/// What computes element by element.
struct elements_alone {};

constexpr void find_cuts(elements_alone const&, step_tensors const& t, step_cuts& to) {
  int const last = t.output.extents.size() - 1;
  for (int axis = 0; axis <= last; ++axis) {
    to.push_back(along(axis, axis == last ? 4 * elements_of_line : 1));
  }
}

constexpr void find_cuts(transposition const&, step_tensors const& t, step_cuts& to) {
  int const last = t.output.extents.size() - 1;
  for (int axis = 0; axis <= last; ++axis) {
    to.push_back(along(axis, axis + 1 < last ? 1 : elements_of_line));
  }
}

/// Rows where there are many, since each part reads all of the right-hand side then.
constexpr void find_cuts(matrix_product const&, step_tensors const& t, step_cuts& to) {
  int const columns = t.output.extents.size() - 1;
  int const rows = columns - 1;
  for (int axis = 0; axis < rows; ++axis) to.push_back(along(axis));
  step_cut by_rows;
  by_rows.output = by_rows.inputs[0] = by_rows.inputs[2] = {rows, 1};
  step_cut by_columns;
  by_columns.output = by_columns.inputs[2] = {columns, panel_columns};
  bool const is_packed = t.inputs[1].extents.size() > t.output.extents.size();
  by_columns.inputs[1] = {is_packed ? rows : columns, is_packed ? 1 : panel_columns};
  // Of few columns, sums are halved.
  by_columns.least = panel_columns + 1;
  bool const has_many_rows = t.extent(rows) >= 32;
  if (has_many_rows) to.push_back(by_rows);
  if (!t.has_rows && !matrix_product::is_halved(t.extent(columns))) to.push_back(by_columns);
  if (!has_many_rows) to.push_back(by_rows);
}

/// The rows of an image, and its columns, where no window lies behind the image as a whole.
template <class Kernel>
constexpr void add_image_cuts(Kernel const& k, step_tensors const& t, step_cuts& to) {
  for (auto const parameter : {cut_parameter::rows, cut_parameter::columns}) {
    bool const are_rows = parameter == cut_parameter::rows;
    auto const& w = are_rows ? k.rows : k.columns;
    int const axis = are_rows ? 2 : 3;
    if ((t.outputs_along(axis) - 1) * w.stride - w.pad > t.inputs[0].extents[axis]) continue;
    step_cut c;
    c.output = {axis, 1};
    c.parameter = parameter;
    to.push_back(c);
  }
}

/// The groups of a convolution of any kind, whose packed weights begin with them.
constexpr step_cut cut_of_groups(std::int64_t groups, step_tensors const& t) {
  auto const& weights = t.inputs[1].extents;
  step_cut c;
  c.output = c.inputs[2] = {1, t.extent(1) / groups};
  c.inputs[2].axis = 0;
  c.inputs[0] = {1, t.inputs[0].extents[1] / groups};
  c.inputs[1] = {0, weights.size() > 4 ? 1 : weights[0] / groups};
  c.parameter = cut_parameter::groups;
  return c;
}

constexpr void find_cuts(convolution const& k, step_tensors const& t, step_cuts& to) {
  auto const& x = t.inputs[0].extents;
  auto const& weights = t.inputs[1].extents;
  bool const is_packed = weights.size() > 4;
  to.push_back(along_first(0));
  step_cuts of_channels;
  if (is_depthwise(k.groups, x[1] / k.groups, t.extent(1) / k.groups)) {
    auto const multiple = t.extent(1) / k.groups;
    step_cut c;
    c.output = {1, panel_columns * multiple};
    c.inputs[0] = {1, panel_columns};
    c.inputs[1] = {is_packed ? 1 : 0, is_packed ? 1 : panel_columns * multiple};
    c.inputs[2] = {0, panel_columns * multiple};
    c.parameter = cut_parameter::groups;
    c.least = multiple * multiple + 1;  // it stays depthwise
    of_channels.push_back(c);
  } else if (k.groups > 1) {
    of_channels.push_back(cut_of_groups(k.groups, t));
  } else {
    step_cut c;
    c.output = {1, panel_columns};
    c.inputs[1] = {is_packed ? 1 : 0, is_packed ? 1 : panel_columns};
    c.inputs[2] = {0, panel_columns};
    of_channels.push_back(c);
  }
  // What there is more of is read by one part alone.
  bool const are_first = elements_of(weights) > elements_of(x);
  if (are_first) to.append(of_channels.data(), of_channels.size());
  add_image_cuts(k, t, to);
  if (!are_first) to.append(of_channels.data(), of_channels.size());
}

constexpr void find_cuts(transposed_convolution const& k, step_tensors const& t, step_cuts& to) {
  to.push_back(along_first(0));
  if (k.groups > 1) return to.push_back(cut_of_groups(k.groups, t));
  bool const is_packed = t.inputs[1].extents.size() > 4;
  step_cut c;
  c.output = {1, panel_columns};
  c.inputs[1] = {1, is_packed ? 1 : panel_columns};
  c.inputs[2] = {0, panel_columns};
  to.push_back(c);
}

constexpr void add_pooling_cuts(step_tensors const& t, step_cuts& to) {
  to.push_back(along_first(0));
  to.push_back(along_first(1, t.inputs[0].strides[1] == 1 ? elements_of_line : 1));
}
constexpr void find_cuts(max_pooling const& k, step_tensors const& t, step_cuts& to) {
  add_pooling_cuts(t, to);
  add_image_cuts(k, t, to);
}
constexpr void find_cuts(average_pooling const& k, step_tensors const& t, step_cuts& to) {
  add_pooling_cuts(t, to);
  // What lies on the padding is counted from the first row of the image.
  if (k.counts_padding == 0) add_image_cuts(k, t, to);
}

/// y [kept…, 1] and x [kept…, a, b, c, n], or y [kept…, columns] and x [kept…, a, b, c, n,
/// columns]; y stays contiguous.
constexpr void add_reduction_cuts(step_tensors const& t, step_cuts& to) {
  int const rank = t.output.extents.size();
  bool const has_columns = t.inputs[0].extents.size() == rank + 4;
  if (rank > 1) return to.push_back(along_first(0));
  if (!has_columns) return;
  auto c = along_first(0, elements_of_line);
  c.inputs[0].axis = 4;
  to.push_back(c);
}
constexpr void find_cuts(reduction const&, step_tensors const& t, step_cuts& to) {
  add_reduction_cuts(t, to);
}
constexpr void find_cuts(log_sum_exp_reduction const&, step_tensors const& t, step_cuts& to) {
  add_reduction_cuts(t, to);
}

/// y [outer, …] and x likewise, or what makes it [outer…, n].
constexpr void add_row_cuts(step_tensors const& t, step_cuts& to) {
  auto c = along_first(0);
  auto const& x = t.inputs[0].extents;
  for (int i = 1; t.has_readers && i + 1 < x.size(); ++i) c.output.unit *= x[i];
  to.push_back(c);
}
constexpr void find_cuts(softmax_normalization const&, step_tensors const& t, step_cuts& to) {
  add_row_cuts(t, to);
}
constexpr void find_cuts(log_softmax_normalization const&, step_tensors const& t, step_cuts& to) {
  add_row_cuts(t, to);
}
constexpr void find_cuts(layer_normalization const&, step_tensors const& t, step_cuts& to) {
  add_row_cuts(t, to);
}
constexpr void find_cuts(root_mean_square_normalization const&, step_tensors const& t,
                         step_cuts& to) {
  add_row_cuts(t, to);
}

/// Images, or the groups or channels of them, of which the parameters have one row each.
constexpr void add_channel_cuts(step_cuts& to) {
  to.push_back(along_first(0));
  auto c = along(1);
  for (std::size_t i = 1; i < most_kernel_inputs; ++i) c.inputs[i].axis = 0;
  to.push_back(c);
}
constexpr void find_cuts(channel_normalization const&, step_tensors const&, step_cuts& to) {
  add_channel_cuts(to);
}
constexpr void find_cuts(group_normalization const&, step_tensors const&, step_cuts& to) {
  add_channel_cuts(to);
}

constexpr void find_cuts(row_gathering const&, step_tensors const&, step_cuts& to) {
  to.push_back(along_first(0));
  step_cut by_indices;
  by_indices.output = {1, 1};
  by_indices.inputs[1] = {0, 1};
  to.push_back(by_indices);
  to.push_back(along_first(2, elements_of_line));
}

/// The rows or columns of an image that outputs [begin, end) look at, and the padding in front of
/// them.   size 3, stride 1, pad 1, outputs [2, 4) of 9 rows → [1, 5), pad 0
struct window_part {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::int64_t pad = 0;
};
constexpr window_part part_under(window_axis const& w, std::int64_t begin, std::int64_t end,
                                 std::int64_t inputs) {
  auto const first = begin * w.stride - w.pad;
  auto const behind = (end - 1) * w.stride - w.pad + (w.size - 1) * w.dilation + 1;
  window_part part;
  part.begin = first < 0 ? 0 : first;
  part.end = behind > inputs ? inputs : behind < part.begin ? part.begin : behind;
  part.pad = part.begin - first;
  return part;
}

/// Outputs [begin, end) of a kernel along the axis that is cut, of `count`.
struct output_part {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::int64_t count = 0;
};

/// Makes of a kernel whose first input is x one of a part of its outputs: how many elements behind
/// where it was its first input begins.
template <class Kernel>
constexpr std::int64_t narrow_kernel(Kernel& k, step_cut const& c, output_part const& part,
                                     layout& x) {
  if constexpr (requires { k.groups; }) {
    if (c.parameter == cut_parameter::groups) {
      k.groups = (part.end - part.begin) * k.groups / part.count;
    }
  }
  if constexpr (requires { k.rows.size; }) {
    if (c.parameter == cut_parameter::rows || c.parameter == cut_parameter::columns) {
      bool const are_rows = c.parameter == cut_parameter::rows;
      auto& w = are_rows ? k.rows : k.columns;
      int const axis = are_rows ? 2 : 3;
      auto const seen = part_under(w, part.begin, part.end, x.extents[axis]);
      w.pad = seen.pad;
      x.extents[axis] = seen.end - seen.begin;
      return seen.begin * x.strides[axis];
    }
  }
  return 0;
}

}  // namespace inlay::inline INLAY_VERSION::detail
