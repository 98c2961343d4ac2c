// Panels: where each element of an operand goes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/kernel/panels.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <vector>

namespace {
using namespace inlay;

constexpr bool is(panel_layout const& p, shape const& extents, shape const& strides) {
  return p.extents == extents && p.strides == strides;
}
constexpr right_operand three_panels{{2, 40, 9}, {360, 1, 40}, 1};
static_assert(is(in_panels(three_panels), {2, 3, 16, 9}, {360, 16, 1, 40}));
static_assert(is(packed_layout(three_panels), {2, 3, 16, 9}, {432, 144, 1, 16}));
static_assert(packed_size(three_panels) == 864);
// One panel that is not whole is no larger than what it holds.
static_assert(packed_size({{10, 7}, {7, 1}, 0}) == 70);
// A batch that repeats is there once.
static_assert(is(packed_layout({{5, 16, 2}, {0, 2, 1}, 1}), {5, 1, 16, 2}, {0, 32, 1, 16}));
static_assert(packed_size({{5, 16, 2}, {0, 2, 1}, 1}) == 32);
static_assert(packed_size({{5, 16, 0}, {0, 0, 1}, 1}) == 0);
static_assert(panels_of(17) == 2 && panels_of(0) == 0);

/// Every element of the operand is found where the packed layout says.
int misplaced(right_operand const& right) {
  std::vector<std::int64_t> memory(static_cast<std::size_t>(packed_size(right)), -1);
  auto const stride = column_stride(right);
  pack_panels(right, [&](std::int64_t to, std::int64_t from, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      memory.at(static_cast<std::size_t>(to + i)) = from + i * stride;
    }
  });
  auto const before = in_panels(right);
  auto const after = packed_layout(right);
  auto const columns = right.extents[static_cast<int>(right.columns)];
  int wrong = 0;
  shape at = before.extents;
  for (std::int64_t i = 0; i < elements_of(before.extents); ++i) {
    auto rest = i;
    for (int axis = at.size() - 1; axis >= 0; --axis) {
      at[axis] = rest % before.extents[axis];
      rest /= before.extents[axis];
    }
    auto const column = static_cast<int>(right.columns);
    if (at[column] * panel_columns + at[column + 1] >= columns) continue;
    std::int64_t from = 0;
    std::int64_t to = 0;
    for (int axis = 0; axis < at.size(); ++axis) {
      from += at[axis] * before.strides[axis];
      to += at[axis] * after.strides[axis];
    }
    wrong += memory.at(static_cast<std::size_t>(to)) != from;
  }
  return wrong;
}

}  // namespace

TEST_CASE("packing puts every element where the layout says") {
  CHECK(misplaced(three_panels) == 0);
  CHECK(misplaced({{10, 7}, {7, 1}, 0}) == 0);
  CHECK(misplaced({{16, 7}, {1, 16}, 0}) == 0);
  CHECK(misplaced({{5, 33, 2}, {0, 2, 1}, 1}) == 0);
  CHECK(misplaced({{2, 9, 3, 2, 5}, {270, 30, 2, 1, 6}, 1}) == 0);
}
