// Bodies, functions, notes, containers and constants of every kind, out of their text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/parse_body.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "inlay/graph/compare.hpp"
#include "inlay/graph/parse.hpp"
#include "inlay/graph/print.hpp"
#include "inlay/graph/verify.hpp"

namespace {
using namespace inlay;

constexpr std::string_view by_hand = R"(graph "net" opset 28
# Empty lines and comments stand anywhere.

ir_version 13
opset "ai.onnx.ml" 5

input %0 "x":sequence( map(int64 , float32[n]))
constant %1:string[2]=["a","b"] # two words
constant %2:int8[4]=external( "w.bin" , 7 )
constant %3:float32[2,2]=sparse(%5,%4)
constant %4:int64[1]=AgAAAAAAAAA=
constant %5:float32[1]=AACAPw==
%7=If(%0){then_branch=graph"then"{ # a comment

    note body "doc_string"="first" # of the body
  %6=F(%0) {list=[type int8,type optional(int8[])],s=sparse %3,a=2 @b}
  note node "k"="v"
  return %6

},else_branch=graph{
return %0
}}
return %7
)";

static_assert(!parse(by_hand).failure);

constexpr std::string_view head_and_x = "graph \"\" opset 1\ninput %0 \"x\" : int8[2]\n";

/// The error of a graph that goes on with `rest`.
constexpr bool fails(std::string_view rest, std::string_view sentence) {
  text_buffer text;
  text << head_and_x << rest;
  return parse(text.view()).failure.text.view() == sentence;
}

// Bodies.
static_assert(fails("%1 = F() {a = graph \"b\"}",
                    "line 3, column 24: expected '{' before the lines of a body, not '}'"));
static_assert(fails("%1 = F() {a = graph {return %0\n}}",
                    "line 3, column 22: expected the end of the line, not 'r'"));
static_assert(fails("%1 = F() {a = graph {\n",
                    "line 4, column 1: expected '}' after the attributes, but the line ends"));
static_assert(fails("%1 = F() {a = graph {\nvalue %1 : int8\n",
                    "line 4, column 1: expected input, constant, a node, return, note or '}', not "
                    "'v'"));
static_assert(fails("%1 = F() {a = graph {\nopset \"\" 3\n",
                    "line 4, column 1: expected input, constant, a node, return, note or '}', not "
                    "'o'"));
static_assert(fails("%1 = F() {a = [graph {\n}, 1]}",
                    "line 4, column 4: the elements of a list are of one kind, here graph"));
static_assert(fails("%1 = F() {a = graph {\n%2 = G()\n}}\nreturn %2",
                    "line 6, column 8: %2 is defined in another body"));
static_assert(fails("%1 = F() {a = graph {\nreturn %1\n}}",
                    "line 4, column 8: %1 is not defined before it is used"));
static_assert(fails("%1 = F() {a = graph {\n%0 = G()\n}}",
                    "line 4, column 1: %0 is defined twice"));
static_assert(fails("%1 = F() {a = graph {\n%2 = G()\n}, b = graph {\n%2 = G()\n}}",
                    "line 6, column 1: %2 is defined twice"));
static_assert(fails("%1 = F() {a = sparse 3}",
                    "line 3, column 22: expected '%' before the number of a value, not '3'"));
static_assert(fails("%1 = F() {a = type int9}",
                    "line 3, column 20: there is no element type 'int9'"));
static_assert(fails("%1 = F() {a = 3 @}",
                    "line 3, column 18: expected a name behind the @, not '}'"));

// Functions.
static_assert(fails("function {", "line 3, column 10: expected the name of an operator, not '{'"));
static_assert(fails("function F {\nreturn %0\n}",
                    "line 4, column 8: %0 is defined in another body"));
static_assert(fails("function F {\ninput %1 : int8\n}\nreturn %1",
                    "line 6, column 8: %1 is defined in another body"));
static_assert(fails("function F takes a {",
                    "line 3, column 18: expected '[' before the names of "
                    "attributes, not 'a'"));
static_assert(fails("function F takes [a {",
                    "line 3, column 21: expected ']' after the names of attributes, not '{'"));
static_assert(fails("function F {\nvalue %1 : int8\n",
                    "line 4, column 1: expected opset, input, constant, a node, return, note or "
                    "'}', not 'v'"));
static_assert(fails("opset \"a\" 1",
                    "line 3, column 1: expected input, constant, value, a node, return, function, "
                    "note or error, not 'o'"));

// Notes.
constexpr std::string_view subjects =
    "expected what stands above or around this note: model, graph, node, body, function or the "
    "number of a value, not '";
constexpr bool has_no_subject(std::string_view rest, std::string_view place,
                              std::string_view found) {
  text_buffer sentence;
  sentence << place << subjects << found << "'";
  return fails(rest, sentence.view());
}
static_assert(has_no_subject("note node \"a\" = \"b\"", "line 3, column 6: ", "n"));
static_assert(has_no_subject("note body \"a\" = \"b\"", "line 3, column 6: ", "b"));
static_assert(has_no_subject("function F {\nnote graph \"a\" = \"b\"", "line 4, column 6: ", "g"));
static_assert(has_no_subject("%1 = F() {a = graph {\nnote function \"a\" = \"b\"",
                             "line 4, column 6: ", "f"));
static_assert(fails("note graph \"a\" \"b\"",
                    "line 3, column 16: expected '=' after the key of a note, not '\"'"));
static_assert(fails("note %7 \"a\" = \"b\"", "line 3, column 6: %7 is not defined"));

