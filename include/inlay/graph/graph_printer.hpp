// How a graph becomes text, line by line.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/nesting.hpp"
#include "inlay/graph/print_attribute.hpp"
#include "inlay/graph/print_constant.hpp"
#include "inlay/graph/print_operator.hpp"
#include "inlay/graph/print_type.hpp"
#include "inlay/graph/text_buffer.hpp"

namespace inlay::inline INLAY_VERSION::detail {

class graph_printer {
 public:
  constexpr graph_printer(graph const& g, bool is_whole)
      : graph_(&g),
        types_(g),
        held_(held_bodies(g)),
        is_printed_(g.bodies.size(), 0),
        is_whole_(is_whole) {
    if (is_whole) notes_ = annotation_index(g);
  }

  constexpr text_buffer print() {
    auto const& g = *graph_;
    print_head();
    for (auto const id : g.inputs) print_value("input", id);
    print_constants();
    if (is_whole_) print_unused();
    for (std::size_t i = 0; i < g.nodes.size(); ++i) print_node(g.nodes[i], annotated::node, i);
    print_returns({g.outputs.data(), g.outputs.size()});
    for (std::size_t i = 0; i < g.functions.size(); ++i) print_function(i);
    if (!g.annotations.empty()) {
      for (value_id id = 0; id < g.values.size(); ++id) print_notes("%", annotated::value, id);
    }
    if (g.failure) print_failure(g.failure);
    return static_cast<text_buffer&&>(out_);
  }

 private:
  constexpr void print_head() {
    auto const& g = *graph_;
    out_ << "graph ";
    print_quoted(out_, g.name);
    out_ << " opset " << g.opset << "\n";
    if (is_whole_ && g.ir_version != 0) out_ << "ir_version " << g.ir_version << "\n";
    print_operator_sets(g.graph_facts::operator_sets);
    print_notes("model", annotated::model, 0);
    print_notes("graph", annotated::graph, 0);
  }

  constexpr void begin_line() {
    for (int i = 0; i < depth_; ++i) out_ << "  ";
  }

  constexpr void print_operator_sets(range sets) {
    for (std::uint32_t i = 0; i < sets.count; ++i) {
      auto const& set = graph_->operator_sets[sets.first + i];
      begin_line();
      out_ << "opset ";
      print_quoted(out_, set.domain);
      out_ << " " << set.version << "\n";
    }
  }

  /// `note node "key" = "text"`; `%` stands for the number of a value.
  constexpr void print_notes(string_view subject, annotated what, std::size_t index) {
    for (auto i = notes_.first(what, index); i != annotation_index::nothing; i = notes_.next(i)) {
      auto const& a = graph_->annotations[i];
      begin_line();
      out_ << "note " << subject;
      if (what == annotated::value) out_ << index;
      out_ << " ";
      print_quoted(out_, a.key);
      out_ << " = ";
      print_quoted(out_, a.text);
      out_ << "\n";
    }
  }

  constexpr void print_name_of(value_id id) {
    print_operand(out_, id);
    if (id >= graph_->values.size() || graph_->values[id].name.empty()) return;
    out_ << " ";
    print_quoted(out_, graph_->values[id].name);
  }

  constexpr void print_value(string_view what, value_id id) {
    begin_line();
    out_ << what << " ";
    print_name_of(id);
    out_ << " : ";
    print_type_of(id);
    if (is_whole_ && id < graph_->values.size() && graph_->is_constant(id)) {
      print_elements(out_, *graph_, graph_->values[id].constant);
    }
    out_ << "\n";
  }

  /// All but those that only a body sees.
  constexpr void print_constants() {
    auto const& g = *graph_;
    auto const is_inner = inner_constants(g);
    for (value_id id = 0; id < g.values.size(); ++id) {
      if (g.is_constant(id) && (is_inner.empty() || is_inner[id] == 0)) print_value("constant", id);
    }
  }

  /// The values that passes have left without a node.
  constexpr void print_unused() {
    vector<char> is_defined(graph_->values.size(), 0);
    auto const define = [&](span<value_id const> ids) {
      for (auto const id : ids) {
        if (id < is_defined.size()) is_defined[id] = 1;
      }
    };
    define({graph_->inputs.data(), graph_->inputs.size()});
    for (auto const& n : graph_->nodes) define(graph_->outputs_of(n));
    for (std::size_t i = 0; i < held_.size(); ++i) {
      if (held_[i] == 0) continue;
      auto const& b = graph_->bodies[i];
      define(operands_in(b.inputs));
      define(operands_in(b.constants));
      for (std::uint32_t k = 0; k < b.nodes.count; ++k) {
        define(graph_->outputs_of(graph_->body_nodes[b.nodes.first + k]));
      }
    }
    for (value_id id = 0; id < is_defined.size(); ++id) {
      if (is_defined[id] == 0 && !graph_->is_constant(id)) print_value("value", id);
    }
  }

  constexpr void print_node(node const& n, annotated what, std::size_t index) {
    auto const outputs = graph_->outputs_of(n);
    bool is_typed = false;
    begin_line();
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (i != 0) out_ << ", ";
      print_name_of(outputs[i]);
      is_typed = is_typed || has_type(outputs[i]);
    }
    out_ << (outputs.empty() ? "= " : " = ");
    print_operator(out_, n.domain, n.type);
    print_inputs(out_, *graph_, n);
    print_attributes(n.attributes);
    if (!n.name.empty()) {
      out_ << " ";
      print_quoted(out_, n.name);
    }
    if (is_whole_ && n.offset != -1) out_ << " at " << n.offset;
    for (std::size_t i = 0; is_typed && i < outputs.size(); ++i) {
      out_ << (i == 0 ? " : " : ", ");
      print_type_of(outputs[i]);
    }
    out_ << "\n";
    print_notes("node", what, index);
  }

