// Values out of a text: where they are defined, and where they are used.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
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
    string_view name;
  };

  constexpr explicit value_parser(string_view text) : in(text) {}

  text_cursor in;
  inlay::graph graph;

  constexpr contained_type parse_type() { return types_.parse(in, graph); }

  /// `%0 "x"`
  constexpr definition parse_definition() {
    in.peek();
    definition d{in.place(), parse_id(), {}};
    if (in.peek() == '"') d.name = in.quoted();
    return d;
  }

  /// `%3`, where something above defines it and bodies let it be seen, or `none`.
  constexpr value_id parse_operand() { return parse_operand(last_hidden_); }

  /// The same for a constant, which a function's attributes see outside it.
  constexpr value_id parse_constant_operand() { return parse_operand(out_of_scope); }

  /// The same for a value that the text defines anywhere.
  constexpr value_id parse_any_operand() {
    if (in.take_word("none")) return no_value;
    auto const* const from = in.place();
    auto const id = parse_id();
    if (last_ == nullptr || id > last_named_) {
      last_ = from;
      last_named_ = id;
    }
    return id;
  }

  /// What a body defines is not seen behind it; a function sees nothing that is before it.
  struct scope {
    std::size_t first = 0;  // in inner_
    std::uint32_t last_hidden = 0;
  };
  constexpr scope begin_scope(bool is_function) {
    scope const s{inner_.size(), last_hidden_};
    if (is_function) last_hidden_ = last_defined_;
    ++depth_;
    return s;
  }
  constexpr void end_scope(scope const& s) {
    for (; inner_.size() != s.first; inner_.pop_back()) {
      order_[inner_.back()] = out_of_scope;
    }
    last_hidden_ = s.last_hidden;
    --depth_;
  }
  /// Of how many bodies the text has come in.
  constexpr int depth() const { return depth_; }

  constexpr void define(definition const& d, contained_type const& type) {
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
      order_.push_back(undefined);
    }
    if (order_[d.id] != undefined) {
      in.fail(d.at, rule::a_name_must_be_defined_once, "%", d.id, " is defined twice");
      return;
    }
    order_[d.id] = ++last_defined_;
    if (depth_ != 0) inner_.push_back(d.id);
    auto& v = graph.values[d.id];
    v.name = d.name;
    v.type = type.tensor;
    v.container = type.container;
  }

  constexpr void check_numbers() {
    if (last_ != nullptr && last_named_ >= order_.size() && !in.failure()) {
      in.fail(last_, rule::an_index_must_be_in_range, "%", last_named_, " is not defined");
    }
    for (std::size_t i = 0; i < order_.size() && !in.failure(); ++i) {
      if (order_[i] != undefined) continue;
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

  constexpr value_id parse_operand(std::uint32_t last_hidden) {
    if (in.take_word("none")) return no_value;
    auto const* const from = in.place();
    auto const id = parse_id();
    auto const order = id < order_.size() ? order_[id] : undefined;
    if (order <= last_hidden && !in.failure()) {
      in.fail(
          from, rule::a_name_must_be_defined_before_it_is_used, "%", id,
          order == undefined ? " is not defined before it is used" : " is defined in another body");
    }
    return id;
  }

  static constexpr std::uint32_t undefined = 0;
  static constexpr std::uint32_t out_of_scope = 1;

  type_parser types_;
  vector<std::uint32_t> order_;  // by value: undefined, out of scope, or when it was defined
  vector<value_id> inner_;       // the values of the bodies around the place in the text
  std::uint32_t last_defined_ = out_of_scope;
  std::uint32_t last_hidden_ = out_of_scope;
  int depth_ = 0;
  char const* last_ = nullptr;  // where the text names the last value of all
  value_id last_named_ = 0;
};

}  // namespace inlay::inline INLAY_VERSION::detail
