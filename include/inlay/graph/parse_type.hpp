// Types out of a text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "inlay/core/index_table.hpp"
#include "inlay/core/text.hpp"
#include "inlay/core/vector.hpp"
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

  static constexpr bool find_element(std::string_view name, element_type& found) {
    for (std::size_t i = 0; i < element_type_count; ++i) {
      if (!same_text(name, element_table[i].name)) continue;
      found = static_cast<element_type>(i);
      return true;
    }
    return false;
  }
  static constexpr bool find_container(std::string_view name, container_kind& found) {
    for (std::size_t i = 0; i < std::size(container_names); ++i) {
      if (!same_text(name, container_names[i])) continue;
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
  static constexpr void refuse_element(text_cursor& in, char const* from, std::string_view name) {
    if (name.empty()) {
      in.fail_expected("an element type");
    } else {
      in.fail(from, rule::the_element_type_must_be_supported, "there is no element type '", name,
              "'");
    }
  }

  constexpr std::int64_t parse_extent(text_cursor& in, graph& g) {
    auto const first = in.peek();
    if (is_digit(first)) return static_cast<std::int64_t>(in.natural(INT64_MAX));
    if (first != '?' && first != '"' && !is_letter(first)) {
      in.fail_expected("a dimension");
      return 0;
    }
    auto const name = first == '"' ? in.quoted() : in.word();
    auto const number =
        in.take('?') ? static_cast<std::uint32_t>(in.natural(no_number - 1)) : no_number;
    return -1 - static_cast<std::int64_t>(find_symbol(g, name, number));
  }

  constexpr std::uint32_t find_symbol(graph& g, std::string_view name, std::uint32_t number) {
    auto const hash = hash_word(hash_text(name), number);
    auto const found = symbols_.find(hash, [&](std::uint32_t i) {
      return numbers_[i] == number && same_text(g.symbols[i], name);
    });
    if (found != index_table::absent) return found;
    auto const added = static_cast<std::uint32_t>(g.symbols.size());
    symbols_.insert(hash, added);
    g.symbols.push_back(name);
    numbers_.push_back(number);
    return added;
  }

  index_table symbols_;
  vector<std::uint32_t> numbers_;  // of each symbol
};

}  // namespace inlay::inline INLAY_VERSION::detail
