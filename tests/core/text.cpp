// Texts are compared whole.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/core/text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {
using namespace inlay;

static_assert(same_text("", ""));
static_assert(same_text({}, {}));
static_assert(same_text("", {}));
static_assert(same_text("weights", "weights"));
static_assert(!same_text("weights", "weight"));
static_assert(!same_text("weights", "Weights"));
static_assert(!same_text("", "x"));
static_assert(same_text(std::string_view("a\0b", 3), std::string_view("a\0b", 3)));
static_assert(!same_text(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
static_assert(same_text(std::string_view("xyz").substr(1), "yz"));

}  // namespace

TEST_CASE("the last of a thousand characters counts") {
  std::string const a(1'000, 'x');
  auto b = a;
  CHECK(same_text(a, b));
  b.back() = 'y';
  CHECK_FALSE(same_text(a, b));
  std::string_view const none;
  CHECK(same_text(none, none));
  CHECK(same_text(none, ""));
}