  /// ` {axis = 1, strides = [2, 2]}`
  constexpr void print_attributes(range attributes) {
    for (std::uint32_t i = 0; i < attributes.count; ++i) {
      out_ << (i == 0 ? " {" : ", ");
      print_attribute(graph_->attributes[attributes.first + i]);
    }
    if (attributes.count != 0) out_ << "}";
  }

  /// A name and its values. Where there are none the kind stands: `axes = integers[]`. Behind an @
  /// is the attribute of the caller that it is: `axis = integer @axis`.
  constexpr void print_attribute(attribute const& a) {
    print_name(out_, a.name);
    out_ << " = ";
    bool const has_values = a.values.count != 0 && a.kind != attribute_kind::other;
    bool const is_bracketed = has_values && is_list(a.kind);
    if (!has_values) out_ << name_of(a.kind);
    if (is_bracketed) out_ << "[";
    for (std::uint32_t i = 0; has_values && i < a.values.count; ++i) {
      if (i != 0) out_ << ", ";
      print_value_of(a.kind, a.values.first + i);
    }
    if (is_bracketed) out_ << "]";
    if (a.reference.empty()) return;
    out_ << " @";
    print_name(out_, a.reference);
  }
  constexpr void print_value_of(attribute_kind kind, std::uint32_t at) {
    auto const element = kind_of_elements(kind);
    if (element == attribute_kind::type) {
      out_ << "type ";
      auto const& t = graph_->types[at];
      types_.print(out_, t.tensor, t.container);
    } else if (element == attribute_kind::graph) {
      out_ << "graph ";
      print_body(static_cast<std::uint32_t>(graph_->integers[at]), nullptr, 0);
    } else {
      print_attribute_value(out_, *graph_, kind, at);
    }
  }

  /// `"name" {`, a line each for what is in it, `}`. Those that a sound graph does not have are
  /// printed as their numbers: of none, of one that holds itself, of one past the depth.
  constexpr void print_body(std::uint32_t index, function const* f, std::size_t function_index) {
    if (index >= is_printed_.size() || is_printed_[index] != 0 || depth_ == max_nesting) {
      out_ << "body " << index;
      return;
    }
    is_printed_[index] = 1;
    auto const& b = graph_->bodies[index];
    if (!b.name.empty()) {
      print_quoted(out_, b.name);
      out_ << " ";
    }
    out_ << "{\n";
    ++depth_;
    if (f != nullptr) {
      print_operator_sets(f->operator_sets);
      print_notes("function", annotated::function, function_index);
    }
    print_notes("body", annotated::body, index);
    for (auto const id : operands_in(b.inputs)) print_value("input", id);
    for (auto const id : operands_in(b.constants)) print_value("constant", id);
    for (std::size_t i = 0; i < b.nodes.count; ++i) {
      auto const at = b.nodes.first + i;
      print_node(graph_->body_nodes[at], annotated::body_node, at);
    }
    print_returns(operands_in(b.outputs));
    --depth_;
    begin_line();
    out_ << "}";
  }

  /// `function com.example.Thing overload "o" takes [alpha] default {beta = 2.0} {`
  constexpr void print_function(std::size_t index) {
    auto const& f = graph_->functions[index];
    out_ << "function ";
    print_operator(out_, f.domain, f.name);
    if (!f.overload.empty()) {
      out_ << " overload ";
      print_quoted(out_, f.overload);
    }
    for (std::uint32_t i = 0; i < f.attributes.count; ++i) {
      out_ << (i == 0 ? " takes [" : ", ");
      print_name(out_, graph_->texts[f.attributes.first + i]);
    }
    if (f.attributes.count != 0) out_ << "]";
    if (f.default_attributes.count != 0) out_ << " default";
    print_attributes(f.default_attributes);
    out_ << " ";
    print_body(f.body, &f, index);
    out_ << "\n";
  }

  constexpr void print_returns(span<value_id const> outputs) {
    for (auto const id : outputs) {
      begin_line();
      out_ << "return ";
      print_operand(out_, id);
      out_ << "\n";
    }
  }

  constexpr void print_failure(error const& e) {
    out_ << "error";
    if (is_whole_) out_ << " " << static_cast<int>(e.broken);
    if (is_whole_ && e.offset != -1) out_ << " at " << e.offset;
    out_ << ": " << e.text << "\n";
  }

  constexpr span<value_id const> operands_in(range r) const {
    return {graph_->operands.data() + r.first, r.count};
  }
  constexpr bool has_type(value_id id) const {
    if (id >= graph_->values.size()) return false;
    auto const& v = graph_->values[id];
    return v.container != not_contained || !(v.type == tensor_type{});
  }
  constexpr void print_type_of(value_id id) {
    if (id >= graph_->values.size()) return types_.print(out_, {});
    auto const& v = graph_->values[id];
    types_.print(out_, v.type, v.container);
  }

  graph const* graph_;
  type_printer types_;
  annotation_index notes_;
  vector<char> held_;        // by body
  vector<char> is_printed_;  // by body
  int depth_ = 0;            // of the body whose lines are printed
  bool is_whole_;
  text_buffer out_;
};

}  // namespace inlay::inline INLAY_VERSION::detail
