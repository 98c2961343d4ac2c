// Attributes out of a text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "inlay/core/text.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/parse_value.hpp"
#include "inlay/graph/print_attribute.hpp"
#include "inlay/graph/text_cursor.hpp"

namespace inlay::inline INLAY_VERSION::detail {

class attribute_parser {
 public:
  constexpr explicit attribute_parser(value_parser& values)
      : values_(&values), in_(&values.in), graph_(&values.graph) {}

  /// What `print_attribute` prints.
  constexpr attribute parse() {
    attribute a;
    a.name = in_->peek() == '"' ? in_->quoted() : in_->word();
    in_->expect('=', "after the name of an attribute");
    if (in_->take('[')) {
      parse_list(a);
    } else if (is_letter(in_->peek())) {
      parse_word(a);
    } else {
      a.values.first = parse_value(a.kind);
      a.values.count = 1;
    }
    return a;
  }

 private:
  // Before its use: Clang instantiates no template of a class that it has not parsed yet.
  template <class T> static constexpr std::uint32_t append(vector<T>& to, T const& x) {
    to.push_back(x);
    return static_cast<std::uint32_t>(to.size() - 1);
  }

  constexpr void parse_list(attribute& a) {
    in_->peek();
    auto const* from = in_->place();
    a.values.first = parse_value(a.kind);
    a.values.count = 1;
    while (in_->take(',')) {
      in_->peek();
      from = in_->place();
      auto kind = a.kind;
      parse_value(kind);
      if (kind != a.kind) {
        in_->fail(from, rule::the_text_must_follow_the_grammar,
                  "the elements of a list are of one kind, here ", name_of(a.kind));
      }
      ++a.values.count;
    }
    in_->expect(']', "after the elements of a list");
    // Each list stands as far behind its element in the enumeration.
    auto const step = static_cast<int>(attribute_kind::integers);
    a.kind = static_cast<attribute_kind>(static_cast<int>(a.kind) + step);
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
      auto const id = first == '%' ? values_->parse_operand() : no_value;
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
  static constexpr bool is_integer(std::string_view token) {
    if (token[0] == '-') token.remove_prefix(1);
    for (auto const c : token) {
      if (!is_digit(c)) return false;
    }
    return !token.empty();
  }

  /// A real that is a word, or the kind of an attribute without a value.
  constexpr void parse_word(attribute& a) {
    auto const* const from = in_->place();
    auto const word = in_->word();
    bool const is_empty_list = in_->take('[');
    if (is_empty_list) in_->expect(']', "after the kind of an empty list");
    for (std::uint8_t i = 0; i < std::size(attribute_kind_names); ++i) {
      auto const kind = static_cast<attribute_kind>(i);
      if (is_list(kind) != is_empty_list || !same_text(name_of(kind), word)) continue;
      a.kind = kind;
      return;
    }
    if (in_->failure()) return;
    in_->go_back(from);
    a.values.first = parse_value(a.kind);
    a.values.count = 1;
  }

  /// Without the brackets of a list.
  static constexpr std::string_view name_of(attribute_kind kind) {
    auto const name = attribute_kind_names[static_cast<std::uint8_t>(kind)];
    return is_list(kind) ? name.substr(0, name.size() - 2) : name;
  }

  value_parser* values_;
  text_cursor* in_;
  graph* graph_;
};

}  // namespace inlay::inline INLAY_VERSION::detail
