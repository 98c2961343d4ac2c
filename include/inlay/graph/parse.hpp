// A graph out of its text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <utility>

#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/parse_body.hpp"
#include "inlay/graph/parse_value.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

class graph_parser {
 public:
  constexpr explicit graph_parser(string_view text)
      : values_(text), bodies_(values_), in_(&values_.in), graph_(&values_.graph) {}

  constexpr graph parse() {
    parse_head();
    while (!in_->at_end()) {
      if (!in_->take_line_end()) parse_line();
    }
    values_.check_numbers();
    if (in_->failure()) graph_->failure = in_->failure();
    graph_->inputs = std::move(lines_.inputs);
    graph_->nodes = std::move(lines_.nodes);
    graph_->outputs = std::move(lines_.outputs);
    graph_->annotations.append(lines_.annotations.data(), lines_.annotations.size());
    graph_->names = in_->unescaped();
    return std::move(*graph_);
  }

 private:
  constexpr void parse_head() {
    skip_empty_lines();
    if (!in_->take_word("graph")) in_->fail_expected("'graph' at the beginning");
    graph_->name = in_->quoted();
    if (!in_->take_word("opset")) in_->fail_expected("'opset' after the name of the graph");
    graph_->opset = in_->integer();
    bodies_.end_line();
    skip_empty_lines();
    if (in_->take_word("ir_version")) {
      graph_->ir_version = in_->integer();
      bodies_.end_line();
      skip_empty_lines();
    }
    while (in_->take_word("opset")) {
      graph_->operator_sets.push_back(bodies_.parse_operator_set());
      ++graph_->graph_facts::operator_sets.count;
      bodies_.end_line();
      skip_empty_lines();
    }
  }
  constexpr void skip_empty_lines() {
    while (!in_->at_end() && in_->take_line_end()) {}
  }

  constexpr void parse_line() {
    if (!bodies_.parse_line(lines_)) {
      if (in_->take_word("value")) bodies_.parse_declaration();
      else if (in_->take_word("function")) bodies_.parse_function();
      else if (in_->take_word("error")) parse_failure();
      else {
        in_->fail_expected("input, constant, value, a node, return, function, note or error");
      }
    }
    bodies_.end_line();
  }

  /// `error 27 at 1234: the sentence`
  constexpr void parse_failure() {
    auto broken = rule::the_text_must_follow_the_grammar;
    std::int64_t offset = -1;
    if (is_digit(in_->peek())) broken = static_cast<rule>(in_->natural(0xffff));
    if (broken == rule::none) in_->fail_expected("a rule before this");
    if (in_->take_word("at")) offset = in_->integer();
    in_->expect(':', "before the sentence");
    if (in_->peek() == '\n' || in_->at_end()) in_->fail_expected("a sentence");
    auto e = make_error(broken, in_->rest_of_line());
    e.offset = offset;
    graph_->fail(e);
  }

  value_parser values_;
  body_parser bodies_;
  text_cursor* in_;
  graph* graph_;
  block lines_;
};

}  // namespace detail

/// The graph that `text` says; `parse(print(g, with_elements), find)` equals `g`, if each value of
/// `g` is defined once, before it is used. `find(domain, type)` is the `operator_id` of an
/// operator; that of all listed ones is `find_operator`, in op/list.hpp.
///
///     text       = "graph" quoted "opset" integer ["ir_version" integer] {operators} {line}
///     operators  = "opset" quoted integer
///     line       = ("input" | "constant" | "value") value ":" type ["=" elements] | node
///                | "return" operand | note | function
///                | "error" [rule] ["at" integer] ":" sentence
///     elements   = base64 | "[" quoted {"," quoted} "]" | "sparse" "(" operand "," operand ")"
///                | "external" "(" quoted "," integer ["," integer ["," quoted]] ")" [base64]
///     node       = [values] "=" operator "(" [operands] ")" ["{" attributes "}"] [quoted]
///                  ["at" integer] [":" types]
///     attribute  = name "=" (item | "[" items "]" | kind) ["@" name]
///     item       = integer | real | quoted | operand | "sparse" operand | "type" type
///                | "graph" body
///     body       = [quoted] "{" {line} "}"
///     function   = "function" operator ["overload" quoted] ["takes" "[" names "]"]
///                  ["default" "{" attributes "}"] body
///     note       = "note" ("model" | "graph" | "node" | "body" | "function" | value) quoted "="
///                  quoted
///     type       = element ["[" [dimensions] "]"] | "map" "(" element "," type ")"
///                | ("sequence" | "optional" | "sparse_tensor") "(" type ")"
///                | "opaque" "(" quoted "," quoted ")"
///     dimension  = ["-"] product {("+" | "-") product};  product = factor {"*" factor}
///     factor     = integer | [name] ["?" integer] | "(" dimension ")"
///                | "floor" "(" dimension "/" dimension ")"
///                | "broadcast" "(" dimension "," dimension ")"
///     value      = "%" integer [quoted];  operand = "%" integer | "none"
///
/// The first line of a body begins behind its brace, and in a function `operators` are lines too. A
/// note is on the last node above, the body or function around, or any value. A body sees what is
/// above it, but nothing sees into it; a function sees only itself.
///
/// Names are views of the text, which must outlive the graph; those with escapes are views of
/// `graph::names`, which copies of the graph share. Empty lines are allowed, and comments after #.
/// *Errors*: `failure` of the graph: "line 2, column 7: …", and the offset in bytes.
/// *Costs*: linear in the text.
template <class Find> constexpr graph parse(string_view text, Find&& find) {
  if (text.size() >> 31 != 0) {
    graph g;
    g.fail(make_error(rule::the_file_must_be_smaller_than_2_gib, "the text has ", text.size(),
                      " bytes; a graph has less than 2147483648"));
    return g;
  }
  auto g = detail::graph_parser(text).parse();
  for (auto& n : g.nodes) n.op = find(n.domain, n.type);
  for (auto& n : g.body_nodes) n.op = find(n.domain, n.type);
  return g;
}

/// The same where operators need no number: all are unlisted.
constexpr graph parse(string_view text) {
  return parse(text, [](string_view, string_view) { return operator_id::unlisted; });
}

}  // namespace inlay::inline INLAY_VERSION
