// Bodies out of a text: the lines that a graph and the graphs inside it have in common.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/parse_constant.hpp"
#include "inlay/graph/parse_node.hpp"
#include "inlay/graph/parse_value.hpp"
#include "inlay/graph/print_type.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// What stands around a line.
enum class surroundings : std::uint8_t { graph, body, function };

/// The lines of a graph or body, as far as they are read.
struct block {
  surroundings kind = surroundings::graph;
  vector<value_id> inputs;
  vector<value_id> constants;
  vector<node> nodes;
  vector<value_id> outputs;
  vector<annotation> annotations;      // of nodes, by their place in `nodes`
  vector<operator_set> operator_sets;  // of a function
};

class body_parser {
  // Before their use: Clang instantiates no template of a class that it has not parsed yet.

  template <class T> static constexpr range append(vector<T>& to, vector<T> const& elements) {
    range const r{static_cast<std::uint32_t>(to.size()),
                  static_cast<std::uint32_t>(elements.size())};
    to.append(elements.data(), elements.size());
    return r;
  }
  template <class T> constexpr void add(vector<T>& to, T const& x) {
    if (!in_->failure()) to.push_back(x);
  }

 public:
  constexpr explicit body_parser(value_parser& values)
      : values_(&values),
        constants_(values),
        nodes_(values),
        in_(&values.in),
        graph_(&values.graph) {}

  /// A line that any block may have; false, and nothing read, where it is of another kind.
  constexpr bool parse_line(block& b) {
    if (nodes_.is_next()) parse_node(b);
    else if (in_->take_word("input")) add(b.inputs, parse_declaration());
    else if (in_->take_word("constant")) parse_constant(b);
    else if (in_->take_word("return")) add(b.outputs, values_->parse_operand());
    else if (in_->take_word("note")) parse_note(b);
    else return false;
    return true;
  }

  /// `%0 "x" : float32[2]`
  constexpr value_id parse_declaration() {
    auto const d = values_->parse_definition();
    in_->expect(':', "before the type");
    values_->define(d, values_->parse_type());
    return d.id;
  }

  constexpr void end_line() {
    if (!in_->take_line_end()) in_->fail_expected("the end of the line");
  }

  /// `com.example.Thing overload "o" takes [alpha] default {beta = 2.0} {`, and its lines
  constexpr void parse_function() {
    function f;
    auto const scope = values_->begin_scope(true);
    nodes_.parse_operator(f.domain, f.name);
    if (in_->take_word("overload")) f.overload = in_->quoted();
    if (in_->take_word("takes")) parse_attribute_names(f);
    if (in_->take_word("default")) {
      f.default_attributes = nodes_.parse_attributes([&] { return parse_body(); });
    }
    block b;
    b.kind = surroundings::function;
    f.body = parse_block(b);
    values_->end_scope(scope);
    f.operator_sets = append(graph_->operator_sets, b.operator_sets);
    if (!in_->failure()) graph_->functions.push_back(f);
  }

  /// `"com.example" 3`
  constexpr operator_set parse_operator_set() {
    operator_set s;
    s.domain = in_->quoted();
    s.version = in_->integer();
    return s;
  }

 private:
  constexpr void parse_node(block& b) {
    auto const n = nodes_.parse([&] { return parse_body(); });
    add(b.nodes, n);
  }

  constexpr void parse_constant(block& b) {
    auto const id = parse_declaration();
    constants_.parse(id);
    add(b.constants, id);
  }

  /// `["alpha", beta]`
  constexpr void parse_attribute_names(function& f) {
    f.attributes.first = static_cast<std::uint32_t>(graph_->texts.size());
    in_->expect('[', "before the names of attributes");
    do {
      graph_->texts.push_back(in_->peek() == '"' ? in_->quoted() : in_->word());
      ++f.attributes.count;
    } while (in_->take(','));
    in_->expect(']', "after the names of attributes");
  }

  constexpr std::uint32_t parse_body() {
    block b;
    b.kind = surroundings::body;
    auto const scope = values_->begin_scope(false);
    auto const index = parse_block(b);
    values_->end_scope(scope);
    return index;
  }

  /// `"name" {`, lines, `}`. The nodes of the bodies inside come before its own.
  constexpr std::uint32_t parse_block(block& b) {
    body result;
    if (in_->peek() == '"') result.name = in_->quoted();
    in_->peek();
    if (values_->depth() > max_nesting) {
      in_->fail(in_->place(), rule::messages_must_nest_at_most_64_deep, "bodies nest at most ",
                max_nesting, " deep");
    }
    in_->expect('{', "before the lines of a body");
    end_line();
    while (!in_->at_end() && !in_->take('}')) {
      if (in_->take_line_end()) continue;
      parse_inner_line(b);
      end_line();
    }
    result.inputs = append(graph_->operands, b.inputs);
    result.constants = append(graph_->operands, b.constants);
    result.outputs = append(graph_->operands, b.outputs);
    result.nodes = append(graph_->body_nodes, b.nodes);
    auto const index = static_cast<std::uint32_t>(graph_->bodies.size());
    keep_annotations(b, result.nodes.first, index);
    graph_->bodies.push_back(result);
    return index;
  }
  constexpr void parse_inner_line(block& b) {
    if (parse_line(b)) return;
    bool const is_function = b.kind == surroundings::function;
    if (is_function && in_->take_word("opset")) {
      add(b.operator_sets, parse_operator_set());
    } else {
      in_->fail_expected(is_function ? "opset, input, constant, a node, return, note or '}'"
                                     : "input, constant, a node, return, note or '}'");
    }
  }

  constexpr void keep_annotations(block& b, std::uint32_t first_node, std::uint32_t body) {
    for (auto& a : b.annotations) {
      if (a.what == annotated::node) {
        a.what = annotated::body_node;
        a.index += first_node;
      } else if (a.what == annotated::body) {
        a.index = body;
      }
      graph_->annotations.push_back(a);
    }
  }

  /// `node "key" = "text"`: of the last node above, of the body around, …
  constexpr void parse_note(block& b) {
    annotation a;
    if (in_->peek() == '%') {
      a.what = annotated::value;
      a.index = values_->parse_any_operand();
    } else {
      parse_subject(b, a);
    }
    a.key = in_->quoted();
    in_->expect('=', "after the key of a note");
    a.text = in_->quoted();
    add(b.annotations, a);
  }
  constexpr void parse_subject(block const& b, annotation& a) {
    bool const is_graph = b.kind == surroundings::graph;
    if (!b.nodes.empty() && in_->take_word("node")) {
      a.what = annotated::node;
      a.index = static_cast<std::uint32_t>(b.nodes.size() - 1);
    } else if (is_graph && in_->take_word("model")) {
      a.what = annotated::model;
    } else if (is_graph && in_->take_word("graph")) {
      a.what = annotated::graph;
    } else if (!is_graph && in_->take_word("body")) {
      a.what = annotated::body;
    } else if (b.kind == surroundings::function && in_->take_word("function")) {
      a.what = annotated::function;
      a.index = static_cast<std::uint32_t>(graph_->functions.size());
    } else {
      in_->fail_expected(
          "what stands above or around this note: model, graph, node, body, "
          "function or the number of a value");
    }
  }

  value_parser* values_;
  constant_parser constants_;
  node_parser nodes_;
  text_cursor* in_;
  graph* graph_;
};

}  // namespace inlay::inline INLAY_VERSION::detail
