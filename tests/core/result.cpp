// A result is a value or an error.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/core/result.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <string_view>

#include "inlay/graph/rule.hpp"

namespace {
using namespace inlay;

constexpr auto wrong = make_error(rule::an_index_must_be_in_range, "index ", 3, " of ", 2);

constexpr result<int> one_third_of(int x) {
  if (x % 3 != 0) return wrong;
  return x / 3;
}

static_assert(one_third_of(9));
static_assert(*one_third_of(9) == 3);
static_assert(one_third_of(9).value() == 3);
static_assert(!one_third_of(9).failure());
static_assert(!one_third_of(10));
static_assert(one_third_of(10).failure().text.view() == "index 3 of 2");
static_assert(one_third_of(10).failure().broken == rule::an_index_must_be_in_range);

constexpr int changed() {
  auto r = one_third_of(6);
  r.value() += 1;
  *r *= 10;
  return *r;
}
static_assert(changed() == 30);
static_assert(result<shape>(shape{2, 3})->size() == 2);

struct only_moves {
  int x = 0;
  constexpr only_moves() = default;
  constexpr explicit only_moves(int y) : x(y) {}
  constexpr only_moves(only_moves&&) = default;
};
static_assert(result<only_moves>(only_moves(3)).value().x == 3);

}  // namespace

TEST_CASE("value throws a failure that says the sentence") {
  auto const r = one_third_of(4);
  bool caught = false;
  try {
    static_cast<void>(r.value());
  } catch (std::exception const& e) {
    caught = true;
    CHECK(std::string(e.what()) == "index 3 of 2");
  }
  CHECK(caught);
  CHECK_THROWS_AS(static_cast<void>(one_third_of(4).value()), inlay::failure);
}

TEST_CASE("a failure keeps the error, and a copy of it its own text") {
  inlay::failure const copy = [] {
    inlay::failure const original(wrong);
    return inlay::failure(original);
  }();
  CHECK(std::strcmp(copy.what(), "index 3 of 2") == 0);
  CHECK(copy.reason().broken == rule::an_index_must_be_in_range);
}

TEST_CASE("the longest sentence fits into a failure") {
  auto const e =
      make_error(rule::an_index_must_be_in_range, std::string_view(std::string(400, 'a')));
  CHECK(std::strlen(inlay::failure(e).what()) == 255);
}

TEST_CASE("a result owns its value") {
  result<std::string> r(std::string(100, 'a'));
  auto const moved = std::move(r).value();
  CHECK(moved.size() == 100);
}