// Types and constants.
static_assert(fails("value %1 : sequence",
                    "line 3, column 20: expected '(' after the kind of a container, but the line "
                    "ends"));
static_assert(fails("value %1 : sequence(int8",
                    "line 3, column 25: expected ')' after what a "
                    "container holds, but the line ends"));
static_assert(fails("value %1 : map(int8)",
                    "line 3, column 20: expected ',' after the keys of a map, not ')'"));
static_assert(fails("value %1 : opaque(\"a\")",
                    "line 3, column 22: expected ',' after the domain of an opaque type, not ')'"));
static_assert(fails("constant %1 : string[1] = [a]",
                    "line 3, column 28: expected a text in quotes, not 'a'"));
static_assert(fails("constant %1 : string[1] = [\"a\"",
                    "line 3, column 31: expected ']' after the elements of a tensor of strings, "
                    "but the line ends"));
static_assert(
    fails("constant %1 : int8[1] = sparse(%0)",
          "line 3, column 34: expected ',' after the values of a sparse tensor, not ')'"));
static_assert(fails("constant %1 : int8[1] = sparse(%0, %9)",
                    "line 3, column 36: %9 is not defined"));
static_assert(fails("constant %1 : int8[1] = external(\"a\")",
                    "line 3, column 37: expected ',' after the location of external data, not "
                    "')'"));

/// So many bodies, each in the one before.
std::string nested_bodies(int depth) {
  std::string text(head_and_x);
  for (int i = 0; i < depth; ++i) text += "= F() {a = graph {\n";
  for (int i = 0; i < depth; ++i) text += "}}\n";
  return text;
}
std::string nested_types(int depth) {
  std::string text(head_and_x);
  text += "value %1 : ";
  for (int i = 0; i < depth; ++i) text += "sequence(";
  text += "int8";
  return text.append(static_cast<std::size_t>(depth), ')') + "\n";
}

}  // namespace

TEST_CASE("spaces, comments and empty lines stand anywhere between the parts of a text") {
  auto const g = parse(by_hand);
  REQUIRE(g.failure.text.view() == "");
  CHECK(print(g, with_elements).view() == R"(graph "net" opset 28
ir_version 13
opset "ai.onnx.ml" 5
input %0 "x" : sequence(map(int64, float32[n]))
constant %1 : string[2] = ["a", "b"]
constant %2 : int8[4] = external("w.bin", 7)
constant %3 : float32[2, 2] = sparse(%5, %4)
constant %4 : int64[1] = AgAAAAAAAAA=
constant %5 : float32[1] = AACAPw==
%7 = If(%0) {then_branch = graph "then" {
  note body "doc_string" = "first"
  %6 = F(%0) {list = [type int8, type optional(int8[])], s = sparse %3, a = 2 @b}
  note node "k" = "v"
  return %6
}, else_branch = graph {
  return %0
}}
return %7
)");
}

TEST_CASE("bodies and containers nest at most 64 deep in a text") {
  auto const bodies = nested_bodies(64);
  auto const g = parse(bodies);
  CHECK(g.failure.text.view() == "");
  CHECK(g.bodies.size() == 64);
  auto const text = print(g, with_elements);
  CHECK(first_difference(g, parse(text.view())).view() == "");
  CHECK(parse(nested_bodies(65)).failure.text.view() ==
        "line 67, column 18: bodies nest at most 64 deep");
  CHECK(parse(nested_bodies(100'000)).failure.broken == rule::messages_must_nest_at_most_64_deep);
  auto const types = nested_types(64);
  CHECK(verify(parse(types)).failure.broken == rule::a_graph_must_have_an_output);
  CHECK(print(parse(types), with_elements).view() == types);
  CHECK(parse(nested_types(65)).failure.text.view() ==
        "line 3, column 588: a type has at most 64 layers");
  CHECK(parse(nested_types(100'000)).failure.broken == rule::messages_must_nest_at_most_64_deep);
}

TEST_CASE("a graph whose bodies hold themselves, or each other, prints and compares to its end") {
  graph g;
  for (std::uint32_t i = 0; i < 100; ++i) {
    // Each body holds the next one twice: as a tree, 2 to the 100 bodies.
    node n;
    n.type = "F";
    n.attributes = {i, 1};
    g.attributes.push_back({"a", attribute_kind::graphs, {2 * i, 2}, {}});
    for (int k = 0; k < 2; ++k) g.integers.push_back(i == 99 ? 0 : i + 1);
    g.body_nodes.push_back(n);
    body b;
    b.nodes = {i, 1};
    g.bodies.push_back(b);
  }
  g.nodes.push_back(g.body_nodes[0]);
  auto const text = print(g, with_elements);
  CHECK(text.view().size() < 20'000);
  CHECK(std::string_view(text.view()).find("body 1") != std::string_view::npos);
  CHECK(first_difference(g, g).empty());
  CHECK(verify(g).failure);
}

TEST_CASE("a long text of bodies takes time in proportion") {
  std::string text(head_and_x);
  int value = 1;
  for (int i = 0; i < 20'000; ++i) {
    auto const inner = std::to_string(value++);
    auto const outer = std::to_string(value++);
    text += "%" + outer + " = If(%0) {a = graph {\n  %" + inner + " = F(%0) {b = 1}\n  return %" +
            inner + "\n}, c = 2}\nnote node \"a\" = \"b\"\n";
  }
  auto const g = parse(text);
  REQUIRE(g.failure.text.view() == "");
  CHECK(g.bodies.size() == 20'000);
  CHECK(print(g, with_elements).view().substr(0, text.size()) == text);
  CHECK(first_difference(g, parse(text)).empty());
}
