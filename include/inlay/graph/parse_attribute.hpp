// Attributes out of a text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/parse_value.hpp"
#include "inlay/graph/print_attribute.hpp"
#include "inlay/graph/text_cursor.hpp"

namespace inlay::inline INLAY_VERSION::detail {

class attribute_parser {
  // Before their use: Clang instantiates no template of a class that it has not parsed yet.

  constexpr string_view parse_reference() {
    auto const name = parse_name();
    if (name.empty()) in_->fail_expected("a name behind the @");
    return name;
  }
  constexpr string_view parse_name() { return in_->peek() == '"' ? in_->quoted() : in_->word(); }

  template <class T> static constexpr std::uint32_t append(vector<T>& to, T const& x) {
    to.push_back(x);
    return static_cast<std::uint32_t>(to.size() - 1);
  }

 public:
  constexpr explicit attribute_parser(value_parser& values)
      : values_(&values), in_(&values.in), graph_(&values.graph) {}

  /// What `print_attribute` prints. `parse_body()` reads a body and returns its index.
  template <class Body> constexpr attribute parse(Body&& parse_body) {
    attribute a;
    a.name = parse_name();
    in_->expect('=', "after the name of an attribute");
    if (in_->take('[')) {
      parse_list(a, parse_body);
    } else if (!is_letter(in_->peek()) || !parse_kind(a)) {
      a.values.first = parse_item(a.kind, parse_body);
      a.values.count = 1;
      if (a.kind == attribute_kind::graph) {
        a.values.first = append(graph_->integers, std::int64_t{a.values.first});
      }
    }
    if (in_->take('@')) a.reference = parse_reference();
    return a;
  }

 private:
  /// One value: its kind, and its place in the graph's array of that kind; of a body its index,
  /// since what its own attributes hold stands before it.
  template <class Body> constexpr std::uint32_t parse_item(attribute_kind& kind, Body&& body) {
    if (!is_letter(in_->peek())) return parse_value(kind);
    auto const* const from = in_->place();
    auto const word = in_->word();
    if (word == "graph") {
      kind = attribute_kind::graph;
      return body();
    }
    if (word == "sparse") {
      kind = attribute_kind::sparse_tensor;
      return append(graph_->integers, std::int64_t{values_->parse_constant_operand()});
    }
    if (word == "type") {
      kind = attribute_kind::type;
      return append(graph_->types, values_->parse_type());
    }
    in_->go_back(from);
    return parse_value(kind);
  }

  template <class Body> constexpr void parse_list(attribute& a, Body&& parse_body) {
    in_->peek();
    auto const* from = in_->place();
    a.values.first = parse_item(a.kind, parse_body);
    a.values.count = 1;
    vector<std::int64_t> bodies;
    if (a.kind == attribute_kind::graph) bodies.push_back(a.values.first);
    while (in_->take(',')) {
      in_->peek();
      from = in_->place();
      auto kind = a.kind;
      auto const item = parse_item(kind, parse_body);
      if (kind != a.kind) {
        in_->fail(from, rule::the_text_must_follow_the_grammar,
                  "the elements of a list are of one kind, here ", name_of(a.kind));
      }
      if (kind == attribute_kind::graph) bodies.push_back(item);
      ++a.values.count;
    }
    in_->expect(']', "after the elements of a list");
    if (a.kind == attribute_kind::graph) {
      a.values.first = static_cast<std::uint32_t>(graph_->integers.size());
      graph_->integers.append(bodies.data(), bodies.size());
    }
    a.kind = kind_of_list(a.kind);
  }

  /// One value: its kind, and its place in the graph's array of that kind.
  constexpr std::uint32_t parse_value(attribute_kind& kind) {
    auto const first = in_->peek();
    if (first == '"') {
      kind = attribute_kind::text;
      return append(graph_->texts, in_->quoted());
    }
    auto const* const from = in_->place();
    if (first == '%' || in_->take_word("none")) {
      kind = attribute_kind::tensor;
      auto const id = first == '%' ? values_->parse_constant_operand() : no_value;
      return append(graph_->integers, std::int64_t{id});
    }
    if (first != '-' && !is_digit(first) && !is_letter(first)) {
      in_->fail_expected("a number, a text in quotes, a value or a list");
      return 0;
    }
    auto const token = in_->token();
    if (is_integer(token)) {
      in_->go_back(from);
      kind = attribute_kind::integer;
      return append(graph_->integers, in_->integer());
    }
    float real = 0;
    if (!read_real(token, real)) {
      in_->fail(from, rule::the_text_must_follow_the_grammar, "'", token,
                "' is no number; a real one is written as 2.0 or, exactly, as 0x1.99999ap-4");
    }
    kind = attribute_kind::real;
    return append(graph_->reals, real);
  }
  static constexpr bool is_integer(string_view token) {
    if (token[0] == '-') token.remove_prefix(1);
    for (auto const c : token) {
      if (!is_digit(c)) return false;
    }
    return !token.empty();
  }

  /// The kind of an attribute without a value; false, and nothing read, if a value stands here.
  constexpr bool parse_kind(attribute& a) {
    auto const* const from = in_->place();
    auto const word = in_->word();
    bool const is_empty_list = in_->take('[');
    if (is_empty_list) in_->expect(']', "after the kind of an empty list");
    auto const next = in_->peek();
    bool const is_last = next == ',' || next == '}' || next == '@';
    for (std::uint8_t i = 0; is_last && i < span(attribute_kind_names).size(); ++i) {
      auto const kind = static_cast<attribute_kind>(i);
      if (is_list(kind) != is_empty_list || word_of(kind) != word) continue;
      a.kind = kind;
      return true;
    }
    in_->go_back(from);
    return static_cast<bool>(in_->failure());
  }

  /// Without the brackets of a list.
  static constexpr string_view word_of(attribute_kind kind) {
    auto const name = name_of(kind);
    return is_list(kind) ? name.substr(0, name.size() - 2) : name;
  }

  value_parser* values_;
  text_cursor* in_;
  graph* graph_;
};

}  // namespace inlay::inline INLAY_VERSION::detail
