// Graphs as text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/print.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

#include "everything.hpp"
#include "inlay/graph/builder.hpp"

namespace {
using namespace inlay;

constexpr auto f = element_type::float32;

constexpr graph dense() {
  builder b("net", 28);
  auto const x = b.input("x", {f, {b.symbol("batch"), 8}});
  auto const w = b.constant("w", {f, {8, 4}}, std::string_view{});
  auto const y = b.add(operator_id{1}, "MatMul", "fc", {x, w});
  auto& g = b.unfinished();
  g.values[y].type = {f, {-1, 4}};
  b.output(y, "y");
  return b.finish();
}

constexpr std::string_view dense_text =
    "graph \"net\" opset 28\n"
    "input %0 \"x\" : float32[batch, 8]\n"
    "constant %1 \"w\" : float32[8, 4]\n"
    "%2 \"y\" = MatMul(%0, %1) \"fc\" : float32[batch, 4]\n"
    "return %2\n";

constexpr bool prints(graph const& g, std::string_view expected) {
  return print(g).view() == expected;
}
static_assert(prints(dense(), dense_text));

constexpr graph thing() {
  builder b;
  auto const x = b.input("", {f, {}});
  auto const y = b.add(operator_id{}, "Thing", "", {x, no_value},
                       {{"i", -3}, {"l", {1, 2}}, {"r", 0.1f}, {"t", "SAME"}, {"two", 2.0f}});
  auto& g = b.unfinished();
  g.nodes[0].domain = "com.example";
  g.attributes.push_back({"tensor", attribute_kind::tensor, {}});
  g.nodes[0].attributes.count += 1;
  b.output(y);
  g.fail(make_error(rule::shapes_must_broadcast, "they do not"));
  return b.finish();
}
// 0.1f is 0x1.99999ap-4.
static_assert(prints(thing(),
                     "graph \"\" opset 0\n"
                     "input %0 : float32[]\n"
                     "%1 = com.example.Thing(%0, none) {i = -3, l = [1, 2], r = 0x1.99999ap-4, "
                     "t = \"SAME\", two = 2.0, tensor = tensor}\n"
                     "return %1\n"
                     "error: they do not\n"));

// A name is text on one line; what is no UTF-8 and no character of ASCII is written as its byte.
constexpr bool quotes(std::string_view text, std::string_view expected) {
  text_buffer out;
  detail::print_quoted(out, text);
  return out.view() == expected;
}
static_assert(quotes("", R"("")"));
static_assert(quotes("a\"b\\c\nd\te\x7f", R"("a\"b\\c\nd\x09e\x7f")"));
static_assert(quotes(std::string_view("\0", 1), R"("\x00")"));
static_assert(quotes("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
                     "\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\""));
static_assert(quotes("\xc3", R"("\xc3")"));
static_assert(quotes("\xc0\x80", R"("\xc0\x80")"));                  // too long for U+0000
static_assert(quotes("\xe0\x9f\xbf", R"("\xe0\x9f\xbf")"));          // too long
static_assert(quotes("\xed\xa0\x80", R"("\xed\xa0\x80")"));          // a surrogate
static_assert(quotes("\xf4\x90\x80\x80", R"("\xf4\x90\x80\x80")"));  // past U+10FFFF
static_assert(
    quotes("\xff"
           "a",
           R"("\xffa")"));

constexpr std::string_view whole_text =
    R"(graph "a \"net\" \\ of\ntwo lines" opset 28
input %1 "x" : float32[batch, "odd name", ?0, 8]
input %2 "été \xff\x01" : int8[?1, ?0, batch?2]
input %5 "s" : float32[]
constant %0 "w" : float32[2] = AAAAPwAAgL8=
constant %3 : uint8[4] = AAECAw==
constant %4 "none" : float32[0]
value %6 "unused" : float32[2, batch]
value %10 : undefined
%7 = Thing(%1, none, %0, %2) {integer = -3, least = -9223372036854775808, real = 0x1.99999ap-4, )"
    R"(text = "a \"b\"\x09", list = [1, -2, 3], )"
    R"(reals = [2.0, -0.0, 0x0.000002p-126, -inf, nan, -nan.800002], texts = ["", "plain", "\\"], )"
    R"(tensor = %3, tensors = [%0, %4, none], empty = integers[], "no reals" = reals[], )"
    R"(graph = graph, "" = other, graphs = graphs[]} "first" : float32[batch, 2]
%8 "y", none, %9 "third" = com.example."Split.2"(%7, %5) at 1234 : undefined, undefined, bool[]
= "my domain".Print(%9)
return %9
return %8
return %1
)";

constexpr bool prints_whole(graph const& g, std::string_view expected) {
  return print(g, with_elements).view() == expected;
}
static_assert(prints_whole(inlay_test::everything(), whole_text));

constexpr graph located_error() {
  graph g;
  g.fail(make_error(rule::a_name_must_not_be_empty, "one line"));
  g.failure.offset = 77;
  return g;
}
static_assert(prints(located_error(), "graph \"\" opset 0\nerror: one line\n"));
static_assert(prints_whole(located_error(), "graph \"\" opset 0\nerror 10 at 77: one line\n") ==
              (rule::a_name_must_not_be_empty == rule{10}));

std::string printed(float x) {
  text_buffer out;
  detail::print_real(out, x);
  return std::string(out.view());
}

}  // namespace

TEST_CASE("a graph prints as the comment of print shows") {
  CHECK(print(dense()).view() == dense_text);
}

TEST_CASE("with its elements a graph prints whole, and without them only their types") {
  auto const g = inlay_test::everything();
  CHECK(print(g, with_elements).view() == whole_text);
  auto const text = print(g);
  auto const short_text = std::string(text.view());
  CHECK(short_text.find("constant %0 \"w\" : float32[2]\n") != std::string::npos);
  CHECK(short_text.find("unused") == std::string::npos);
  CHECK(short_text.find(" at 1234") == std::string::npos);
}

TEST_CASE("a graph whose indices point nowhere prints all the same") {
  graph g;
  g.inputs.push_back(3);
  g.outputs.push_back(no_value);
  g.values.push_back({"x", {inlay_test::f32, {-5, 2}}});
  CHECK(print(g, with_elements).view() ==
        "graph \"\" opset 0\ninput %3 : undefined\nvalue %0 \"x\" : float32[-5, 2]\n"
        "return none\n");
}

TEST_CASE("a number that is printed reads back with the same bits") {
  std::uint32_t state = 3;
  for (int i = 0; i < 20'000; ++i) {
    state = state * 1664525u + 1013904223u;  // Numerical Recipes
    auto const x = std::bit_cast<float>(state);
    if (x != x) continue;
    REQUIRE(std::bit_cast<std::uint32_t>(std::strtof(printed(x).c_str(), nullptr)) == state);
  }
  using limits = std::numeric_limits<float>;
  CHECK(printed(0.0f) == "0.0");
  CHECK(printed(-0.0f) == "-0.0");
  CHECK(printed(1.0f) == "1.0");
  CHECK(printed(-16777215.0f) == "-16777215.0");
  CHECK(printed(limits::infinity()) == "inf");
  CHECK(printed(-limits::infinity()) == "-inf");
  CHECK(printed(limits::quiet_NaN()) == "nan");
  CHECK(printed(-limits::quiet_NaN()) == "-nan");
  CHECK(printed(std::bit_cast<float>(0x7fc0'0001)) == "nan.800002");
}
