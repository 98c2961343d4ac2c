// Values out of a text: where they are defined, and where they are used.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/parse_type.hpp"
#include "inlay/graph/text_cursor.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// What a text is read with: the place in it, the graph as far as it is read, and which values are
/// defined.
class value_parser {
 public:
  /// A value as it stands before its type.
  struct definition {
    char const* at = nullptr;
    value_id id = no_value;
    std::string_view name;
  };

  constexpr explicit value_parser(std::string_view text) : in(text) {}

  text_cursor in;
  inlay::graph graph;

  constexpr tensor_type parse_type() { return types_.parse(in, graph); }

  /// `%0 "x"`
  constexpr definition parse_definition() {
    in.peek();
    definition d{in.place(), parse_id(), {}};
    if (in.peek() == '"') d.name = in.quoted();
    return d;
  }

  /// `%3`, where something above defines it, or `none`.
  constexpr value_id parse_operand() {
    if (in.take_word("none")) return no_value;
    auto const* const from = in.place();
    auto const id = parse_id();
    if (!in.failure() && (id >= is_defined_.size() || is_defined_[id] == 0)) {
      in.fail(from, rule::a_name_must_be_defined_before_it_is_used, "%", id,
              " is not defined before it is used");
    }
    return id;
  }

  constexpr void define(definition const& d, tensor_type const& type) {
    if (in.failure()) return;
    auto const next = graph.values.size();
    if (d.id > next && least_text(d.id) > in.size()) {
      in.fail(d.at, rule::an_index_must_be_in_range,
              "values are numbered from 0 on, and this text is too short for %", d.id);
      return;
    }
    if (d.id > next) graph.values.reserve(d.id + std::size_t{1});
    while (graph.values.size() <= d.id) {
      graph.values.push_back({});
      is_defined_.push_back(0);
    }
    if (is_defined_[d.id] != 0) {
      in.fail(d.at, rule::a_name_must_be_defined_once, "%", d.id, " is defined twice");
      return;
    }
    is_defined_[d.id] = 1;
    graph.values[d.id].name = d.name;
    graph.values[d.id].type = type;
  }

  constexpr void check_numbers() {
    for (std::size_t i = 0; i < is_defined_.size() && !in.failure(); ++i) {
      if (is_defined_[i] != 0) continue;
      in.fail(in.place(), rule::an_index_must_be_in_range, "values are numbered from 0 on, and %",
              i, " is not defined");
    }
  }

 private:
  /// How long a text is that defines values 0 to `id`, as "%0,%1,…": what a number makes room for
  /// stays in proportion to the text.
  static constexpr std::uint64_t least_text(std::uint64_t id) {
    auto size = 3 * (id + 1);
    for (std::uint64_t power = 10; power <= id; power *= 10) size += id + 1 - power;
    return size;
  }

  constexpr value_id parse_id() {
    in.expect('%', "before the number of a value");
    return static_cast<value_id>(in.natural(no_value - 1));
  }

  type_parser types_;
  vector<char> is_defined_;  // by value
};

}  // namespace inlay::inline INLAY_VERSION::detail
