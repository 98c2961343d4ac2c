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
  int axis = 0;  // the last one
  bool is_reduced = false;
};

/// The axes of tensors of the same extents in groups, through each of which one stride leads;
/// axes of extent 1 are in none.
struct axis_groups {
  axis_group at[max_rank]{};
  int count = 0;
  int reduced = 0;
  bool take_turns = true;  // those that are reduced and those that are not

  constexpr axis_groups(span<layout const> tensors, named_axes const& axes) {
    auto const& extents = tensors[0].extents;
    for (int i = 0; i < extents.size(); ++i) {
      if (extents[i] == 1) continue;
      bool const is_alike = count > 0 && at[count - 1].is_reduced == axes.is_named[i];
      bool const is_new = !is_alike || !is_one_axis(tensors, at[count - 1].axis, i);
      if (is_new) {
        at[count++].is_reduced = axes.is_named[i];
        if (axes.is_named[i]) ++reduced;
      }
      take_turns = take_turns && !(is_new && is_alike);
      auto& group = at[count - 1];
      group.extent *= extents[i];
      group.axis = i;
    }
  }
  constexpr bool reduces_nothing_to_something() const {
    for (auto const& group : at) {
      if (group.is_reduced && group.extent == 0) return true;
    }
    return false;
  }
  constexpr bool is_last_kept() const { return count > 0 && !at[count - 1].is_reduced; }
  /// Whether the kernel sees so many, and combines the elements of rows in the same order as those
  /// of one tensor.
  constexpr bool are_seen() const {
    bool const is_row_cut = reduced > 1 && !is_last_kept() && at[count - 2].is_reduced;
    return count > 0 && reduced <= 4 && count - reduced <= max_rank - 4 && !is_row_cut;
  }

 private:
  static constexpr bool is_one_axis(span<layout const> tensors, int outer, int inner) {
    for (auto const& x : tensors) {
      if (x.strides[outer] != x.extents[inner] * x.strides[inner]) return false;
    }
    return true;
  }
};

constexpr bool reads_reduced(auto const& n, int input, layout const& x) {
  return input == 0 && axis_groups({&x, 1}, *reduced_axes(n)).take_turns;
}

/// Tensors of a reduction, and what it writes, as kernel/reduction-inl.hpp wants them.
constexpr void see_as_reduced(axis_groups const& groups, span<layout> tensors, layout& y) {
  // The last group that is reduced and the last one that is kept have axes of their own.
  int const last = groups.count - 1;
  int const columns = groups.is_last_kept() ? last : -1;
  int rows = last;
  while (rows >= 0 && !groups.at[rows].is_reduced) --rows;
  for (auto& x : tensors) {
    layout seen;
    seen.element = x.element;
    auto const add_all = [&](bool are_reduced) {
      for (int i = 0; i < groups.count; ++i) {
        auto const& group = groups.at[i];
        if (group.is_reduced != are_reduced || i == rows || i == columns) continue;
        seen.extents.push_back(group.extent);
        seen.strides.push_back(x.strides[group.axis]);
      }
    };
    auto const add = [&](int group) {
      seen.extents.push_back(group < 0 ? 1 : groups.at[group].extent);
      seen.strides.push_back(group < 0 ? 1 : x.strides[groups.at[group].axis]);
    };
    add_all(false);
    for (int i = rows < 0 ? 0 : groups.reduced - 1; i < 3; ++i) {
      seen.extents.push_back(1);
      seen.strides.push_back(0);
    }
    add_all(true);
    add(rows);
    if (columns >= 0) add(columns);
    x = seen;
  }
  shape kept;
  for (int i = 0; i < groups.count; ++i) {
    if (!groups.at[i].is_reduced && i != columns) kept.push_back(groups.at[i].extent);
  }
  kept.push_back(columns < 0 ? 1 : groups.at[columns].extent);
  y = layout(y.element, kept);
}

/// The tensors of a reduction. The kernel does not see the second input.
///   {2, 3, 4, 5} over {1, 2} → y {2, 5}, x {2, 1, 1, 1, 12, 5}
///   {2, 3, 4, 5} over {0, 3} → y {12, 1}, x {12, 1, 1, 2, 5}
constexpr void lower_reduction(auto const& n, lowering& l) {
  l.inputs.truncate(1);
  axis_groups const groups({l.inputs.data(), 1}, *reduced_axes(n));
  if (!groups.reduces_nothing_to_something()) {
    return see_as_reduced(groups, {l.inputs.data(), 1}, l.outputs[0]);
  }
  auto const columns = elements_of(l.outputs[0].extents);
  layout x(l.inputs[0].element, {1, 1, 1, 0, columns});
  x.strides = {0, 0, 0, 0, 1};
  l.inputs[0] = x;
  l.outputs[0] = layout(x.element, {columns});
}

/// How the kernel sees tensors of which element operators make its input, and what it writes; false
/// where it cannot.
constexpr bool see_through(reduction const&, auto const& n, span<layout> tensors, layout& y) {
  axis_groups const groups({tensors.data(), tensors.size()}, *reduced_axes(n));
  if (groups.reduces_nothing_to_something() || !groups.are_seen() ||
      (groups.is_last_kept() &&
       groups.at[groups.count - 1].extent < reduction::least_read_columns)) {
    return false;
  }
  see_as_reduced(groups, tensors, y);
  return true;
}

/// The same with the word that says what to reduce to.
constexpr void lower_reduction(auto const& n, lowering& l, reduced_to to) {
  lower_reduction(n, l);
  append_words(l.words, reduction{to});
}

}  // namespace inlay::inline INLAY_VERSION::detail
