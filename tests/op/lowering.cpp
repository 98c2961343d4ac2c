// Layouts that broadcast, axes that join, parameters as words.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/lowering.hpp"

#include <doctest/doctest.h>

#include <set>
#include <vector>

#include "inlay/kernel/convolution.hpp"
#include "inlay/kernel/matrix_product.hpp"
#include "inlay/kernel/softmax.hpp"

namespace {
using namespace inlay;

constexpr auto f = element_type::float32;

static_assert(broadcast_to({f, {3, 1}}, {2, 3, 4}).strides == shape{0, 1, 0});
static_assert(broadcast_to({f, {3, 1}}, {2, 3, 4}).extents == shape{2, 3, 4});
static_assert(broadcast_to({f, {}}, {2, 3}).strides == shape{0, 0});
static_assert(broadcast_to({f, {2, 3}}, {2, 3}).strides == shape{3, 1});
static_assert(broadcast_to({f, {1, 3}}, {1, 3}).strides == shape{3, 1});
// What lies transposed still does.
constexpr layout transposed = [] {
  layout l(f, {2, 3});
  l.strides = {1, 2};
  return l;
}();
static_assert(broadcast_to(transposed, {5, 2, 3}).strides == shape{0, 1, 2});

constexpr bool joins(layout tensor, shape const& extents, shape const& strides) {
  layout tensors[] = {tensor};
  join_axes(tensors);
  return tensors[0].extents == extents && tensors[0].strides == strides &&
         tensors[0].element == tensor.element;
}
static_assert(joins({f, {2, 3, 4}}, {24}, {1}));
static_assert(joins({f, {}}, {1}, {1}));
static_assert(joins({f, {1, 1}}, {1}, {1}));
static_assert(joins({f, {1, 7, 1}}, {7}, {1}));
static_assert(joins(transposed, {2, 3}, {1, 2}));
static_assert(joins({f, {2, 0}}, {0}, {1}));
// The stride of an axis of one element is nobody's business.
constexpr layout with_an_odd_stride = [] {
  layout l(f, {2, 1, 3});
  l.strides = {3, 100, 1};
  return l;
}();
static_assert(joins(with_an_odd_stride, {6}, {1}));

constexpr bool joins_where_all_can() {
  // x repeats along the first axis only: the last two join, the first does not.
  layout tensors[] = {{f, {2, 3, 4}}, broadcast_to({f, {3, 4}}, {2, 3, 4})};
  join_axes(tensors);
  return tensors[0].extents == shape{2, 12} && tensors[0].strides == shape{12, 1} &&
         tensors[1].extents == shape{2, 12} && tensors[1].strides == shape{0, 1};
}
static_assert(joins_where_all_can());

static_assert(layout(f, {2, 3}) == layout(tensor_type{f, {2, 3}}));
static_assert(!(layout(f, {2, 3}) == transposed));
static_assert(!(layout(f, {2}) == layout(element_type::int32, {2})));
static_assert(layout{}.element == element_type::undefined);

constexpr bool words_come_back() {
  vector<std::int64_t> words;
  append_words(words, convolution{{3, 2, 1, -1}, {5, 1, 4, 2}, 7});
  append_words(words, matrix_product{0.5, -2});
  append_words(words, softmax_normalization{});
  auto const c = from_words<convolution>(words.data());
  auto const m = from_words<matrix_product>(words.data() + 9);
  static_cast<void>(from_words<softmax_normalization>(nullptr));
  return words.size() == 11 && words[0] == 3 && words[8] == 7 && c.rows.stride == 2 &&
         c.rows.dilation == 1 && c.rows.pad == -1 && c.columns.size == 5 &&
         c.columns.dilation == 4 && c.groups == 7 && m.alpha == 0.5 && m.beta == -2;
}
static_assert(words_come_back());

/// Every offset that a layout reaches, in the order of its indices.
std::vector<std::int64_t> offsets(layout const& l) {
  std::vector<std::int64_t> all{0};
  for (int axis = 0; axis < l.extents.size(); ++axis) {
    std::vector<std::int64_t> next;
    for (auto const o : all) {
      for (std::int64_t i = 0; i < l.extents[axis]; ++i) next.push_back(o + i * l.strides[axis]);
    }
    all = next;
  }
  return all;
}

}  // namespace

TEST_CASE("joined axes visit the same elements in the same order") {
  std::uint32_t state = 5;
  auto const random = [&](std::uint32_t n) {
    state = state * 1664525u + 1013904223u;  // Numerical Recipes
    return static_cast<std::int64_t>((state >> 16) % n);
  };
  std::set<int> ranks;
  for (int round = 0; round < 2'000; ++round) {
    shape to;
    shape from;
    int const rank = static_cast<int>(random(6));
    for (int i = 0; i < rank; ++i) {
      to.push_back(random(4));
      from.push_back(random(2) == 0 ? 1 : to[i]);
    }
    layout before[] = {{f, to}, broadcast_to({f, from}, to)};
    layout after[] = {before[0], before[1]};
    join_axes(after);
    REQUIRE(after[0].extents == after[1].extents);
    REQUIRE(after[0].extents.size() >= 1);
    REQUIRE(offsets(after[0]) == offsets(before[0]));
    REQUIRE(offsets(after[1]) == offsets(before[1]));
    ranks.insert(after[0].extents.size());
  }
  CHECK(ranks.size() >= 4);
}
