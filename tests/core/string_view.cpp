// Text is compared whole, and goes from and to the standard library.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/core/string_view.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>

#include "inlay/core/vector.hpp"

namespace {
using inlay::string_view;

static_assert(string_view("") == "" && string_view() == "" && string_view() == string_view());
static_assert(string_view("weights") == "weights" && string_view("weights") != "weight");
static_assert(string_view("weights") != "Weights" && string_view("") != "x");
static_assert(string_view("a\0b", 3) == string_view("a\0b", 3));
static_assert(string_view("a\0b", 3) != string_view("a\0c", 3));
static_assert("weights" == string_view("weights"));

// The same answers as the standard library's.
constexpr std::string_view words = "one two";
constexpr string_view ours = words;
static_assert(ours.size() == words.size() && ours.data() == words.data());
static_assert(ours.substr(4) == words.substr(4) && ours.substr(0, 3) == words.substr(0, 3));
static_assert(ours.substr(2, 99) == words.substr(2, 99) && ours.substr(7) == words.substr(7));
static_assert(ours.find(' ') == words.find(' ') && ours.find('x') == std::string_view::npos);
static_assert(string_view::npos == std::string_view::npos);
static_assert(ours.starts_with("one") && ours.starts_with("") && !ours.starts_with("two"));
static_assert(!ours.starts_with("one two three"));
static_assert(ours.front() == words.front() && ours.back() == words.back() && ours[4] == 't');
constexpr string_view without_ends() {
  auto x = ours;
  x.remove_prefix(1);
  x.remove_suffix(2);
  return x;
}
static_assert(without_ends() == "ne t");

constexpr std::string_view theirs = ours;
static_assert(theirs == words && ours == theirs && theirs == ours);
static_assert(std::is_trivially_copyable_v<string_view>);
static_assert(!std::is_convertible_v<int, string_view>);
static_assert(!std::is_convertible_v<string_view, std::string>);
static_assert(string_view(inlay::vector<char>{'a', 'b'}) == "ab");

}  // namespace

TEST_CASE("the last of a thousand characters counts") {
  std::string const a(1'000, 'x');
  auto b = a;
  CHECK(string_view(a) == b);
  b.back() = 'y';
  CHECK(string_view(a) != b);
}

TEST_CASE("text goes to strings and streams") {
  string_view const text("a\0b", 3);
  CHECK(std::string(text) == std::string("a\0b", 3));
  std::ostringstream out;
  out << text << string_view("c");
  CHECK(out.str() == std::string("a\0bc", 4));
}
