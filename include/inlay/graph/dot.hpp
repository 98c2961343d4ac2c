// A graph as a picture, for Graphviz.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "inlay/graph/graph.hpp"
#include "inlay/graph/print_attribute.hpp"
#include "inlay/graph/print_type.hpp"
#include "inlay/graph/text_buffer.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

class dot_printer {
 public:
  constexpr explicit dot_printer(graph const& g) : graph_(&g), types_(g) {}

  constexpr text_buffer print() {
    auto const& g = *graph_;
    out_ << "digraph \"";
    print_label(g.name);
    out_ << "\" {\n  node [shape=box, fontname=\"sans-serif\"];\n"
            "  edge [fontname=\"sans-serif\", fontsize=10];\n";
    for (auto const id : g.inputs) print_value(id, "shape=ellipse");
    for (value_id id = 0; id < g.values.size(); ++id) {
      if (g.is_constant(id)) print_value(id, "shape=plaintext, fontsize=8");
    }
    producer_ = vector<std::uint32_t>(g.values.size(), nobody);
    for (std::uint32_t i = 0; i < g.nodes.size(); ++i) print_node(i);
    for (std::size_t i = 0; i < g.outputs.size(); ++i) {
      out_ << "  o" << i << " [label=\"";
      print_name_of(g.outputs[i]);
      out_ << "\", shape=ellipse];\n";
      print_edge(g.outputs[i], "o", i);
    }
    out_ << "}\n";
    return static_cast<text_buffer&&>(out_);
  }

 private:
  static constexpr std::uint32_t nobody = 0xffff'ffff;

  /// Graphviz knows backslashes and the entities of HTML in labels; what cannot be shown is
  /// written as \xNN.
  constexpr void print_label(std::string_view text) {
    print_escaped(
        out_, text,
        [&](char c) {
          if (c == '"') out_ << "\\\"";
          else if (c == '\\') out_ << "\\\\";
          else if (c == '\n') out_ << "\\n";
          else if (c == '&') out_ << "&amp;";
          else {
            out_ << "\\";
            print_byte(out_, c);
          }
        },
        '&');
  }
  constexpr void print_name_of(value_id id) {
    bool const is_named = id < graph_->values.size() && !graph_->values[id].name.empty();
    if (is_named) print_label(graph_->values[id].name);
    else print_operand(out_, id);
  }
  constexpr void print_type_label(value_id id) {
    type_.clear();
    types_.print(type_, graph_->values[id].type);
    print_label(type_.view());
  }

  constexpr void print_value(value_id id, std::string_view style) {
    if (id >= graph_->values.size()) return;
    out_ << "  v" << id << " [label=\"";
    print_name_of(id);
    if (graph_->is_constant(id)) {
      out_ << "\\n";
      print_type_label(id);
    }
    out_ << "\", " << style << "];\n";
  }

  constexpr void print_node(std::uint32_t i) {
    auto const& n = graph_->nodes[i];
    out_ << "  n" << i << " [label=\"";
    if (!n.domain.empty()) {
      print_label(n.domain);
      out_ << ".";
    }
    print_label(n.type);
    if (!n.name.empty()) out_ << "\\n";
    print_label(n.name);
    out_ << "\"];\n";
    for (auto const id : graph_->inputs_of(n)) print_edge(id, "n", i);
    for (auto const id : graph_->outputs_of(n)) {
      if (id < producer_.size()) producer_[id] = i;
    }
  }

  /// From what defines the value to node `n3` or output `o0`. The type of a constant stands with
  /// the constant.
  constexpr void print_edge(value_id id, std::string_view to, std::size_t number) {
    if (id >= graph_->values.size()) return;
    bool const is_result = producer_[id] != nobody;
    out_ << "  " << (is_result ? "n" : "v") << (is_result ? producer_[id] : id) << " -> " << to
         << number;
    if (!graph_->is_constant(id) && !(graph_->values[id].type == tensor_type{})) {
      out_ << " [label=\"";
      print_type_label(id);
      out_ << "\"]";
    }
    out_ << ";\n";
  }

  graph const* graph_;
  type_printer types_;
  vector<std::uint32_t> producer_;  // node of each value
  text_buffer out_;
  text_buffer type_;
};

}  // namespace detail

/// A graph in the language of Graphviz: a box for each node with its operator and name, types on
/// the edges, inputs and outputs as ellipses, constants small:
///
///     digraph "net" {
///       v0 [label="x", shape=ellipse];
///       v1 [label="w\nfloat32[8, 4]", shape=plaintext, fontsize=8];
///       n0 [label="MatMul\nfc"];
///       v0 -> n0 [label="float32[batch, 8]"];
///       v1 -> n0;
///       o0 [label="y", shape=ellipse];
///       n0 -> o0 [label="float32[batch, 4]"];
///     }
constexpr text_buffer print_dot(graph const& g) { return detail::dot_printer(g).print(); }

}  // namespace inlay::inline INLAY_VERSION
