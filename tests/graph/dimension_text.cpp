// Expressions of dimensions as text, and back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/graph/builder.hpp"
#include "inlay/graph/compare.hpp"
#include "inlay/graph/dimension_algebra.hpp"
#include "inlay/graph/parse.hpp"
#include "inlay/graph/print.hpp"
#include "inlay/graph/verify.hpp"

namespace {
using namespace inlay;
using sum = dimension_sum;

/// What a dimension's text is after reading it, in a graph with the dimensions n, m and "odd name".
constexpr bool reads_as(std::string_view text, std::string_view expected) {
  text_buffer source;
  source << "graph \"g\" opset 0\ninput %0 : float32[n, m, \"odd name\", " << text
         << "]\nreturn %0\n";
  auto const g = parse(source.view());
  return !g.failure && print_extent(g, g.values[0].type.shape[3]).view() == expected;
}
static_assert(reads_as("3*n + 1", "3*n + 1"));
static_assert(reads_as("n + n + 2", "2*n + 2"));
static_assert(reads_as("2 + m*n - 3*m", "-3*m + m*n + 2"));
static_assert(reads_as("n*(m + 1)", "m*n + n"));
static_assert(reads_as("floor(n / 2)", "floor(n / 2)"));
static_assert(reads_as("floor((n + 1) / 2)*3", "3*floor((n + 1) / 2)"));
static_assert(reads_as("floor(3 * n / (m + 1))", "floor((3*n) / (m + 1))"));
static_assert(reads_as("broadcast(n, m)", "broadcast(m, n)"));
static_assert(reads_as("2*\"odd name\" - 1", "2*\"odd name\" - 1"));
static_assert(reads_as("n - n + 3", "3"));
static_assert(reads_as("floor", "floor"));
static_assert(reads_as("?7 + ?3", "?0 + ?1"));

constexpr bool refuses(std::string_view text, std::string_view sentence) {
  text_buffer source;
  source << "graph \"g\" opset 0\ninput %0 : int8[" << text << "]\n";
  return parse(source.view()).failure.text.view() == sentence;
}
static_assert(refuses("2 - 3", "line 2, column 17: the dimension is -1"));
static_assert(refuses("n +", "line 2, column 20: expected a dimension, not ']'"));
static_assert(refuses("ceil(n / 2)",
                      "line 2, column 21: expected 'floor' or 'broadcast' before a "
                      "parenthesis, not '('"));
static_assert(refuses("floor(n / 0)",
                      "line 2, column 17: the dimension is too large, or divides by zero"));
static_assert(refuses("floor(n * 2)",
                      "line 2, column 28: expected '/' between two dimensions, "
                      "not ')'"));

/// A text that every copy prints again.
void check_text(graph const& g) {
  auto const text = print(g, with_elements);
  auto const back = parse(text.view());
  INFO(std::string(text.view()));
  INFO(std::string(back.failure.text.view()));
  REQUIRE(!back.failure);
  auto const again = print(back, with_elements);
  CHECK(std::string(again.view()) == std::string(text.view()));
  CHECK(std::string(first_difference(g, back).view()).empty());
  CHECK(!verify(back).failure);
}

}  // namespace

TEST_CASE("random expressions come back from their text") {
  for (unsigned seed = 0; seed < 600; ++seed) {
    std::mt19937 random(seed);
    auto const pick = [&](std::size_t most) { return random() % most; };
    builder b("g", 1);
    std::vector<std::int64_t> extents{b.symbol("b"), b.symbol("a"), b.symbol("odd \" name"),
                                      b.nameless_symbol(), b.nameless_symbol()};
    b.unfinished().symbols.push_back("a");
    extents.push_back(-6);
    dimension_algebra algebra(b.unfinished());
    for (int i = 0; i < 20; ++i) {
      auto const x = algebra.of(extents[pick(extents.size())]);
      auto y = algebra.of(extents[pick(extents.size())]);
      if (pick(2) == 0) y = sum(static_cast<std::int64_t>(pick(20)) - 5);
      sum z;
      switch (pick(5)) {
        case 0: z = x + y; break;
        case 1: z = x * y; break;
        case 2: z = x - y; break;
        case 3: z = algebra.divide_down(x, y); break;
        default: z = algebra.broadcast(x, y); break;
      }
      if (z.is_unknown() || z.is_number()) continue;
      extents.push_back(algebra.extent_of(z));
    }
    for (int i = 0; i < 4; ++i) {
      shape s;
      for (int k = 0; k < 6; ++k) s.push_back(extents[pick(extents.size())]);
      b.output(b.input({}, {element_type::int8, s}));
    }
    CAPTURE(seed);
    check_text(b.finish());
  }
}

TEST_CASE("graphs whose expressions differ are different") {
  auto const with = [](std::int64_t added, bool of_second) {
    builder b("g", 1);
    auto const n = b.symbol("n");
    auto const m = b.symbol("m");
    dimension_algebra algebra(b.unfinished());
    auto const e = algebra.extent_of(algebra.of(of_second ? m : n) + sum(added));
    b.output(b.input("x", {element_type::int8, {n, m, e}}));
    return b.finish();
  };
  CHECK(first_difference(with(1, false), with(1, false)).empty());
  CHECK(first_difference(with(1, false), with(2, false)).view() ==
        "value 0 'x': dimension 2 is 'n + 1' and 'n + 2'");
  CHECK(first_difference(with(1, false), with(1, true)).view() ==
        "value 0 'x': dimension 2 is 'n + 1' and 'm + 1'");
}

TEST_CASE("definitions that are not in order are found") {
  builder b("g", 1);
  auto const n = b.symbol("n");
  dimension_algebra algebra(b.unfinished());
  b.output(b.input("x", {element_type::int8, {algebra.extent_of(algebra.of(n) + sum(1))}}));
  auto g = b.finish();
  CHECK(!verify(g).failure);
  auto wrong = g;
  wrong.dimension_terms[0].factors[0] = 1;
  CHECK(verify(wrong).failure.text.view() == "dimension 1 does not follow from those before it");
  wrong = g;
  wrong.dimensions[1].left.count = 100;
  CHECK(verify(wrong).failure.text.view() == "dimension 1 does not follow from those before it");
  wrong = g;
  wrong.dimensions.push_back({});
  CHECK(verify(wrong).failure.text.view() == "dimension 2 does not follow from those before it");
}
