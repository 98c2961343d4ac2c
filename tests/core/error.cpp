// Sentences: what can be put into them, and what happens when they are full.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/core/error.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <string_view>

#include "inlay/graph/rule.hpp"

namespace {
using namespace inlay;

template <class... Part> constexpr bool reads(std::string_view expected, Part const&... part) {
  sentence s;
  (s << ... << part);
  return s.view() == expected;
}

static_assert(reads("", ""));
static_assert(sentence{}.empty());
static_assert(reads("abc", "a", std::string_view("b"), sentence{} << "c"));
static_assert(reads("0", 0));
static_assert(reads("-1", -1));
static_assert(reads("42", 42u));
static_assert(reads("-128", std::numeric_limits<std::int8_t>::min()));
static_assert(reads("255", std::numeric_limits<std::uint8_t>::max()));
static_assert(reads("-9223372036854775808", std::numeric_limits<std::int64_t>::min()));
static_assert(reads("9223372036854775807", std::numeric_limits<std::int64_t>::max()));
static_assert(reads("18446744073709551615", std::numeric_limits<std::uint64_t>::max()));
static_assert(reads("-2147483648", std::numeric_limits<int>::min()));
static_assert(reads("1000000", 1000000));

static_assert(reads("float32", element_type::float32));
static_assert(reads("2x3x4", shape{2, 3, 4}));
static_assert(reads("7", shape{7}));
static_assert(reads("scalar", shape{}));
static_assert(reads("?x3", shape{-1, 3}));
static_assert(reads("0x9223372036854775807", shape{0, std::numeric_limits<std::int64_t>::max()}));

// One printable line, whatever a file calls its layers; UTF-8 stays as it is.
static_assert(reads("a?b?c?d?",
                    "a\nb\tc\x1b"
                    "d\x7f"));
static_assert(reads("a?b", std::string_view("a\0b", 3)));
static_assert(reads("\xc3\xa4", "\xc3\xa4"));

constexpr sentence repeat(char const* text, int times) {
  sentence s;
  for (int i = 0; i < times; ++i) s << text;
  return s;
}
static_assert(sentence::capacity == 255);
static_assert(repeat("a", 255).view().size() == 255);
static_assert(repeat("a", 255).view().back() == 'a');
static_assert(repeat("a", 256).view().size() == 255);
static_assert(repeat("a", 256).view().substr(250) == "aa...");
static_assert(repeat("abcde", 1000).view().size() == 255);
static_assert(repeat("abcde", 1000).view().substr(245) == "abcdeab...");
// A number that does not fit whole is cut as well, not left out.
static_assert((repeat("a", 250) << 123456).view().substr(249) == "a12...");

static_assert(repeat("a", 3) == repeat("a", 3));
static_assert(!(repeat("a", 3) == repeat("a", 4)));

static_assert(!error{});
static_assert(error{}.offset == -1);
constexpr auto wrong = make_error(rule::an_extent_must_not_be_negative, "extent ", 2, " of ",
                                  shape{1, -1}, " is ", -7);
static_assert(wrong);
static_assert(wrong.broken == rule::an_extent_must_not_be_negative);
static_assert(wrong.text.view() == "extent 2 of 1x? is -7");
static_assert(wrong.offset == -1);

}  // namespace

TEST_CASE("a sentence holds 255 characters and ends in three dots where more were given") {
  std::string const text(10'000, 'x');
  sentence s;
  s << text;
  CHECK(s.view() == std::string(252, 'x') + "...");
  s << 12 << shape{3, 4};
  CHECK(s.view() == std::string(252, 'x') + "...");
}

TEST_CASE("every control character becomes a question mark, and no other does") {
  for (int c = 0; c < 256; ++c) {
    auto const character = static_cast<char>(c);
    sentence s;
    s << std::string_view(&character, 1);
    CHECK(s.view().size() == 1);
    CHECK(s.view()[0] == (c < 32 || c == 127 ? '?' : character));
  }
}
