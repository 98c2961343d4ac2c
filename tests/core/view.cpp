// Views: shapes in the type and shapes in the value.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/core/view.hpp"

#include <doctest/doctest.h>

#include <type_traits>

namespace {
using namespace inlay;

constexpr float numbers[2][3][4] = {{{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10, 11}},
                                    {{12, 13, 14, 15}, {16, 17, 18, 19}, {20, 21, 22, 23}}};
constexpr float flat[24] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,
                            12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23};

using fixed = view<float const, 2, 3, 4>;
static_assert(fixed::rank == 3);
static_assert(fixed::size() == 24);
static_assert(fixed::shape() == shape{2, 3, 4});
static_assert(std::is_same_v<fixed::element, float const>);
static_assert(sizeof(fixed) == sizeof(void*));

constexpr bool indexes_as_an_array_does() {
  fixed const v(flat);
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 4; ++k) {
        if (v(i, j, k) != numbers[i][j][k]) return false;
      }
    }
  }
  return v[23] == 23 && v.data() == flat && v.end() - v.begin() == 24;
}
static_assert(indexes_as_an_array_does());
static_assert(view<float const, 24>(flat)(5) == 5);
static_assert(view<float const, 3, 0>::size() == 0);

constexpr bool writes_through() {
  int x[4] = {1, 2, 3, 4};
  view<int, 2, 2> const v(x);
  v(1, 0) = 30;
  for (auto& e : v) e += 1;
  return x[0] == 2 && x[2] == 31;
}
static_assert(writes_through());

// As many indices as axes, no fewer.
template <class V, class... Index>
concept can_index = requires(V v, Index... i) { v(i...); };
static_assert(can_index<fixed, int, int, int>);
static_assert(!can_index<fixed, int, int>);
static_assert(!can_index<fixed, int, int, int, int>);

// A view whose shape is a value takes one whose shape is a type, and never drops const.
using dynamic = view<float const>;
constexpr dynamic from_fixed = fixed(flat);
static_assert(from_fixed.data() == flat);
static_assert(from_fixed.shape() == shape{2, 3, 4});
static_assert(from_fixed.strides() == shape{12, 4, 1});
static_assert(from_fixed.is_contiguous());
static_assert(std::is_convertible_v<view<float, 2>, view<float const>>);
static_assert(std::is_convertible_v<view<float, 2>, view<float>>);
static_assert(!std::is_convertible_v<view<float const, 2>, view<float>>);
static_assert(!std::is_convertible_v<view<float, 2>, view<double const>>);
static_assert(!std::is_convertible_v<view<double, 2>, view<float const>>);

constexpr dynamic transposed(flat, {4, 3}, {1, 4});
static_assert(transposed.strides() == shape{1, 4});
static_assert(!transposed.is_contiguous());
static_assert(dynamic(flat, {4, 6}).is_contiguous());
static_assert(dynamic(flat, {}).is_contiguous());
static_assert(!dynamic(flat, {2, 4}, {12, 1}).is_contiguous());

// A view of nothing, to be assigned to.
static_assert(dynamic().data() == nullptr && dynamic().shape() == shape{});
static_assert(fixed().data() == nullptr);

}  // namespace

TEST_CASE("a view counts an index an axis, the last the fastest") {
  CHECK(indexes_as_an_array_does());
  CHECK(fixed(flat)(1, 2, 3) == 23);
}
