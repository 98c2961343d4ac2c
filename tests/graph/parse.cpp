// Graphs out of their text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/parse.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "everything.hpp"
#include "inlay/graph/compare.hpp"
#include "inlay/graph/dot.hpp"
#include "inlay/graph/freeze.hpp"
#include "inlay/graph/print.hpp"
#include "inlay/graph/verify.hpp"

namespace {
using namespace inlay;
using inlay_test::everything;
using inlay_test::find_in_everything;

constexpr bool comes_back(graph const& g) {
  auto const text = print(g, with_elements);
  auto const parsed = parse(text.view(), find_in_everything);
  return first_difference(g, parsed).empty() && print(parsed, with_elements).view() == text.view();
}
static_assert(comes_back(everything()));
static_assert(comes_back(graph{}));

constexpr graph failed() {
  auto g = everything();
  g.fail(make_error(rule::shapes_must_broadcast, "'x': they do not # \"at all\""));
  g.failure.offset = 99;
  return g;
}
static_assert(comes_back(failed()));
static_assert(parse(print(failed(), with_elements).view()).failure.offset == 99);

constexpr std::string_view by_hand =
    "\n# What a person may write.\n"
    "graph \"net\" opset 13 # the newest\n"
    "\tinput %0 \"x\":float32[batch,8]\r\n\n"
    "constant %1:int8[2]=AQI=\n"
    "%2\"y\",none=a.b.Thing(%0,none){i=-3,r=0.1,t=\"\\x41\\n\",l=[1,2],v=%1,e=texts[]}\"n\" at 7 "
    ": float32, undefined\n"
    "return %2";

constexpr bool reads_what_a_person_writes() {
  auto const g = parse(by_hand);
  if (g.failure || g.name != "net" || g.opset != 13 || g.values.size() != 3) return false;
  auto const& n = g.nodes[0];
  auto const a = g.attributes_of(n);
  return g.values[0].name == "x" && g.values[0].type.shape[0] == -1 && g.symbols[0] == "batch" &&
         g.bytes_of(g.constants[0]) == "\1\2" && n.domain == "a.b" && n.type == "Thing" &&
         n.name == "n" && n.offset == 7 && g.inputs_of(n)[1] == no_value &&
         g.outputs_of(n)[1] == no_value && a.size() == 6 && g.reals[a[1].values.first] == 0.1f &&
         g.texts[a[2].values.first] == "A\n" && a[5].kind == attribute_kind::texts &&
         n.op == operator_id::unlisted && g.outputs[0] == 2;
}
static_assert(reads_what_a_person_writes());

// Names without escapes are views of the text; the others stay valid in copies of the graph.
constexpr bool names_are_views() {
  std::string_view const text = "graph \"net\" opset 1\nvalue %0 \"v\" : int8\n";
  auto const g = parse(text);
  return g.names.empty() && g.name.data() == text.data() + 7;
}
static_assert(names_are_views());
constexpr bool escaped_names_outlive_the_first_graph() {
  graph copy;
  {
    auto const g = parse("graph \"a\\\\b\" opset 1\nvalue %0 \"c\\x64\" : int8\n");
    copy = g;
  }
  auto const moved = std::move(copy);
  return moved.name == "a\\b" && moved.values[0].name == "cd";
}
static_assert(escaped_names_outlive_the_first_graph());

// A text is a network that a constant can hold.
constexpr auto network = [] {
  return parse(
      "graph \"net\" opset 1\n"
      "input %0 \"x\" : int8[2]\n"
      "constant %1 \"w\" : int8[2] = AQI=\n"
      "%2 \"y\" = Add(%0, %1)\n"
      "return %2\n");
};
static_assert(frozen_graph<network>::get<&graph::nodes>()[0].type == "Add");
static_assert(first_difference(thaw<frozen_graph<network>>(), network()).empty());

constexpr std::string_view head = "graph \"\" opset 1\n";
constexpr std::string_view head_and_x = "graph \"\" opset 1\ninput %0 \"x\" : int8[2]\n";

constexpr bool says(graph const& g, std::string_view sentence, std::int64_t offset) {
  return g.failure && g.failure.text.view() == sentence && g.failure.offset == offset;
}
/// The error of a graph that goes on with `rest`.
constexpr bool fails(std::string_view rest, std::string_view sentence, std::size_t offset,
                     std::string_view start = head_and_x) {
  text_buffer text;
  text << start << rest;
  auto const at = static_cast<std::int64_t>(start.size() + offset);
  return says(parse(text.view()), sentence, at);
}

static_assert(says(parse(""),
                   "line 1, column 1: expected 'graph' at the beginning, but the line "
                   "ends",
                   0));
static_assert(says(parse("\xc3\xa9"),
                   "line 1, column 1: expected 'graph' at the beginning, not "
                   "'\xc3\xa9'",
                   0));
static_assert(says(parse("graph"),
                   "line 1, column 6: expected a text in quotes, but the line "
                   "ends",
                   5));
static_assert(says(parse("graph \"a\" 3"),
                   "line 1, column 11: expected 'opset' after the name of the graph, not '3'", 10));
static_assert(says(parse("graph \"\" opset x"), "line 1, column 16: expected a number, not 'x'",
                   15));
static_assert(says(parse("graph \"\" opset 1 2"),
                   "line 1, column 18: expected the end of the line, not '2'", 17));
static_assert(says(parse("graph \"\" opset 9223372036854775808"),
                   "line 1, column 16: the number is larger than 9223372036854775807", 15));
static_assert(says(parse("graph \"\xc3\xa9\\q\" opset 1"),
                   "line 1, column 9: after a backslash stands \", \\, n, or x and two hexadecimal "
                   "digits",
                   9));
static_assert(says(parse("graph \"\\x4\" opset 1"),
                   "line 1, column 8: after a backslash stands \", \\, n, or x and two hexadecimal "
                   "digits",
                   7));
static_assert(says(parse("graph \"abc\n"), "line 1, column 7: the quotes are not closed", 6));
static_assert(says(parse("graph \"a\\nc\n"), "line 1, column 7: the quotes are not closed", 6));

static_assert(fails("outputs",
                    "line 3, column 1: expected input, constant, value, a node, return, "
                    "function, note or error, not 'o'",
                    0));
static_assert(fails("input 0",
                    "line 3, column 7: expected '%' before the number of a value, not "
                    "'0'",
                    6));
static_assert(fails("input %1 int8", "line 3, column 10: expected ':' before the type, not 'i'",
                    9));
static_assert(fails("input %0 : int8", "line 3, column 7: %0 is defined twice", 6));
static_assert(fails("input %4294967295 : int8",
                    "line 3, column 8: the number is larger than 4294967294", 7));
static_assert(fails("value %4294967294 : int8",
                    "line 3, column 7: values are numbered from 0 on, and this text is too short "
                    "for %4294967294",
                    6));
static_assert(fails("value %2 : int8",
                    "line 3, column 16: values are numbered from 0 on, and %1 is not defined", 15));

static_assert(fails("value %1 : int9", "line 3, column 12: there is no element type 'int9'", 11));
static_assert(fails("value %1 : ",
                    "line 3, column 12: expected an element type, but the line "
                    "ends",
                    11));
static_assert(fails("value %1 : int8[-1]", "line 3, column 17: the dimension is -1", 16));
static_assert(fails("value %1 : int8[1 2]",
                    "line 3, column 19: expected ']' after the dimensions, not '2'", 18));
static_assert(fails("value %1 : int8[1,1,1,1,1,1,1,1, 1]",
                    "line 3, column 34: a shape has at most 8 dimensions", 33));
static_assert(fails("value %1 : int8[?x]", "line 3, column 18: expected a number, not 'x'", 17));

static_assert(fails("constant %1 : int8[3] = AQ", "line 3, column 25: the elements are not base64",
                    24));
static_assert(fails("constant %1 : int8[3] = AQI= 3",
                    "line 3, column 30: expected the end of the line, not '3'", 29));

static_assert(fails("%1 Relu(%0)", "line 3, column 4: expected '=' before the operator, not 'R'",
                    3));
static_assert(fails("%1 = (%0)", "line 3, column 6: expected the name of an operator, not '('", 5));
static_assert(fails("%1 = a.(%0)", "line 3, column 8: expected the name of an operator, not '('",
                    7));
static_assert(fails("%1 = Relu %0", "line 3, column 11: expected '(' after the operator, not '%'",
                    10));
static_assert(fails("%1 = Relu(%1)", "line 3, column 11: %1 is not defined before it is used", 10));
static_assert(fails("%1 = Relu(%0",
                    "line 3, column 13: expected ')' after the inputs, but the "
                    "line ends",
                    12));
static_assert(fails("%0 = Relu(%0)", "line 3, column 1: %0 is defined twice", 0));
static_assert(fails("%1, %1 = Relu(%0)", "line 3, column 5: %1 is defined twice", 4));
static_assert(fails("%1, %2 = Relu(%0) : int8",
                    "line 3, column 25: expected ',' before the type of the next output, but the "
                    "line ends",
                    24));
static_assert(fails("%1 = Relu(%0) : int8, int8",
                    "line 3, column 21: expected the end of the line, not ','", 20));
static_assert(fails("return %1", "line 3, column 8: %1 is not defined before it is used", 7));

static_assert(fails("%1 = F() {}",
                    "line 3, column 11: expected '=' after the name of an attribute, "
                    "not '}'",
                    10));
static_assert(fails("%1 = F() {a = }",
                    "line 3, column 15: expected a number, a text in quotes, a "
                    "value or a list, not '}'",
                    14));
static_assert(fails("%1 = F() {a = 1",
                    "line 3, column 16: expected '}' after the attributes, but "
                    "the line ends",
                    15));
static_assert(fails("%1 = F() {a = [1, 2.0]}",
                    "line 3, column 19: the elements of a list are of one kind, here integer", 18));
static_assert(fails("%1 = F() {a = []}",
                    "line 3, column 16: expected a number, a text in quotes, "
                    "a value or a list, not ']'",
                    15));
static_assert(fails("%1 = F() {a = [1}",
                    "line 3, column 17: expected ']' after the elements of a "
                    "list, not '}'",
                    16));
static_assert(fails("%1 = F() {a = 1e5}",
                    "line 3, column 15: '1e5' is no number; a real one is written as 2.0 or, "
                    "exactly, as 0x1.99999ap-4",
                    14));
static_assert(fails("%1 = F() {a = integers}",
                    "line 3, column 15: 'integers' is no number; a real one is written as 2.0 or, "
                    "exactly, as 0x1.99999ap-4",
                    14));
static_assert(fails("%1 = F() {a = 9223372036854775808}",
                    "line 3, column 15: the number is larger than 9223372036854775807", 14));
static_assert(fails("%1 = F() {a = %1}", "line 3, column 15: %1 is not defined before it is used",
                    14));
static_assert(fails("error 0: x", "line 3, column 8: expected a rule before this, not ':'", 7));
static_assert(fails("error 1 x", "line 3, column 9: expected ':' before the sentence, not 'x'", 8));
static_assert(fails("error 5 : \n", "line 3, column 11: expected a sentence, but the line ends",
                    10));
static_assert(fails("error:", "line 3, column 7: expected a sentence, but the line ends", 6));
// A mistake in the text comes before the error that the text holds.
static_assert(fails("error: x\ny",
                    "line 4, column 1: expected input, constant, value, a node, return, "
                    "function, note or error, not 'y'",
                    9));
static_assert(says(parse("graph \"\" opset 1\nerror: x"), "x", -1));

/// Whether a graph prints, and a graph without an error comes back.
bool is_sound(graph const& g) {
  if (!first_difference(g, g).empty() || print_dot(g).view().empty()) return false;
  if (g.failure) return !g.failure.text.empty() && !print(g, with_elements).view().empty();
  static_cast<void>(verify(g));
  auto const text = print(g, with_elements);
  auto const again = parse(text.view(), find_in_everything);
  return !again.failure && first_difference(g, again).empty() &&
         print(again, with_elements).view() == text.view();
}

}  // namespace

