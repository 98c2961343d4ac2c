// A sentence as template arguments: in pieces that no compiler cuts.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/model_error.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace {
using namespace inlay;
using detail::count_pieces;
using detail::longest_piece;
using detail::piece_of;

constexpr std::string_view piece(std::string_view s, std::size_t i) {
  auto const p = piece_of(s, i);
  return s.substr(p.first, p.size);
}

static_assert(count_pieces("") == 0);
static_assert(count_pieces("short") == 1 && piece("short", 0) == "short");
constexpr std::string_view sentence_of_three =
    "node 2 'fc' (MatMul): the left operand has 8 columns, the right operand has 32 rows";
static_assert(count_pieces(sentence_of_three) == 3);
static_assert(piece(sentence_of_three, 0) == "node 2 'fc' (MatMul): the left");
static_assert(piece(sentence_of_three, 1) == "operand has 8 columns, the right");
static_assert(piece(sentence_of_three, 2) == "operand has 32 rows");
static_assert(piece(sentence_of_three, 3).empty());

// Exactly as long as a piece, and one more.
constexpr std::string_view of_35 = "aaaaaaaaaa bbbbbbbbbb cccccccccc dd";
static_assert(of_35.size() == longest_piece && count_pieces(of_35) == 1);
constexpr std::string_view of_36 = "aaaaaaaaaa bbbbbbbbbb cccccccccc ddd";
static_assert(count_pieces(of_36) == 2 && piece(of_36, 1) == "ddd");
constexpr std::string_view space_at_35 = "aaaaaaaaaa bbbbbbbbbb cccccccccc dd eee";
static_assert(piece(space_at_35, 0) == of_35 && piece(space_at_35, 1) == "eee");

// Every character is there, the last one a zero.
constexpr text<6> five("hello");
static_assert(std::string_view(five.characters) == "hello");

constexpr error nothing{};
static_assert(check<nothing>());

}  // namespace

TEST_CASE("pieces are short, and together they are the sentence") {
  std::uint32_t state = 1;
  for (int round = 0; round < 2'000; ++round) {
    std::string s;
    state = state * 1664525u + 1013904223u;  // Numerical Recipes
    auto const size = (state >> 16) % 255;
    while (s.size() < size) {
      state = state * 1664525u + 1013904223u;
      s += (state >> 28) < 2 ? ' ' : 'x';
    }
    auto const count = count_pieces(s);
    std::string together;
    for (std::size_t i = 0; i < count; ++i) {
      auto const p = piece_of(s, i);
      REQUIRE(p.size > 0);
      REQUIRE(p.size <= longest_piece);
      if (p.first > together.size()) together += s.substr(together.size(), 1);
      REQUIRE(p.first == together.size());
      together += s.substr(p.first, p.size);
    }
    // At most one space at the end is not shown.
    CHECK((together == s || together + " " == s));
  }
}
