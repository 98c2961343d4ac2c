// Tensors within the memory of others: what strides can express.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/op/lowering.hpp"

namespace inlay::inline INLAY_VERSION {

/// A tensor in the memory of another one: how it lies there, and where its first element is.
struct tensor_view {
  layout lies;
  std::int64_t offset = 0;
};

/// A copy within a tensor that is made of others: from where to where; or of one element, given
/// elsewhere.
struct view_fill {
  tensor_view from;
  tensor_view to;
  bool is_constant = false;
};

constexpr bool is_contiguous(layout const& x) { return x.strides == contiguous_strides(x.extents); }

/// Strides that no element depends on become those of a contiguous tensor: along axes of one
/// element, and where there is none.   {2, 1, 4} of strides {4, 0, 1} → {4, 4, 1}
constexpr void normalize_strides(layout& x) {
  if (elements_of(x.extents) == 0) {
    x.strides = contiguous_strides(x.extents);
    return;
  }
  std::int64_t next = 1;
  for (int i = x.extents.size() - 1; i >= 0; --i) {
    if (x.extents[i] == 1) x.strides[i] = next;
    next = x.strides[i] * x.extents[i];
  }
}

/// Looks at the elements, in order, as at a tensor of extents `to`, of as many; false where strides
/// cannot.   {2, 3, 4} of strides {1, 8, 2} to {2, 12} → strides {1, 2}; to {6, 4} → false
constexpr bool see_as(layout& x, shape const& to) {
  layout y(x.element, to);
  if (x.strides == contiguous_strides(x.extents) || elements_of(to) == 0) {
    x = y;
    return true;
  }
  // Runs of axes of both that have as many elements; those of x must be one axis.
  int from = 0;
  int axis = 0;
  while (axis < to.size()) {
    if (to[axis] == 1) {
      ++axis;
      continue;
    }
    while (x.extents[from] == 1) ++from;
    auto count = x.extents[from];
    auto stride = x.strides[from++];
    int const first = axis;
    auto wanted = to[axis++];
    while (count != wanted) {
      if (wanted < count) {
        wanted *= to[axis++];
        continue;
      }
      if (x.extents[from] != 1) {
        if (stride != x.extents[from] * x.strides[from]) return false;
        count *= x.extents[from];
        stride = x.strides[from];
      }
      ++from;
    }
    for (int i = axis - 1; i >= first; --i) {
      y.strides[i] = stride;
      stride *= to[i];
    }
  }
  x = y;
  normalize_strides(x);
  return true;
}

/// Whether it can, without doing it.
constexpr bool can_see_as(layout x, shape const& to) { return see_as(x, to); }

/// Looks at the axes from `axis` on as one, those in front as they are; false where strides cannot.
///   {2, 3, 4, 5} from axis 2 on → {2, 3, 20}
constexpr bool see_as_rows(layout& x, int axis) {
  shape rows;
  for (int i = 0; i < axis; ++i) rows.push_back(x.extents[i]);
  if (axis == 0) rows.push_back(1);
  std::int64_t length = 1;
  for (int i = axis; i < x.extents.size(); ++i) length *= x.extents[i];
  rows.push_back(length);
  return see_as(x, rows);
}

/// The same of all tensors.
constexpr bool see_as_rows(span<layout> tensors, int axis) {
  bool can = true;
  for (auto& x : tensors) can = can && see_as_rows(x, axis);
  return can;
}

/// Elements `first`, `first + step`, … of an axis, `count` of them.
constexpr void take(tensor_view& v, int axis, std::int64_t first, std::int64_t step,
                    std::int64_t count) {
  auto& stride = v.lies.strides[axis];
  v.lies.extents[axis] = count;
  if (count > 0) v.offset += first * stride;
  stride *= step;
}

/// A copy of one tensor to another of the same extents, as its kernel sees it: whether that is the
/// transposition, else it goes element by element. A transposition finds the axis along which the
/// input is contiguous as the last but one.
///   x {12, 5, 4} of strides {1, 48, 12} → {5, 12, 4} of strides {48, 1, 12}
constexpr bool lower_copy(lowering& l, layout const& from, layout const& to) {
  l.clear();
  l.types = {from.element, to.element};
  l.inputs.push_back(from);
  l.outputs.push_back(to);
  lower_elementwise(l);
  auto& x = l.inputs[0];
  auto& y = l.outputs[0];
  int const last = x.strides.size() - 1;
  if (last < 1 || x.strides[last] == 1) return false;
  for (int axis = 0; axis < last; ++axis) {
    if (x.strides[axis] != 1) continue;
    for (layout* const t : {&x, &y}) {
      for (shape* const s : {&t->extents, &t->strides}) {
        auto const moved = (*s)[axis];
        for (int i = axis; i + 1 < last; ++i) (*s)[i] = (*s)[i + 1];
        (*s)[last - 1] = moved;
      }
    }
    return true;
  }
  return false;
}

}  // namespace inlay::inline INLAY_VERSION
