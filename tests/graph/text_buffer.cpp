// Text that grows.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/text_buffer.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace {
using namespace inlay;

constexpr bool holds_what_was_written() {
  text_buffer out;
  out << "a" << std::string_view("b\0c", 3) << -1 << 20u << std::int64_t{0};
  sentence s;
  s << "!";
  out << s << std::numeric_limits<std::int64_t>::min() << std::numeric_limits<std::uint64_t>::max();
  if (out.view() != std::string_view("ab\0c-1200!-922337203685477580818446744073709551615", 50)) {
    return false;
  }
  out.clear();
  return out.view().empty();
}
static_assert(holds_what_was_written());

static_assert(detail::is_word("a_1B") && detail::is_word("_") && !detail::is_word("1a"));
static_assert(!detail::is_word("") && !detail::is_word("a.b") && !detail::is_word("\xc3\xa9"));

static_assert(detail::utf8_length("a") == 1 && detail::utf8_length("\xc3\xa9") == 2);
static_assert(detail::utf8_length("\xe2\x82\xac") == 3);
static_assert(detail::utf8_length("\xf0\x9f\x98\x80") == 4);
static_assert(detail::utf8_length("\xe2\x82") == 0 && detail::utf8_length("\x80") == 0);
static_assert(detail::utf8_length("\xc1\xbf") == 0 && detail::utf8_length("\xf5\x80\x80\x80") == 0);

}  // namespace

TEST_CASE("long text arrives whole") {
  text_buffer out;
  std::string expected;
  for (int i = 0; i < 1'000; ++i) {
    out << i << ",";
    expected += std::to_string(i) + ",";
  }
  CHECK(std::string(out.view()) == expected);
}
