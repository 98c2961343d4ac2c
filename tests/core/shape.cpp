// Shapes, their strides, and the number of their elements.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/core/shape.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace {
using namespace inlay;

static_assert(max_rank == 8);
static_assert(shape{}.size() == 0);
static_assert(shape{2, 3, 4}.size() == 3);
static_assert(shape{2, 3, 4}[0] == 2 && shape{2, 3, 4}[2] == 4);
static_assert(shape{2, 3, 4}.back() == 4);
static_assert(shape{1, 2, 3, 4, 5, 6, 7, 8}.size() == 8);

static_assert(shape{2, 3} == shape{2, 3});
static_assert(!(shape{2, 3} == shape{3, 2}));
static_assert(!(shape{2, 3} == shape{2, 3, 1}));
static_assert(!(shape{} == shape{1}));
constexpr std::int64_t sum_of(shape const& s) {
  std::int64_t sum = 0;
  for (auto const extent : s) sum += extent;
  return sum;
}
static_assert(sum_of({2, 3, 4}) == 9);
static_assert(sum_of({}) == 0);

constexpr std::int64_t no_count = -1;
constexpr std::int64_t count(shape const& s, int first, int last) {
  std::int64_t into = 0;
  return count_elements(s, first, last, into) ? into : no_count;
}
constexpr std::int64_t count(shape const& s) { return count(s, 0, s.size()); }

static_assert(count({}) == 1);
static_assert(count({2, 3, 4}) == 24);
static_assert(count({2, 3, 4}, 1, 3) == 12);
static_assert(count({2, 3, 4}, 2, 2) == 1);
static_assert(count({2, -1, 4}) == no_count);
static_assert(count({2, -1, 4}, 2, 3) == 4);
static_assert(count({0, -1}) == no_count);

// 2^63 - 1 fits, 2^63 does not. From a leading 0 on every product is 0.
constexpr std::int64_t giga = std::int64_t{1} << 30;
constexpr auto largest = std::numeric_limits<std::int64_t>::max();
static_assert(count({largest}) == largest);
static_assert(count({giga, giga, 4}) == 4 * giga * giga);
static_assert(count({giga, giga, 7}) == 7 * giga * giga);
static_assert(count({giga, giga, 8}) == no_count);
static_assert(count({giga, giga, giga}) == no_count);
static_assert(count({largest, largest, 0}) == no_count);
static_assert(count({0, largest, largest}) == 0);

static_assert(elements_of({}) == 1);
static_assert(elements_of({1, 28, 28}) == 784);
static_assert(elements_of({3, 0}) == 0);
// A product that passes 2^63 behind a 0 is none.
static_assert(elements_of({0, INT64_MAX, INT64_MAX}) == 0);

// numpy: (np.array(np.zeros(s, np.int8).strides))
static_assert(contiguous_strides({2, 3, 4}) == shape{12, 4, 1});
static_assert(contiguous_strides({5}) == shape{1});
static_assert(contiguous_strides({}) == shape{});
static_assert(contiguous_strides({1, 28, 28}) == shape{784, 28, 1});

}  // namespace

TEST_CASE("the number of elements is refused where it passes 2 to the 63") {
  std::int64_t volatile eight = 8;
  std::int64_t into = 0;
  CHECK_FALSE(count_elements({giga, giga, eight}, 0, 3, into));
  CHECK(count_elements({giga, giga, eight - 1}, 0, 3, into));
  CHECK(into == 7 * giga * giga);
}
