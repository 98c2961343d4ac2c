// Values of several types together.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/core/pack.hpp"

#include <doctest/doctest.h>

#include <type_traits>

namespace {
using namespace inlay;

constexpr pack three{1, 2.5f, 'c'};
static_assert(std::is_same_v<decltype(three), pack<int, float, char> const>);
static_assert(get<0>(three) == 1 && get<1>(three) == 2.5f && get<2>(three) == 'c');
static_assert(std::tuple_size_v<pack<int, int>> == 2);
static_assert(std::is_same_v<std::tuple_element_t<1, pack<int, float const*>>, float const*>);

// Equal types are told apart by their places.
constexpr pack<int, int> nothing{};
static_assert(get<0>(nothing) == 0 && get<1>(nothing) == 0);
static_assert(apply_pack([](auto... x) { return (x - ...); }, pack{10, 3}) == 7);
static_assert(apply_pack([](auto... x) { return sizeof...(x); }, pack<>{}) == 0);

constexpr int bound() {
  pack p{1, 2};
  auto& [a, b] = p;
  a = 5;
  return get<0>(p) * 10 + b;
}
static_assert(bound() == 52);

}  // namespace

TEST_CASE("a pack is changed in place") {
  pack p{1, 2.0};
  get<1>(p) = 3;
  CHECK(get<1>(p) == 3);
}
