// Graphs as pictures.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/dot.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "everything.hpp"
#include "inlay/graph/parse.hpp"

namespace {
using namespace inlay;
using inlay_test::everything;
using inlay_test::f32;

constexpr graph dense() {
  builder b("net", 28);
  auto const x = b.input("x", {f32, {b.symbol("batch"), 8}});
  auto const w = b.constant("w", {f32, {8, 4}}, std::string_view{});
  auto const y = b.add(operator_id{1}, "MatMul", "fc", {x, w, no_value});
  b.unfinished().values[y].type = {f32, {-1, 4}};
  b.output(y, "y");
  return b.finish();
}

constexpr std::string_view dense_dot = R"(digraph "net" {
  node [shape=box, fontname="sans-serif"];
  edge [fontname="sans-serif", fontsize=10];
  v0 [label="x", shape=ellipse];
  v1 [label="w\nfloat32[8, 4]", shape=plaintext, fontsize=8];
  n0 [label="MatMul\nfc"];
  v0 -> n0 [label="float32[batch, 8]"];
  v1 -> n0;
  o0 [label="y", shape=ellipse];
  n0 -> o0 [label="float32[batch, 4]"];
}
)";

constexpr bool draws(graph const& g, std::string_view expected) {
  return print_dot(g).view() == expected;
}
static_assert(draws(dense(), dense_dot));

// A body is a frame, and what leads into it or out of it stands behind all frames.
constexpr std::string_view choice_dot = R"dot(digraph "net" {
  node [shape=box, fontname="sans-serif"];
  edge [fontname="sans-serif", fontsize=10];
  v0 [label="x", shape=ellipse];
  n0 [label="If"];
  v0 -> n0 [label="sequence(bool[n])"];
  subgraph cluster0 {
    label="then_branch\nyes";
    v1 [label="w\nint8[1]", shape=plaintext, fontsize=8];
    b0 [label="Add\nfirst"];
    r0 [label="%2", shape=ellipse];
  }
  o0 [label="%3", shape=ellipse];
  n0 -> o0 [label="int8[1]"];
  v0 -> b0 [label="sequence(bool[n])"];
  v1 -> b0;
  b0 -> r0 [label="int8[1]"];
  r0 -> n0 [style=dashed];
}
)dot";
static_assert(draws(parse(R"(graph "net" opset 1
input %0 "x" : sequence(bool[n])
%3 = If(%0) {then_branch = graph "yes" {
  constant %1 "w" : int8[1] = AQ==
  %2 = Add(%0, %1) "first" : int8[1]
  return %2
}} : int8[1]
return %3
)"),
                    choice_dot));

constexpr bool labels(std::string_view name, std::string_view expected) {
  graph g;
  g.name = name;
  return print_dot(g).view().substr(8, expected.size()) == expected;
}
static_assert(labels("a \"b\" \\ c\nd", R"("a \"b\" \\ c\nd" {)"));
static_assert(labels("&lt; <b>", R"("&amp;lt; <b>" {)"));
static_assert(labels("\xff\x01\xc3\xa9", "\"\\\\xff\\\\x01\xc3\xa9\" {"));

/// Whether a text is a graph of Graphviz, as far as this library prints them: quotes are closed on
/// their line, brackets and braces too, and each statement is `name [list];` or `name -> name;`.
constexpr bool is_dot(std::string_view text) {
  bool is_quoted = false;
  int braces = 0;
  int brackets = 0;
  char last = '{';  // behind which a line may end
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const c = text[i];
    if (is_quoted) {
      if (static_cast<unsigned char>(c) < ' ') return false;
      if (c == '\\') ++i;
      if (c == '"') is_quoted = false;
      continue;
    }
    if (c == '\n' && (brackets != 0 || (last != ';' && last != '{' && last != '}'))) return false;
    if (c == '"') is_quoted = true;
    if (c == '{') ++braces;
    if (c == '}') --braces;
    if (c == '[') ++brackets;
    if (c == ']') --brackets;
    if (brackets < 0 || brackets > 1 || braces < 0 || (braces == 0 && c == ';')) return false;
    if (c == '&' || c == '\\' || static_cast<unsigned char>(c) >= 0x7f) return false;
    if (c != ' ') last = c;
  }
  return !is_quoted && braces == 0 && brackets == 0 && text.starts_with("digraph ");
}
static_assert(is_dot(dense_dot) && !is_dot(dense_dot.substr(0, 100)) && !is_dot("digraph \"a\" {"));
static_assert(is_dot(print_dot(everything()).view()));
static_assert(is_dot(print_dot(graph{}).view()));

}  // namespace

TEST_CASE("whatever a name holds, the picture stays one that Graphviz reads") {
  char name[3] = "";
  for (int a = 0; a < 256; ++a) {
    for (int b : {0, 10, 34, 38, 92, 110, 128, 255}) {
      name[0] = static_cast<char>(a);
      name[1] = static_cast<char>(b);
      auto g = dense();
      std::string_view const view(name, 2);
      g.name = g.nodes[0].type = g.nodes[0].domain = g.nodes[0].name = view;
      g.values[0].name = g.values[1].name = g.symbols[0] = view;
      REQUIRE(is_dot(print_dot(g).view()));
    }
  }
}

TEST_CASE("a graph whose indices point nowhere is drawn all the same") {
  auto g = dense();
  g.inputs.push_back(77);
  g.outputs.push_back(no_value);
  g.operands[0] = 99;
  g.values[0].type.shape[0] = -9;
  CHECK(is_dot(print_dot(g).view()));
}