TEST_CASE("a graph with all there is comes back from its text, places in the file too") {
  auto const g = failed();
  auto const text = print(g, with_elements);
  auto const parsed = parse(text.view(), find_in_everything);
  CHECK(first_difference(g, parsed).view() == "");
  CHECK(parsed.failure.offset == 99);
  for (std::size_t i = 0; i < g.nodes.size(); ++i)
    CHECK(parsed.nodes[i].offset == g.nodes[i].offset);
}

TEST_CASE("every prefix of a text ends in a graph or a sentence") {
  auto const text = print(everything(), with_elements);
  for (std::size_t size = 0; size <= text.view().size(); ++size) {
    // Where the block of memory ends, the sanitizer sees the first byte behind it.
    auto* const copy = new char[size];
    for (std::size_t i = 0; i < size; ++i) copy[i] = text.view()[i];
    REQUIRE(is_sound(parse({copy, size}, find_in_everything)));
    delete[] copy;
  }
}

namespace {

/// Changes each byte of a text in every `step`-th of ten ways, another one first each time.
void change_every_byte(std::size_t step) {
  auto const printed = print(everything(), with_elements);
  std::string text(printed.view());
  int graphs = 0;
  int sentences = 0;
  constexpr int changes[] = {1, 2, 4, 8, 16, 32, 64, 128, 0x2a, 0x5c};
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto& c = text[i];
    auto const before = c;
    for (auto k = i % step; k < std::size(changes); k += step) {
      c = static_cast<char>(before ^ changes[k]);
      auto const g = parse(text, find_in_everything);
      REQUIRE(is_sound(g));
      ++(g.failure ? sentences : graphs);
    }
    c = before;
  }
  CHECK(graphs > 100);
  CHECK(sentences > 1'000);
}

}  // namespace

