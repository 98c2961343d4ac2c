// Graphs as text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/print.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>

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
ir_version 13
opset "com.example" 3
opset "my domain" 1
note model "producer_name" = "inlay"
note model "metadata:license" = ""
note graph "doc_string" = "the graph"
input %1 "x" : float32[batch, "odd name", ?0, 8]
input %2 "été \xff\x01" : int8[?1, ?0, batch?2]
input %5 "s" : float32[]
input %18 "list" : sequence(map(int64, optional(float32[batch, 2])))
input %19 "secret" : opaque("com.example", "a \"thing\"")
input %20 "holes" : sparse_tensor(float32[3, 4])
constant %0 "w" : float32[2] = AAAAPwAAgL8=
constant %3 : uint8[4] = AAECAw==
constant %4 "none" : float32[0]
constant %11 "words" : string[2] = ["a, ]", ""]
constant %12 "no words" : string[0]
constant %13 "far" : float32[2] = external("weights.bin", 64, 8, "abc")
constant %14 "loaded" : int8[3] = external("a \"b\".bin", 0) AQID
constant %15 "sparse" : float32[3, 4] = sparse(%16, %17)
constant %16 : float32[2] = AACAPwAAAEA=
constant %17 : int64[2] = AQAAAAAAAAALAAAAAAAAAA==
value %6 "unused" : float32[2, batch]
value %10 : undefined
%7 = Thing(%1, none, %0, %2) {integer = -3, least = -9223372036854775808, real = )"
    R"(0x1.99999ap-4, text = "a \"b\"\x09", list = [1, -2, 3], reals = [2.0, -0.0, )"
    R"(0x0.000002p-126, -inf, nan, -nan.800002], texts = ["", "plain", "\\"], tensor = %3, )"
    R"(tensors = [%0, %4, none], empty = integers[], "no reals" = reals[], graph = graph, "" = )"
    R"(other, graphs = graphs[]} "first" : float32[batch, 2]
note node "doc_string" = "the first"
%8 "y", none, %9 "third" = com.example."Split.2"(%7, %5) at 1234 : undefined, )"
    R"(undefined, bool[]
= "my domain".Print(%9)
%28 "chosen" = If(%9) {then_branch = graph "then" {
  note body "doc_string" = "outer"
  constant %24 "c" : float32[1] = AABAQA==
  %25 "looped", %26 = Loop(%7, none, %24) {body = graph "loop" {
    note body "doc_string" = "inner"
    input %21 "i" : float32[2]
    input %22 "state" : float32[2]
    %23 "next" = Add(%22, %0) "next" at 99 : float32[2]
    note node "overload" = "plus"
    return %23
    return %22
  }} : undefined, float32[2]
  note node "doc_string" = "a loop"
  %27 = Neg(%26)
  return %27
}, else_branch = graph {
  return %7
}} : float32[2]
note node "metadata:b" = "2"
note node "metadata:a" = "1"
%29 "all" = All(%18, %19, %20) {graphs = [graph "one" {
  return %28
}, graph "two \"x\"" {
  return %28
}], sparse = sparse %15, sparses = [sparse %15, sparse %15], type = type )"
    R"(sequence(map(int64, optional(float32[batch, 7]))), types = [type string[], type )"
    R"(opaque("com.example", "a \"thing\"")], "no type" = type, "no types" = types[], "no )"
    R"(sparse" = sparse_tensor, "no sparses" = sparse_tensors[]} : sequence(map(int64, )"
    R"(optional(undefined)))
return %9
return %8
return %1
return %29
function com.example."Split.2" overload "two" takes [alpha, "the axes"] default {beta = )"
    R"(7, gamma = texts[]} {
  opset "" 28
  opset "com.example" 2
  note function "doc_string" = "splits"
  input %30 "in" : undefined
  %31 "scaled" = Scale(%30) {alpha = real @alpha, "an axis" = integers[] @"the axes", )"
    R"(value = %0} : float32[]
  %33 = Call(%31) {branch = graph {
    %32 "negated" = Neg(%31)
    return %32
  }}
  return %33
}
function Nothing "a body" {
  note function "doc_string" = "does nothing"
}
note %0 "doc_string" = "weights\nof it"
note %23 "metadata:unit" = "m"
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
