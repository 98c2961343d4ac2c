// A graph out of its text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "inlay/core/vector.hpp"
#include "inlay/graph/base64.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/parse_node.hpp"
#include "inlay/graph/parse_value.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

class graph_parser {
 public:
  constexpr explicit graph_parser(std::string_view text)
      : values_(text), nodes_(values_), in_(&values_.in), graph_(&values_.graph) {}

  constexpr graph parse() {
    parse_head();
    while (!in_->at_end()) {
      if (!in_->take_line_end()) parse_line();
    }
    values_.check_numbers();
    if (in_->failure()) graph_->failure = in_->failure();
    graph_->names = in_->unescaped();
    return std::move(*graph_);
  }

 private:
  constexpr void parse_head() {
    while (!in_->at_end() && in_->take_line_end()) {}
    if (!in_->take_word("graph")) in_->fail_expected("'graph' at the beginning");
    graph_->name = in_->quoted();
    if (!in_->take_word("opset")) in_->fail_expected("'opset' after the name of the graph");
    graph_->opset = in_->integer();
    if (!in_->take_line_end()) in_->fail_expected("the end of the line");
  }

  constexpr void parse_line() {
    if (nodes_.is_next()) nodes_.parse();
    else if (in_->take_word("input")) add(graph_->inputs, parse_declaration());
    else if (in_->take_word("constant")) parse_constant();
    else if (in_->take_word("value")) parse_declaration();
    else if (in_->take_word("return")) add(graph_->outputs, values_.parse_operand());
    else if (in_->take_word("error")) parse_failure();
    else in_->fail_expected("input, constant, value, a node, return or error");
    if (!in_->take_line_end()) in_->fail_expected("the end of the line");
  }
  constexpr void add(vector<value_id>& to, value_id id) {
    if (!in_->failure()) to.push_back(id);
  }

  /// `%0 "x" : float32[2]`
  constexpr value_id parse_declaration() {
    auto const d = values_.parse_definition();
    in_->expect(':', "before the type");
    values_.define(d, values_.parse_type());
    return d.id;
  }

  constexpr void parse_constant() {
    auto const id = parse_declaration();
    auto const stored_at = graph_->storage.size();
    if (in_->take('=')) {
      in_->peek();
      auto const* const from = in_->place();
      if (!read_base64(in_->token(), graph_->storage)) {
        in_->fail(from, rule::the_text_must_follow_the_grammar, "the elements are not base64");
      }
    }
    if (in_->failure()) return;
    graph_->values[id].constant = static_cast<std::uint32_t>(graph_->constants.size());
    graph_->constants.push_back({{}, stored_at, graph_->storage.size() - stored_at});
  }

  /// `error 27 at 1234: the sentence`
  constexpr void parse_failure() {
    auto broken = rule::the_text_must_follow_the_grammar;
    std::int64_t offset = -1;
    if (is_digit(in_->peek())) broken = static_cast<rule>(in_->natural(0xffff));
    if (broken == rule::none) in_->fail_expected("a rule before this");
    if (in_->take_word("at")) offset = in_->integer();
    in_->expect(':', "before the sentence");
    in_->peek();
    auto e = make_error(broken, in_->rest_of_line());
    e.offset = offset;
    graph_->fail(e);
  }

  value_parser values_;
  node_parser nodes_;
  text_cursor* in_;
  graph* graph_;
};

}  // namespace detail

/// The graph that `text` says; `parse(print(g, with_elements), find)` equals `g`, if each value of
/// `g` is defined once, before it is used. `find(domain, type)` is the `operator_id` of an
/// operator; that of all listed ones is `find_operator`, in op/list.hpp.
///
///     text       = "graph" quoted "opset" integer {line}
///     line       = ("input" | "constant" | "value") value ":" type ["=" base64] | node
///                | "return" operand | "error" [rule] ["at" integer] ":" sentence
///     node       = [values] "=" operator "(" [operands] ")" ["{" attributes "}"] [quoted]
///                  ["at" integer] [":" types]
///     attribute  = name "=" (item | "[" items "]" | kind)
///     item       = integer | real | quoted | operand
///     type       = element ["[" [dimensions] "]"]
///     dimension  = integer | [name] ["?" integer]
///     value      = "%" integer [quoted];  operand = "%" integer | "none"
///
/// Names are views of the text, which must outlive the graph; those with escapes are views of
/// `graph::names`, which copies of the graph share. Empty lines are allowed, and comments after #.
/// *Errors*: `failure` of the graph: "line 2, column 7: …", and the offset in bytes.
/// *Costs*: linear in the text.
template <class Find> constexpr graph parse(std::string_view text, Find&& find) {
  if (text.size() >> 31 != 0) {
    graph g;
    g.fail(make_error(rule::the_file_must_be_smaller_than_2_gib, "the text has ", text.size(),
                      " bytes; a graph has less than 2147483648"));
    return g;
  }
  auto g = detail::graph_parser(text).parse();
  for (auto& n : g.nodes) n.op = find(n.domain, n.type);
  return g;
}

/// The same where operators need no number: all are unlisted.
constexpr graph parse(std::string_view text) {
  return parse(text, [](std::string_view, std::string_view) { return operator_id::unlisted; });
}

}  // namespace inlay::inline INLAY_VERSION
