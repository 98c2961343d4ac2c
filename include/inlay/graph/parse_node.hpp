// Nodes out of a text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
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

  // Before its use: Clang instantiates no template of a class that it has not parsed yet.

  /// `{axis = 1, strides = [2, 2]}`, where there are any. Those of the nodes in bodies come before.
  template <class Body> constexpr range parse_attributes(Body&& parse_body) {
    auto& attributes = graph_->attributes;
    range read{static_cast<std::uint32_t>(attributes.size()), 0};
    if (!in_->take('{')) return read;
    auto const first = attributes_.size();
    attribute_parser parser(*values_);
    do {
      auto const a = parser.parse(parse_body);
      attributes_.push_back(a);
      ++read.count;
    } while (in_->take(','));
    in_->expect('}', "after the attributes");
    read.first = static_cast<std::uint32_t>(attributes.size());
    attributes.append(attributes_.data() + first, read.count);
    while (attributes_.size() != first) attributes_.pop_back();
    return read;
  }

  /// `parse_body()` reads a body in an attribute and returns its index.
  template <class Body> constexpr node parse(Body&& parse_body) {
    node n;
    auto const first_output = outputs_.size();
    if (in_->peek() != '=') {
      do {
        bool const is_none = in_->take_word("none");
        outputs_.push_back(is_none ? value_parser::definition{} : values_->parse_definition());
      } while (in_->take(','));
    }
    in_->expect('=', "before the operator");
    parse_operator(n.domain, n.type);
    parse_inputs(n);
    n.attributes = parse_attributes(parse_body);
    if (in_->peek() == '"') n.name = in_->quoted();
    if (in_->take_word("at")) n.offset = in_->integer();
    define_outputs(n, first_output);
    return n;
  }

  /// What stands before the last point is the domain.
  constexpr void parse_operator(string_view& domain, string_view& type) {
    bool const is_quoted = in_->peek() == '"';
    auto const* const from = in_->place();
    type = parse_name();
    if (is_quoted && in_->take('.')) {
      domain = type;
      type = parse_name();
    }
    while (!is_quoted && in_->take('.')) {
      domain = {from, static_cast<std::size_t>(in_->place() - 1 - from)};
      type = parse_name();
    }
  }

 private:
  constexpr string_view parse_name() {
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

  /// After the inputs, so that no node reads what it computes.
  constexpr void define_outputs(node& n, std::size_t first) {
    n.outputs.first = static_cast<std::uint32_t>(graph_->operands.size());
    n.outputs.count = static_cast<std::uint32_t>(outputs_.size() - first);
    bool const is_typed = in_->take(':');
    for (std::size_t i = first; i < outputs_.size() && !in_->failure(); ++i) {
      if (is_typed && i != first) in_->expect(',', "before the type of the next output");
      auto const type = is_typed ? values_->parse_type() : contained_type{};
      if (outputs_[i].id != no_value) values_->define(outputs_[i], type);
      graph_->operands.push_back(outputs_[i].id);
    }
    while (outputs_.size() != first) outputs_.pop_back();
  }

  value_parser* values_;
  text_cursor* in_;
  graph* graph_;
  // Of the node that is read, behind those of the nodes that hold the body around it.
  vector<value_parser::definition> outputs_;
  vector<attribute> attributes_;
};

}  // namespace inlay::inline INLAY_VERSION::detail
