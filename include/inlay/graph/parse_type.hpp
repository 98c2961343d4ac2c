// Types out of a text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/index_table.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/dimension_algebra.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/print_type.hpp"
#include "inlay/graph/text_cursor.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// The types that `type_printer` prints. A dimension is known by its name and number: `batch`,
/// `batch?2` and `?2` are three.
class type_parser {
 public:
  constexpr contained_type parse(text_cursor& in, graph& g) { return parse(in, g, 0); }

 private:
  static constexpr std::uint32_t no_number = 0xffff'ffff;

  constexpr contained_type parse(text_cursor& in, graph& g, int depth) {
    in.peek();
    auto const* const from = in.place();
    auto const name = in.word();
    contained_type t;
    if (find_element(name, t.tensor.element)) {
      if (in.take('[')) parse_shape(in, g, t.tensor);
      return t;
    }
    container c;
    if (!find_container(name, c.kind)) {
      refuse_element(in, from, name);
    } else if (depth == max_nesting) {
      in.fail(from, rule::messages_must_nest_at_most_64_deep, "a type has at most ", max_nesting,
              " layers");
    } else {
      parse_container(in, g, depth, c, t);
    }
    return t;
  }

  /// What stands in the parentheses of a container.
  constexpr void parse_container(text_cursor& in, graph& g, int depth, container& c,
                                 contained_type& t) {
    in.expect('(', "after the kind of a container");
    if (c.kind == container_kind::opaque) {
      c.domain = in.quoted();
      in.expect(',', "after the domain of an opaque type");
      c.name = in.quoted();
    } else {
      if (c.kind == container_kind::map) {
        c.key = parse_element(in);
        in.expect(',', "after the keys of a map");
      }
      t = parse(in, g, depth + 1);
      c.inner = t.container;
    }
    in.expect(')', "after what a container holds");
    t.container = static_cast<std::uint32_t>(g.containers.size());
    g.containers.push_back(c);
  }

  constexpr void parse_shape(text_cursor& in, graph& g, tensor_type& t) {
    t.has_shape = true;
    if (in.take(']')) return;
    do {
      in.peek();
      if (t.shape.size() == max_rank) {
        in.fail(in.place(), rule::a_shape_must_have_at_most_8_axes,
                "a shape has at most 8 dimensions");
        return;
      }
      t.shape.push_back(parse_extent(in, g));
    } while (in.take(','));
    in.expect(']', "after the dimensions");
  }

  static constexpr bool find_element(string_view name, element_type& found) {
    for (std::size_t i = 0; i < element_type_count; ++i) {
      if (name != element_table[i].name) continue;
      found = static_cast<element_type>(i);
      return true;
    }
    return false;
  }
  static constexpr bool find_container(string_view name, container_kind& found) {
    for (std::size_t i = 0; i < span(container_names).size(); ++i) {
      if (name != container_names[i]) continue;
      found = static_cast<container_kind>(i);
      return true;
    }
    return false;
  }

  static constexpr element_type parse_element(text_cursor& in) {
    in.peek();
    auto const* const from = in.place();
    auto const name = in.word();
    auto element = element_type::undefined;
    if (!find_element(name, element)) refuse_element(in, from, name);
    return element;
  }
  static constexpr void refuse_element(text_cursor& in, char const* from, string_view name) {
    if (name.empty()) {
      in.fail_expected("an element type");
    } else {
      in.fail(from, rule::the_element_type_must_be_supported, "there is no element type '", name,
              "'");
    }
  }

  static constexpr int max_depth = 64;

