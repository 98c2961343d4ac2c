// The vector: the same contents as std::vector after the same operations, in constant expressions
// too.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/core/vector.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace {
using inlay::vector;

template <class T> constexpr bool holds(vector<T> const& v, std::initializer_list<T> expected) {
  if (v.size() != expected.size() || v.empty() != (expected.size() == 0)) return false;
  auto const* at = v.data();
  for (auto const& x : expected) {
    if (!(*at++ == x)) return false;
  }
  return at == v.end();
}

static_assert(holds<int>({}, {}));
static_assert(holds<int>({1, 2, 3}, {1, 2, 3}));
static_assert(holds(vector<int>(3, 7), {7, 7, 7}));
static_assert(holds(vector<int>(0, 7), {}));

constexpr bool grows() {
  vector<int> v;
  for (int i = 0; i < 100; ++i) v.push_back(i);
  for (int i = 0; i < 100; ++i) {
    if (v[static_cast<std::size_t>(i)] != i) return false;
  }
  return v.size() == 100 && v.back() == 99;
}
static_assert(grows());

constexpr bool copies_are_apart() {
  vector<int> a{1, 2};
  vector<int> b = a;
  b.push_back(3);
  b[0] = 9;
  vector<int> c;
  c = b;
  c[1] = 8;
  return holds(a, {1, 2}) && holds(b, {9, 2, 3}) && holds(c, {9, 8, 3});
}
static_assert(copies_are_apart());

constexpr bool moves() {
  vector<int> a{1, 2};
  auto const* const data = a.data();
  vector<int> b = std::move(a);
  bool const same_memory = b.data() == data;
  vector<int> c{5};
  c = std::move(b);
  return same_memory && c.data() == data && holds(c, {1, 2});
}
static_assert(moves());

constexpr bool assigns_itself() {
  vector<int> a{1, 2};
  auto& same = a;
  a = same;
  return holds(a, {1, 2});
}
static_assert(assigns_itself());

constexpr bool shrinks_and_grows_again() {
  vector<int> a{1, 2, 3};
  a.pop_back();
  bool const popped = holds(a, {1, 2});
  a.clear();
  bool const cleared = holds(a, {});
  a.push_back(4);
  int const more[] = {5, 6, 7, 8, 9};
  a.append(more, 5);
  a.append(more, 0);
  return popped && cleared && holds(a, {4, 5, 6, 7, 8, 9});
}
static_assert(shrinks_and_grows_again());

constexpr bool reserves() {
  vector<int> a{1};
  a.reserve(50);
  auto const* const data = a.data();
  while (a.size() < 50) a.push_back(2);
  a.reserve(3);
  return a.data() == data && a[0] == 1 && a[49] == 2;
}
static_assert(reserves());

constexpr bool swaps() {
  vector<int> a{1};
  vector<int> b{2, 3};
  a.swap(b);
  return holds(a, {2, 3}) && holds(b, {1});
}
static_assert(swaps());

// Elements that hold memory themselves.
constexpr bool nests() {
  vector<vector<int>> outer;
  for (int i = 0; i < 10; ++i) outer.push_back({i, i + 1});
  auto const copy = outer;
  outer.clear();
  return copy.size() == 10 && copy[9][1] == 10;
}
static_assert(nests());

constexpr bool can_be_written_through() {
  vector<int> a{1, 2, 3};
  for (auto& x : a) x *= 2;
  a.back() = 0;
  return holds(a, {2, 4, 0});
}
static_assert(can_be_written_through());

}  // namespace

TEST_CASE("after ten thousand random operations a vector holds what std::vector holds") {
  vector<std::string> ours;
  std::vector<std::string> theirs;
  std::uint32_t state = 1;
  for (int i = 0; i < 10'000; ++i) {
    state = state * 1664525u + 1013904223u;  // Numerical Recipes
    auto const what = state >> 28;
    if (what < 9) {
      std::string const text(state % 40, static_cast<char>('a' + state % 26));
      ours.push_back(text);
      theirs.push_back(text);
    } else if (what < 13) {
      if (!theirs.empty()) {
        ours.pop_back();
        theirs.pop_back();
      }
    } else if (what < 15) {
      vector<std::string> const copy = ours;
      ours.append(copy.data(), copy.size() % 5);
      for (std::size_t k = 0; k < copy.size() % 5; ++k) theirs.push_back(copy[k]);
    } else if (theirs.size() > 200) {
      ours.clear();
      theirs.clear();
    }
    REQUIRE(ours.size() == theirs.size());
  }
  REQUIRE(!theirs.empty());
  for (std::size_t i = 0; i < theirs.size(); ++i) CHECK(ours[i] == theirs[i]);
}
