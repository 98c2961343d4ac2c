// A graph as text, for people and for `parse`.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <string_view>

#include "inlay/core/vector.hpp"
#include "inlay/graph/base64.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/print_attribute.hpp"
#include "inlay/graph/print_operator.hpp"
#include "inlay/graph/print_type.hpp"
#include "inlay/graph/text_buffer.hpp"

namespace inlay::inline INLAY_VERSION {

/// Asks `print` for everything that a graph holds: `print(g, with_elements)`.
struct with_elements_tag {};
inline constexpr with_elements_tag with_elements;

namespace detail {

class graph_printer {
 public:
  constexpr graph_printer(graph const& g, bool is_whole)
      : graph_(&g), types_(g), is_whole_(is_whole) {}

  constexpr text_buffer print() {
    auto const& g = *graph_;
    out_ << "graph ";
    print_quoted(out_, g.name);
    out_ << " opset " << g.opset << "\n";
    for (auto const id : g.inputs) print_value("input", id);
    for (value_id id = 0; id < g.values.size(); ++id) {
      if (g.is_constant(id)) print_value("constant", id);
    }
    if (is_whole_) print_unused();
    for (auto const& n : g.nodes) print_node(n);
    for (auto const id : g.outputs) {
      out_ << "return ";
      print_operand(out_, id);
      out_ << "\n";
    }
    if (g.failure) print_failure(g.failure);
    return static_cast<text_buffer&&>(out_);
  }

 private:
  constexpr void print_name_of(value_id id) {
    print_operand(out_, id);
    if (id >= graph_->values.size() || graph_->values[id].name.empty()) return;
    out_ << " ";
    print_quoted(out_, graph_->values[id].name);
  }

  constexpr void print_value(std::string_view what, value_id id) {
    out_ << what << " ";
    print_name_of(id);
    out_ << " : ";
    types_.print(out_, type_of(id));
    if (is_whole_ && id < graph_->values.size() && graph_->is_constant(id)) {
      auto const bytes = graph_->bytes_of(graph_->constants[graph_->values[id].constant]);
      if (!bytes.empty()) out_ << " = ";
      print_base64(out_, bytes);
    }
    out_ << "\n";
  }

  /// The values that passes have left without a node.
  constexpr void print_unused() {
    vector<char> is_defined(graph_->values.size(), 0);
    auto const define = [&](value_id id) {
      if (id < is_defined.size()) is_defined[id] = 1;
    };
    for (auto const id : graph_->inputs) define(id);
    for (auto const& n : graph_->nodes) {
      for (auto const id : graph_->outputs_of(n)) define(id);
    }
    for (value_id id = 0; id < is_defined.size(); ++id) {
      if (is_defined[id] == 0 && !graph_->is_constant(id)) print_value("value", id);
    }
  }

  constexpr void print_node(node const& n) {
    auto const outputs = graph_->outputs_of(n);
    bool is_typed = false;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (i != 0) out_ << ", ";
      print_name_of(outputs[i]);
      is_typed = is_typed || !(type_of(outputs[i]) == tensor_type{});
    }
    out_ << (outputs.empty() ? "= " : " = ");
    print_operator(out_, n);
    print_inputs(out_, *graph_, n);
    print_attributes(out_, *graph_, n);
    if (!n.name.empty()) {
      out_ << " ";
      print_quoted(out_, n.name);
    }
    if (is_whole_ && n.offset != -1) out_ << " at " << n.offset;
    for (std::size_t i = 0; is_typed && i < outputs.size(); ++i) {
      out_ << (i == 0 ? " : " : ", ");
      types_.print(out_, type_of(outputs[i]));
    }
    out_ << "\n";
  }

  constexpr void print_failure(error const& e) {
    out_ << "error";
    if (is_whole_) out_ << " " << static_cast<int>(e.broken);
    if (is_whole_ && e.offset != -1) out_ << " at " << e.offset;
    out_ << ": " << e.text << "\n";
  }

  constexpr tensor_type type_of(value_id id) const {
    return id < graph_->values.size() ? graph_->values[id].type : tensor_type{};
  }

  graph const* graph_;
  type_printer types_;
  bool is_whole_;
  text_buffer out_;
};

}  // namespace detail

/// One line each for inputs, constants and nodes, in the order of evaluation. %2 is value 2, and
/// the name of a value stands where it is defined:
///
///     graph "net" opset 28
///     input %0 "x" : float32[batch, 8]
///     constant %1 "w" : float32[8, 4]
///     %2 "y" = MatMul(%0, %1) "fc" : float32[batch, 4]
///     return %2
///
/// A graph that holds an error ends in a line `error: …`.
constexpr text_buffer print(graph const& g) { return detail::graph_printer(g, false).print(); }

/// The same with everything that `parse` needs to build an equal graph: the elements of constants
/// in base64, values that nothing defines, where nodes were read from, the number of the rule that
/// is broken.
///
///     constant %1 "w" : float32[2] = AAAAPwAAgL8=
///     value %3 "unused" : float32[2]
///     %2 "y" = MatMul(%0, %1) "fc" at 1234 : float32[batch, 4]
///     error 27 at 1234: …
constexpr text_buffer print(graph const& g, with_elements_tag) {
  return detail::graph_printer(g, true).print();
}

}  // namespace inlay::inline INLAY_VERSION