TEST_CASE("every changed byte of a text ends in a graph or a sentence") { change_every_byte(5); }
TEST_CASE("every change of a byte of a text, at length" * doctest::skip()) { change_every_byte(1); }

TEST_CASE("noise after a sound beginning ends in a graph or a sentence") {
  std::string_view const pieces[] = {
      "%", "0",      "1",  "=",  ",",          "(",     ")",    "{",        "}",   "[", "]",
      ":", "a",      "\"", "\\", "x4",         "none",  "\n",   "nan",      ".",   "?", "int8",
      " ", "input ", "-",  "#",  "9999999999", "error", "at 1", "constant", "AAAA"};
  std::uint32_t state = 11;
  for (int i = 0; i < 20'000; ++i) {
    std::string text(head_and_x);
    for (int k = 0; k < 12; ++k) {
      state = state * 1664525u + 1013904223u;  // Numerical Recipes
      text += pieces[(state >> 16) % std::size(pieces)];
    }
    REQUIRE_MESSAGE(is_sound(parse(text)), text);
  }
}

TEST_CASE("a number of a value makes no room that the text has no values for") {
  std::string text(head);
  text += "value %999 : int8\n";
  // "%0," to "%999," are 4,890 characters.
  text.resize(4'890, '\n');
  auto const g = parse(text);
  CHECK(g.values.size() == 1'000);
  CHECK(g.failure.text.view() ==
        "line 4858, column 1: values are numbered from 0 on, and %0 is not defined");
  text.pop_back();
  CHECK(parse(text).values.empty());
  CHECK(parse(text).failure.text.view() ==
        "line 2, column 7: values are numbered from 0 on, and this text is too short for %999");
}

TEST_CASE("a long text takes time in proportion, and its end is read") {
  std::string text(head);
  text += "input %0 : float32[n]\n";
  for (int i = 1; i < 50'000; ++i) {
    text += "%" + std::to_string(i) + " \"v\\n" + std::to_string(i) + "\" = Relu(%" +
            std::to_string(i - 1) + ") : float32[n, " + std::to_string(i) + "]\n";
  }
  text += "return %49999\n";
  auto const g = parse(text);
  REQUIRE(g.failure.text.view() == "");
  CHECK(g.nodes.size() == 49'999);
  CHECK(g.values.back().name == "v\n49999");
  CHECK(first_difference(g, parse(print(g, with_elements).view())).empty());
  text.back() = '%';
  CHECK(parse(text).failure.text.view() ==
        "line 50002, column 14: expected the end of the line, not '%'");
}
