// Which axes a reduction reduces, and how its kernel sees them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/kernel/reduction.hpp"
#include "inlay/op/lowering.hpp"
#include "inlay/op/squeeze.hpp"

namespace inlay::inline INLAY_VERSION::detail {

inline constexpr attribute_rule reduction_attributes[] = {
    {"keepdims", attribute_kind::integer}, {"noop_with_empty_axes", attribute_kind::integer}};

/// The axes of the second input; without any, all, or none where the node says so.
constexpr result<named_axes> reduced_axes(auto const& n) {
  int const rank = n.input_shape(0).size();
  auto axes = axes_of(n, rank);
  if (!axes || !axes->is_known || axes->count > 0) return axes;
  if (n.integer("noop_with_empty_axes", 0) != 0) return axes;
  auto all = *axes;
  for (int i = 0; i < rank; ++i) all.is_named[i] = true;
  return all;
}

/// The type rule of all reductions: reduced axes have the extent 1, or go where `keepdims` is 0.
///   {2, 3, 4} over {1} → {2, 1, 4}
constexpr result<tensor_type> infer_reduction(auto const& n) {
  auto const& x = n.input(0);
  auto const axes = reduced_axes(n);
  if (!axes) return axes.failure();
  if (!axes->is_known) return without_shape(x.element);
  bool const keeps = n.integer("keepdims", 1) != 0;
  shape y;
  for (int i = 0; i < x.shape.size(); ++i) {
    if (!axes->is_named[i]) y.push_back(x.shape[i]);
    else if (keeps) y.push_back(1);
  }
  return tensor_type{x.element, y};
}

/// Neighbouring axes of which all are reduced or none is, as one.
struct axis_group {
  std::int64_t extent = 1;
  std::int64_t stride = 1;
  bool is_reduced = false;
};

/// The axes of a tensor in groups, which take turns; axes of extent 1 are in none.
struct axis_groups {
  axis_group at[max_rank]{};
  int count = 0;
  bool are_axes = true;  // one stride leads through each

  constexpr axis_groups(layout const& x, named_axes const& axes) {
    for (int i = 0; i < x.extents.size(); ++i) {
      auto const extent = x.extents[i];
      auto const stride = x.strides[i];
      if (extent == 1) continue;
      bool const is_new = count == 0 || at[count - 1].is_reduced != axes.is_named[i];
      if (is_new) at[count++].is_reduced = axes.is_named[i];
      auto& group = at[count - 1];
      are_axes = are_axes && (is_new || group.stride == extent * stride);
      group.extent *= extent;
      group.stride = stride;
    }
  }
  constexpr bool reduces_nothing_to_something() const {
    for (auto const& group : at) {
      if (group.is_reduced && group.extent == 0) return true;
    }
    return false;
  }
};

constexpr bool reads_reduced(auto const& n, int input, layout const& x) {
  return input == 0 && axis_groups(x, *reduced_axes(n)).are_axes;
}

/// The tensors of a reduction, as kernel/reduction-inl.hpp wants them. The kernel does not see the
/// second input.
///   {2, 3, 4, 5} over {1, 2} → y {2, 5}, x {2, 1, 1, 1, 12, 5}
///   {2, 3, 4, 5} over {0, 3} → y {12, 1}, x {12, 1, 1, 2, 5}
constexpr void lower_reduction(auto const& n, lowering& l) {
  auto const element = l.inputs[0].element;
  axis_groups const groups(l.inputs[0], *reduced_axes(n));
  layout x;
  x.element = element;
  shape kept;
  auto const add = [&](std::int64_t extent, std::int64_t stride) {
    x.extents.push_back(extent);
    x.strides.push_back(stride);
  };
  l.inputs.truncate(1);
  if (groups.reduces_nothing_to_something()) {
    auto const columns = elements_of(l.outputs[0].extents);
    for (auto const extent : {1, 1, 1, 0}) add(extent, 0);
    add(columns, 1);
    l.inputs[0] = x;
    l.outputs[0] = layout(element, {columns});
    return;
  }
  // The last group that is reduced and the last one that is kept have axes of their own.
  int outer = groups.count;
  axis_group columns;
  axis_group rows;
  bool const has_columns = outer > 0 && !groups.at[outer - 1].is_reduced;
  if (has_columns) columns = groups.at[--outer];
  if (outer > 0) rows = groups.at[--outer];
  int reduced = 0;
  for (int i = 0; i < outer; ++i) {
    auto const& group = groups.at[i];
    if (group.is_reduced) ++reduced;
    else kept.push_back(group.extent), add(group.extent, group.stride);
  }
  for (int i = reduced; i < 3; ++i) add(1, 0);
  for (int i = 0; i < outer; ++i) {
    auto const& group = groups.at[i];
    if (group.is_reduced) add(group.extent, group.stride);
  }
  add(rows.extent, rows.stride);
  if (has_columns) add(columns.extent, columns.stride);
  kept.push_back(columns.extent);
  l.inputs[0] = x;
  l.outputs[0] = layout(element, kept);
}

/// How the kernel sees a tensor of which element operators make its input; false where it cannot.
constexpr bool see_through(reduction const&, auto const& n, layout& x) {
  axis_groups const groups(x, *reduced_axes(n));
  if (!groups.are_axes || groups.count == 0 || !groups.at[groups.count - 1].is_reduced ||
      groups.reduces_nothing_to_something()) {
    return false;
  }
  lowering l;
  l.inputs.push_back(x);
  l.outputs.push_back(x);
  lower_reduction(n, l);
  x = l.inputs[0];
  return true;
}

/// The same with the word that says what to reduce to.
constexpr void lower_reduction(auto const& n, lowering& l, reduced_to to) {
  lower_reduction(n, l);
  append_words(l.words, reduction{to});
}

}  // namespace inlay::inline INLAY_VERSION::detail
