// Tensor types out of a text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "inlay/core/index_table.hpp"
#include "inlay/core/text.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/text_cursor.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// The types that `type_printer` prints. A dimension is known by its name and number: `batch`,
/// `batch?2` and `?2` are three.
class type_parser {
 public:
  constexpr tensor_type parse(text_cursor& in, graph& g) {
    tensor_type t;
    t.element = parse_element(in);
    if (!in.take('[')) return t;
    t.has_shape = true;
    if (in.take(']')) return t;
    do {
      in.peek();
      if (t.shape.size() == max_rank) {
        in.fail(in.place(), rule::a_shape_must_have_at_most_8_axes,
                "a shape has at most 8 dimensions");
        return t;
      }
      t.shape.push_back(parse_extent(in, g));
    } while (in.take(','));
    in.expect(']', "after the dimensions");
    return t;
  }

 private:
  static constexpr std::uint32_t no_number = 0xffff'ffff;

  static constexpr element_type parse_element(text_cursor& in) {
    in.peek();
    auto const* const from = in.place();
    auto const name = in.word();
    for (std::size_t i = 0; i < element_type_count; ++i) {
      if (same_text(name, element_table[i].name)) return static_cast<element_type>(i);
    }
    if (name.empty()) {
      in.fail_expected("an element type");
    } else {
      in.fail(from, rule::the_element_type_must_be_supported, "there is no element type '", name,
              "'");
    }
    return element_type::undefined;
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
