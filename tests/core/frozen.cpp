// Heap values become constants.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/core/frozen.hpp"

#include <doctest/doctest.h>

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

using constants = frozen<make, facts, member_list<&made::numbers, &made::more, &made::empty>>;

static_assert(constants::facts.answer == 42);
static_assert(constants::get<&made::numbers>().size() == 5);
static_assert(constants::get<&made::numbers>()[4] == 16);
static_assert(constants::get<&made::more>().size() == 1);
static_assert(constants::get<&made::more>()[0] == 7);
static_assert(constants::get<&made::empty>().size() == 0);
static_assert(constants::get<&made::empty>().begin() == constants::get<&made::empty>().end());

constexpr frozen_vector<int, 3> three{{1, 2, 3}};
static_assert(three.end() - three.begin() == 3 && three.data() == three.begin());

}  // namespace

TEST_CASE("what was frozen is there when the program runs") {
  int sum = 0;
  for (auto const x : constants::get<&made::numbers>()) sum += x;
  CHECK(sum == 0 + 1 + 4 + 9 + 16);
}
