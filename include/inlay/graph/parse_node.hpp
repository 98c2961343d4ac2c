// Nodes out of a text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/parse_attribute.hpp"
#include "inlay/graph/parse_value.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// What `print_node` prints:
///
///     %2 "y", none = com.example.Thing(%0, none) {axis = 1} "name" at 12 : float32[2], undefined
class node_parser {
 public:
  constexpr explicit node_parser(value_parser& values)
      : values_(&values), in_(&values.in), graph_(&values.graph) {}

  /// Whether the line is a node's.
  constexpr bool is_next() {
    if (in_->peek() == '%' || in_->peek() == '=') return true;
    auto const* const from = in_->place();
    bool const is_none = in_->take_word("none");
    in_->go_back(from);
    return is_none;
  }

  constexpr void parse() {
    outputs_.clear();
    if (in_->peek() != '=') {
      do {
        bool const is_none = in_->take_word("none");
        outputs_.push_back(is_none ? value_parser::definition{} : values_->parse_definition());
      } while (in_->take(','));
    }
    in_->expect('=', "before the operator");
    node n;
    parse_operator(n);
    parse_inputs(n);
    parse_attributes(n);
    if (in_->peek() == '"') n.name = in_->quoted();
    if (in_->take_word("at")) n.offset = in_->integer();
    define_outputs(n);
    if (!in_->failure()) graph_->nodes.push_back(n);
  }

 private:
  /// What stands before the last point is the domain.
  constexpr void parse_operator(node& n) {
    bool const is_quoted = in_->peek() == '"';
    auto const* const from = in_->place();
    n.type = parse_name();
    if (is_quoted && in_->take('.')) {
      n.domain = n.type;
      n.type = parse_name();
    }
    while (!is_quoted && in_->take('.')) {
      n.domain = {from, static_cast<std::size_t>(in_->place() - 1 - from)};
      n.type = parse_name();
    }
  }
  constexpr std::string_view parse_name() {
    if (in_->peek() == '"') return in_->quoted();
    auto const name = in_->word();
    if (name.empty()) in_->fail_expected("the name of an operator");
    return name;
  }

  constexpr void parse_inputs(node& n) {
    n.inputs.first = static_cast<std::uint32_t>(graph_->operands.size());
    in_->expect('(', "after the operator");
    if (in_->take(')')) return;
    do {
      graph_->operands.push_back(values_->parse_operand());
      ++n.inputs.count;
    } while (in_->take(','));
    in_->expect(')', "after the inputs");
  }

  constexpr void parse_attributes(node& n) {
    n.attributes.first = static_cast<std::uint32_t>(graph_->attributes.size());
    if (!in_->take('{')) return;
    attribute_parser attributes(*values_);
    do {
      graph_->attributes.push_back(attributes.parse());
      ++n.attributes.count;
    } while (in_->take(','));
    in_->expect('}', "after the attributes");
  }

  /// After the inputs, so that no node reads what it computes.
  constexpr void define_outputs(node& n) {
    n.outputs.first = static_cast<std::uint32_t>(graph_->operands.size());
    n.outputs.count = static_cast<std::uint32_t>(outputs_.size());
    bool const is_typed = in_->take(':');
    for (std::size_t i = 0; i < outputs_.size() && !in_->failure(); ++i) {
      if (is_typed && i != 0) in_->expect(',', "before the type of the next output");
      auto const type = is_typed ? values_->parse_type() : tensor_type{};
      if (outputs_[i].id != no_value) values_->define(outputs_[i], type);
      graph_->operands.push_back(outputs_[i].id);
    }
  }

  value_parser* values_;
  text_cursor* in_;
  graph* graph_;
  vector<value_parser::definition> outputs_;  // of the node that is read
};

}  // namespace inlay::inline INLAY_VERSION::detail
