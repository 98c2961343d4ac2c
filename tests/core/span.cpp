// Spans look at other people's arrays.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/core/span.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string_view>
#include <vector>

namespace {
using namespace inlay;

constexpr int numbers[] = {1, 2, 3};
constexpr std::array<int, 2> two{4, 5};

constexpr int sum_of(span<int const> s) {
  int sum = 0;
  for (auto const x : s) sum += x;
  return sum;
}

static_assert(span<int>().empty() && span<int>().data() == nullptr);
static_assert(sum_of({}) == 0);
static_assert(sum_of(numbers) == 6);
static_assert(sum_of(two) == 9);
static_assert(sum_of({numbers + 1, 2}) == 5);
static_assert(span<int const>(numbers).size() == 3 && !span<int const>(numbers).empty());
static_assert(span<int const>(numbers)[2] == 3);
static_assert(span<int const>(numbers).data() == numbers);
static_assert(span<char const>(std::string_view("abc"))[1] == 'b');

constexpr bool writes_through() {
  int x[] = {1, 2};
  span<int> const s(x);
  s[1] = 7;
  span<int const> const read(s);
  return x[1] == 7 && read[1] == 7;
}
static_assert(writes_through());

}  // namespace

TEST_CASE("a span of a std::vector sees its elements") {
  std::vector<int> v{1, 2, 3};
  span<int> const s(v);
  s[0] = 9;
  CHECK(v[0] == 9);
  CHECK(sum_of(v) == 14);
}
