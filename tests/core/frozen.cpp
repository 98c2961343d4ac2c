// Heap values become constants.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/core/frozen.hpp"

#include <doctest/doctest.h>

#include <cstddef>

#include "inlay/core/vector.hpp"

namespace {
using namespace inlay;

struct facts {
  int answer = 0;
};
struct made : facts {
  vector<int> numbers;
  vector<int> more;
  vector<char> empty;
};

// Two members of one type, to see that they are told apart.
constexpr auto make = [] {
  made m;
  m.answer = 42;
  for (int i = 0; i < 5; ++i) m.numbers.push_back(i * i);
  m.more = {7};
  return m;
};

struct made_members : member_list<&made::numbers, &made::more, &made::empty> {};
using constants = frozen<make, facts, made_members>;

static_assert(constants::facts.answer == 42);
static_assert(constants::get<&made::numbers>().size() == 5);
static_assert(constants::get<&made::numbers>()[4] == 16);
static_assert(constants::get<&made::more>().size() == 1);
static_assert(constants::get<&made::more>()[0] == 7);
static_assert(constants::get<&made::empty>().size() == 0);
static_assert(constants::get<&made::empty>().begin() == constants::get<&made::empty>().end());

/// Sizes that suffice, and sizes of which one does not.
template <std::size_t Numbers> struct expected {
  static constexpr member_sizes<made_members> sizes{{Numbers, 2, 0}};
};
template <std::size_t Numbers> using quick = frozen<make, facts, made_members, expected<Numbers>>;
template <class Other> constexpr bool equal_to_constants() {
  bool equal = Other::facts.answer == constants::facts.answer;
  auto const compare = [&](auto const& a, auto const& b) {
    equal = equal && a.size() == b.size();
    for (std::size_t i = 0; equal && i < a.size(); ++i) equal = a[i] == b[i];
  };
  compare(Other::template get<&made::numbers>(), constants::get<&made::numbers>());
  compare(Other::template get<&made::more>(), constants::get<&made::more>());
  compare(Other::template get<&made::empty>(), constants::get<&made::empty>());
  return equal;
}
static_assert(equal_to_constants<quick<4>>());
static_assert(equal_to_constants<quick<5>>());
static_assert(equal_to_constants<quick<9>>());
static_assert(quick<9>::sizes.of[0] == 5);

constexpr frozen_vector<int, 3> three{{1, 2, 3}};
static_assert(three.end() - three.begin() == 3 && three.data() == three.begin());

}  // namespace

TEST_CASE("what was frozen is there when the program runs") {
  int sum = 0;
  for (auto const x : constants::get<&made::numbers>()) sum += x;
  CHECK(sum == 0 + 1 + 4 + 9 + 16);
}
