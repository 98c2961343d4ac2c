// A graph as a picture, for Graphviz.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/nesting.hpp"
#include "inlay/graph/print_attribute.hpp"
#include "inlay/graph/print_type.hpp"
#include "inlay/graph/text_buffer.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

class dot_printer {
 public:
  constexpr explicit dot_printer(graph const& g)
      : graph_(&g), types_(g), producer_(g.values.size(), nobody), is_drawn_(g.bodies.size(), 0) {}

  constexpr text_buffer print() {
    auto const& g = *graph_;
    out_ << "digraph \"";
    print_label(g.name);
    out_ << "\" {\n  node [shape=box, fontname=\"sans-serif\"];\n"
            "  edge [fontname=\"sans-serif\", fontsize=10];\n";
    for (auto const id : g.inputs) print_value(id, "shape=ellipse");
    auto const is_inner = inner_constants(g);
    for (value_id id = 0; id < g.values.size(); ++id) {
      if (g.is_constant(id) && (is_inner.empty() || is_inner[id] == 0)) {
        print_value(id, constant_style);
      }
    }
    for (std::uint32_t i = 0; i < g.nodes.size(); ++i) print_node(g.nodes[i], {"n", i});
    for (std::uint32_t i = 0; i < g.outputs.size(); ++i) print_output(g.outputs[i], {"o", i});
    for (auto const& f : g.functions) print_function(f);
    out_ << edges_.view() << "}\n";
    return static_cast<text_buffer&&>(out_);
  }

 private:
  static constexpr std::uint32_t nobody = 0xffff'ffff;
  static constexpr string_view constant_style = "shape=plaintext, fontsize=8";

  /// What an edge begins or ends at: node `n3`, node `b3` of all bodies, output `o0`, value `v0`,
  /// output `r3` of all bodies.
  struct place {
    string_view kind;
    std::uint32_t number;
  };

  constexpr void begin_line() {
    for (int i = 0; i <= depth_; ++i) out_ << "  ";
  }

  /// Graphviz knows backslashes and the entities of HTML in labels; what cannot be shown is
  /// written as \xNN.
  static constexpr void print_label(text_buffer& out, string_view text) {
    print_escaped(
        out, text,
        [&](char c) {
          if (c == '"') out << "\\\"";
          else if (c == '\\') out << "\\\\";
          else if (c == '\n') out << "\\n";
          else if (c == '&') out << "&amp;";
          else {
            out << "\\";
            print_byte(out, c);
          }
        },
        '&');
  }
  constexpr void print_label(string_view text) { print_label(out_, text); }
  constexpr void print_name_of(value_id id) {
    bool const is_named = id < graph_->values.size() && !graph_->values[id].name.empty();
    if (is_named) print_label(graph_->values[id].name);
    else print_operand(out_, id);
  }
  constexpr void print_type_label(value_id id, text_buffer& out) {
    type_.clear();
    types_.print(type_, graph_->values[id].type, graph_->values[id].container);
    print_label(out, type_.view());
  }

  constexpr void print_value(value_id id, string_view style) {
    if (id >= graph_->values.size()) return;
    begin_line();
    out_ << "v" << id << " [label=\"";
    print_name_of(id);
    if (graph_->is_constant(id)) {
      out_ << "\\n";
      print_type_label(id, out_);
    }
    out_ << "\", " << style << "];\n";
  }

  constexpr void print_node(node const& n, place const& at) {
    begin_line();
    out_ << at.kind << at.number << " [label=\"";
    if (!n.domain.empty()) {
      print_label(n.domain);
      out_ << ".";
    }
    print_label(n.type);
    if (!n.name.empty()) out_ << "\\n";
    print_label(n.name);
    out_ << "\"];\n";
    for (auto const id : graph_->inputs_of(n)) print_edge(id, at);
    print_bodies(n.attributes, at);
    auto const first = depth_ == 0 ? 0u : static_cast<std::uint32_t>(graph_->nodes.size());
    for (auto const id : graph_->outputs_of(n)) {
      if (id < producer_.size()) producer_[id] = first + at.number;
    }
  }