  constexpr std::int64_t parse_extent(text_cursor& in, graph& g) {
    auto const first = in.peek();
    auto const* const from = in.place();
    if (is_digit(first)) {
      auto const extent = static_cast<std::int64_t>(in.natural(INT64_MAX));
      if (in.peek() == ',' || in.peek() == ']' || in.failure()) return extent;
      in.go_back(from);
    }
    if (!begins_factor(first) && first != '-') {
      in.fail_expected("a dimension");
      return 0;
    }
    if (!dimensions_.is_attached()) dimensions_.attach(g);
    auto const sum = parse_sum(in, g, 0);
    if (in.failure()) return 0;
    if (sum.is_unknown()) {
      in.fail(from, rule::a_dimension_must_be_a_number_or_an_expression,
              "the dimension is too large, or divides by zero");
    } else if (sum.is_number() && sum.number() < 0) {
      in.fail(from, rule::an_extent_must_not_be_negative, "the dimension is ", sum.number());
    }
    return in.failure() ? 0 : dimensions_.extent_of(sum);
  }

  static constexpr bool begins_factor(char c) {
    return is_digit(c) || is_letter(c) || c == '?' || c == '"' || c == '(';
  }

  /// `3*n*m - floor(n / 2) + 1`
  constexpr dimension_sum parse_sum(text_cursor& in, graph& g, int depth) {
    dimension_sum sum;
    bool is_negative = in.take('-');
    do {
      if (in.failure()) return {};
      if (depth == max_depth) {
        in.fail(in.place(), rule::messages_must_nest_at_most_64_deep,
                "dimensions nest at most 64 deep");
        return {};
      }
      auto product = parse_factor(in, g, depth + 1);
      while (in.take('*')) product = product * parse_factor(in, g, depth + 1);
      if (is_negative) product = -product;
      sum += product;
      is_negative = in.take('-');
    } while (is_negative || in.take('+'));
    return sum;
  }

  constexpr dimension_sum parse_factor(text_cursor& in, graph& g, int depth) {
    auto const first = in.peek();
    if (in.failure()) return {};
    if (!begins_factor(first)) {
      in.fail_expected("a dimension");
      return {};
    }
    if (is_digit(first)) return {static_cast<std::int64_t>(in.natural(INT64_MAX))};
    if (in.take('(')) {
      auto const inner = parse_sum(in, g, depth);
      in.expect(')', "after the dimension");
      return inner;
    }
    auto const name = first == '"' ? in.quoted() : in.word();
    if (first != '"' && in.peek() == '(') return parse_call(in, g, name, depth);
    auto const number =
        in.take('?') ? static_cast<std::uint32_t>(in.natural(no_number - 1)) : no_number;
    if (in.failure()) return {};
    return dimensions_.of(-1 - static_cast<std::int64_t>(find_symbol(g, name, number)));
  }

  /// `floor(n / 2)`, `broadcast(n, m)`, behind the word
  constexpr dimension_sum parse_call(text_cursor& in, graph& g, string_view name, int depth) {
    bool const is_quotient = name == "floor";
    if (!is_quotient && name != "broadcast") {
      in.fail_expected("'floor' or 'broadcast' before a parenthesis");
      return {};
    }
    in.expect('(', "after the word");
    auto const left = parse_sum(in, g, depth);
    in.expect(is_quotient ? '/' : ',', "between two dimensions");
    auto const right = parse_sum(in, g, depth);
    in.expect(')', "after the dimension");
    if (in.failure()) return {};
    if (is_quotient) return dimensions_.divide_down(left, right);
    return dimensions_.broadcast(left, right);
  }

  constexpr std::uint32_t find_symbol(graph& g, string_view name, std::uint32_t number) {
    auto const hash = hash_word(hash_text(name), number);
    auto const found = symbols_.find(
        hash, [&](std::uint32_t i) { return numbers_[i] == number && g.symbols[i] == name; });
    if (found != index_table::absent) return found;
    auto const added = static_cast<std::uint32_t>(g.symbols.size());
    symbols_.insert(hash, added);
    g.symbols.push_back(name);
    // Expressions have symbols too.
    while (numbers_.size() < added) numbers_.push_back(no_number);
    numbers_.push_back(number);
    return added;
  }

  dimension_algebra dimensions_;
  index_table symbols_;
  vector<std::uint32_t> numbers_;  // of the first symbols
};

}  // namespace inlay::inline INLAY_VERSION::detail