  constexpr void print_output(value_id id, place const& at) {
    begin_line();
    out_ << at.kind << at.number << " [label=\"";
    print_name_of(id);
    out_ << "\", shape=ellipse];\n";
    print_edge(id, at);
  }

  /// Each body of a node as a frame, whose results lead to the node.
  constexpr void print_bodies(range attributes, place const& holder) {
    if (graph_->bodies.empty()) return;
    for (std::uint32_t i = 0; i < attributes.count; ++i) {
      auto const at = attributes.first + i;
      auto const& name = graph_->attributes[at].name;
      for_each_body(*graph_, {at, 1}, [&](std::uint32_t b) { print_body(b, name, &holder); });
    }
  }
  constexpr void print_function(function const& f) { print_body(f.body, f.name, nullptr); }
  /// Edges stand outside, since a frame holds whatever a line in it names.
  constexpr void print_body(std::uint32_t index, string_view name, place const* holder) {
    if (index >= is_drawn_.size() || is_drawn_[index] != 0 || depth_ == max_nesting) return;
    is_drawn_[index] = 1;
    auto const& g = *graph_;
    auto const& b = g.bodies[index];
    begin_line();
    out_ << "subgraph cluster" << index << " {\n";
    ++depth_;
    begin_line();
    out_ << "label=\"";
    print_label(name);
    if (!b.name.empty()) out_ << "\\n";
    print_label(b.name);
    out_ << "\";\n";
    for (std::uint32_t i = 0; i < b.inputs.count; ++i) {
      print_value(g.operands[b.inputs.first + i], "shape=ellipse");
    }
    for (std::uint32_t i = 0; i < b.constants.count; ++i) {
      print_value(g.operands[b.constants.first + i], constant_style);
    }
    for (std::uint32_t i = 0; i < b.nodes.count; ++i) {
      auto const at = b.nodes.first + i;
      print_node(g.body_nodes[at], {"b", at});
    }
    for (std::uint32_t i = 0; i < b.outputs.count; ++i) {
      place const result{"r", results_++};
      print_output(g.operands[b.outputs.first + i], result);
      if (holder == nullptr) continue;
      edges_ << "  r" << result.number << " -> " << holder->kind << holder->number
             << " [style=dashed];\n";
    }
    --depth_;
    begin_line();
    out_ << "}\n";
  }

  /// From what defines the value. The type of a constant stands with the constant.
  constexpr void print_edge(value_id id, place const& to) {
    if (id >= graph_->values.size()) return;
    auto const nodes = static_cast<std::uint32_t>(graph_->nodes.size());
    auto const producer = producer_[id];
    place const from = producer == nobody ? place{"v", id}
                       : producer < nodes ? place{"n", producer}
                                          : place{"b", producer - nodes};
    auto& out = depth_ == 0 ? out_ : edges_;
    out << "  " << from.kind << from.number << " -> " << to.kind << to.number;
    auto const& v = graph_->values[id];
    bool const has_type = v.container != not_contained || !(v.type == tensor_type{});
    if (!graph_->is_constant(id) && has_type) {
      out << " [label=\"";
      print_type_label(id, out);
      out << "\"]";
    }
    out << ";\n";
  }

  graph const* graph_;
  type_printer types_;
  vector<std::uint32_t> producer_;  // of each value: its node, those of bodies behind the others
  vector<char> is_drawn_;           // by body
  int depth_ = 0;                   // of the body that is drawn
  std::uint32_t results_ = 0;       // of all bodies so far
  text_buffer out_;
  text_buffer edges_;  // of the nodes in bodies
  text_buffer type_;
};

}  // namespace detail

/// A graph in the language of Graphviz: a box for each node with its operator and name, types on
/// the edges, inputs and outputs as ellipses, constants small, bodies and functions as frames:
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
