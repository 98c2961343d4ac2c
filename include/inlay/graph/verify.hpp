// Whether a graph is one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/index_table.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/function_table.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/nesting.hpp"
#include "inlay/graph/verify_attribute.hpp"
#include "inlay/graph/verify_value.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Statements are few where a plain network passes: constant evaluation counts them. What may be
/// wrong is found in one expression, and looked at apart.
template <class Graph> class graph_verifier {
 public:
  constexpr explicit graph_verifier(Graph& g)
      : g_(&g),
        order_(g.values.size(), undefined),
        operands_(g.operands.data()),
        operand_count_(g.operands.size()),
        attribute_count_(g.attributes.size()),
        value_count_(static_cast<value_id>(g.values.size())),
        has_bodies_(!g.bodies.empty() || !g.functions.empty()) {}

  constexpr void run() {
    auto& g = *g_;
    verify_attributes(g);
    if (has_bodies_) verify_ranges_of_bodies();
    if (!g.containers.empty()) verify_containers(g);
    if (!g.types.empty()) verify_types(g);
    if (g.failure) return;
    for (std::uint32_t i = 0; i < g.dimensions.size() && !g.failure; ++i) verify_dimension(g, i);
    for (auto const id : g.inputs) define(id);
    verify_values();
    for (auto const& n : g.nodes) verify_node(n);
    if (g.outputs.empty()) {
      g.fail(
          make_error(rule::a_graph_must_have_an_output, "the graph '", g.name, "' has no output"));
    }
    for (auto const id : g.outputs) {
      if (is_visible(id)) continue;
      g.fail(make_error(rule::a_name_must_be_defined_before_it_is_used, "output ", id,
                        " of the graph is not defined"));
    }
    if (has_bodies_) verify_functions();
    if (!is_in(g.graph_facts::operator_sets, g.operator_sets.size())) {
      g.fail(make_error(rule::an_index_must_be_in_range,
                        "the operator sets of the graph are out of range"));
    }
    if (!g.annotations.empty()) verify_annotations();
  }

 private:
  static constexpr std::uint32_t undefined = 0;
  static constexpr std::uint32_t out_of_scope = 1;

  // Before its use: Clang instantiates no template of a class that it has not parsed yet.
  template <class Visit> constexpr void for_each_operand(range r, Visit const& visit) const {
    for (std::uint32_t i = 0; i < r.count; ++i) visit(operands_[r.first + i]);
  }

  static constexpr bool is_in(range r, std::size_t size) {
    return std::uint64_t{r.first} + r.count <= size;
  }
  constexpr bool is_visible(value_id id) const {
    return id < value_count_ && order_[id] > last_hidden_;
  }

  constexpr void define(value_id id) {
    if (id >= value_count_ || order_[id] != undefined) refuse_definition(id);
    else order_[id] = ++last_defined_;
  }
  constexpr void refuse_definition(value_id id) {
    if (id >= value_count_) {
      g_->fail(make_error(rule::an_index_must_be_in_range, "value ", id, " does not exist"));
    } else {
      g_->fail(make_error(rule::a_name_must_be_defined_once, "value ", id, " '",
                          g_->values[id].name, "' is defined twice"));
    }
  }

  constexpr void verify_values() {
    auto& g = *g_;
    auto const is_inner = inner_constants(g);
    for (value_id id = 0; id < value_count_; ++id) {
      auto const& v = g.values[id];
      if ((v.constant & v.container) != not_constant) {
        if (v.container != not_contained) verify_contained(g, v.type, v.container, "value", v.name);
        if (v.constant == not_constant) continue;
        if (is_inner.empty() || is_inner[id] == 0) define(id);
        verify_constant(g, v);
      } else if (has_symbol(v.type.shape)) {
        verify_symbols(g, v.type.shape, "value", v.name);
      }
    }
  }
  constexpr void verify_node(node const& n) {
    if (std::uint64_t{n.inputs.first} + n.inputs.count > operand_count_ ||
        std::uint64_t{n.outputs.first} + n.outputs.count > operand_count_ ||
        std::uint64_t{n.attributes.first} + n.attributes.count > attribute_count_ ||
        n.outputs.count == 0 || operands_[n.outputs.first] == no_value) {
      if (!has_ranges_and_output(n)) return;
    }
    auto const* const order = order_.data();
    auto const* const inputs = operands_ + n.inputs.first;
    for (std::uint32_t i = 0; i < n.inputs.count; ++i) {
      if (inputs[i] >= value_count_ || order[inputs[i]] <= last_hidden_) verify_input(n, inputs[i]);
    }
    if (has_bodies_) verify_bodies(n);
    auto const* const outputs = operands_ + n.outputs.first;
    for (std::uint32_t i = 0; i < n.outputs.count; ++i) {
      if (outputs[i] != no_value) define(outputs[i]);
    }
  }
  constexpr bool has_ranges_and_output(node const& n) {
    if (!is_in(n.inputs, operand_count_) || !is_in(n.outputs, operand_count_)) {
      fail(*g_, n, make_error(rule::an_index_must_be_in_range, "its operands are out of range"));
      return false;
    }
    if (!is_in(n.attributes, attribute_count_)) {
      fail(*g_, n, make_error(rule::an_index_must_be_in_range, "its attributes are out of range"));
      return false;
    }
    for (auto const id : g_->outputs_of(n)) {
      if (id != no_value) return true;
    }
    fail(*g_, n,
         make_error(rule::the_number_of_outputs_must_match_the_operator, "it has no output"));
    return false;
  }
  constexpr void verify_input(node const& n, value_id id) {
    if (id == no_value) return;
    bool const is_hidden = id < value_count_ && order_[id] != undefined;
    fail(*g_, n,
         make_error(rule::a_name_must_be_defined_before_it_is_used,
                    is_hidden ? "an input is defined in another body"
                              : "an input is not defined before it"));
  }

  // Bodies and functions.

  /// What the others of these functions read without a question.
  constexpr void verify_ranges_of_bodies() {
    auto& g = *g_;
    held_ = vector<char>(g.bodies.size(), 0);
    for (std::size_t i = 0; i < g.bodies.size(); ++i) {
      auto const& b = g.bodies[i];
      if (is_in(b.nodes, g.body_nodes.size()) && is_in(b.inputs, operand_count_) &&
          is_in(b.outputs, operand_count_) && is_in(b.constants, operand_count_)) {
        continue;
      }
      g.fail(make_error(rule::an_index_must_be_in_range, label_of_body(g, i),
                        " has nodes, inputs, constants or outputs out of range"));
    }
    for (auto const& f : g.functions) {
      if (is_in(f.attributes, g.texts.size()) && is_in(f.default_attributes, attribute_count_) &&
          is_in(f.operator_sets, g.operator_sets.size()) && f.body < g.bodies.size()) {
        continue;
      }
      g.fail(make_error(rule::an_index_must_be_in_range, "function '", f.name,
                        "' has attributes, operator sets or a body out of range"));
    }
  }

  constexpr void verify_bodies(node const& n) {
    for (auto const& a : g_->attributes_of(n)) {
      if (function_ == nullptr) refuse_reference(*g_, a);
      else if (!a.reference.empty()) verify_reference(a);
    }
    for_each_body(*g_, n.attributes, [&](std::uint32_t i) { verify_body(i, &n); });
  }

  /// Of a node in a function.
  constexpr void verify_reference(attribute const& a) {
    if (has_attribute(a.reference, hash_text(a.reference))) return;
    refuse_attribute(*g_, a, rule::a_reference_must_name_an_attribute_of_its_function,
                     "refers to '", a.reference, "', which the function '", function_->name,
                     "' does not have");
  }
  /// The names of those without a default, then of those with one.
  constexpr string_view attribute_of_function(std::uint32_t i) const {
    auto const& f = *function_;
    auto const count = f.attributes.count;
    return i < count ? g_->texts[f.attributes.first + i]
                     : g_->attributes[f.default_attributes.first + (i - count)].name;
  }
  constexpr void enter(function const& f) {
    function_ = &f;
    attributes_ = {};
    for (std::uint32_t i = 0; i < f.attributes.count + f.default_attributes.count; ++i) {
      auto const name = attribute_of_function(i);
      auto const hash = hash_text(name);
      if (!has_attribute(name, hash)) attributes_.insert(hash, i);
    }
  }
  constexpr bool has_attribute(string_view name, std::uint64_t hash) const {
    auto const is_same = [&](std::uint32_t i) { return attribute_of_function(i) == name; };
    return attributes_.find(hash, is_same) != index_table::absent;
  }

  constexpr void verify_body(std::uint32_t index, node const* holder) {
    auto& g = *g_;
    if (!may_enter(index)) return;
    auto const& b = g.bodies[index];
    auto const last = b.nodes.first + b.nodes.count;
    if (depth_ > 1 && b.nodes.count != 0 && holder != nullptr &&
        g.body_nodes.data() + last > holder) {
      g.fail(make_error(rule::nodes_of_a_body_must_stand_behind_those_of_bodies_in_it,
                        label_of_body(g, index), " has nodes behind the node that holds it"));
    }
    for_each_operand(b.inputs, [&](value_id id) { define(id); });
    for_each_operand(b.constants, [&](value_id id) {
      if (id < value_count_ && !g.is_constant(id)) {
        g.fail(make_error(rule::an_index_must_be_in_range, label_of_body(g, index),
                          " has the constant ", id, ", which is none"));
      }
      define(id);
    });
    for (std::uint32_t i = 0; i < b.nodes.count && !g.failure; ++i) {
      verify_node(g.body_nodes[b.nodes.first + i]);
    }
    for_each_operand(b.outputs, [&](value_id id) {
      if (is_visible(id)) return;
      g.fail(make_error(rule::a_name_must_be_defined_before_it_is_used, "output ", id, " of ",
                        label_of_body(g, index), " is not defined"));
    });
    leave(b);
  }
  constexpr bool may_enter(std::uint32_t index) {
    if (g_->failure) return false;
    if (held_[index] != 0) {
      g_->fail(
          make_error(rule::a_body_must_be_held_once, label_of_body(*g_, index), " is held twice"));
      return false;
    }
    if (depth_ == max_nesting) {
      g_->fail(make_error(rule::bodies_must_nest_at_most_64_deep, label_of_body(*g_, index),
                          " stands in more than ", max_nesting, " others"));
      return false;
    }
    held_[index] = 1;
    ++depth_;
    return true;
  }
  /// Nothing sees any more what the body defines.
  constexpr void leave(body const& b) {
    --depth_;
    if (g_->failure) return;
    auto const hide = [&](value_id id) {
      if (id != no_value) order_[id] = out_of_scope;
    };
    for_each_operand(b.inputs, hide);
    for_each_operand(b.constants, hide);
    for (std::uint32_t i = 0; i < b.nodes.count; ++i) {
      for_each_operand(g_->body_nodes[b.nodes.first + i].outputs, hide);
    }
  }

  constexpr void verify_functions() {
    auto& g = *g_;
    function_table names(g);
    for (std::uint32_t i = 0; i < g.functions.size() && !g.failure; ++i) {
      auto const& f = g.functions[i];
      if (!names.add(i)) {
        g.fail(make_error(rule::a_function_must_be_defined_once, "the function '", f.name,
                          "' is defined twice"));
      }
      last_hidden_ = last_defined_;
      for (std::uint32_t k = 0; k < f.default_attributes.count; ++k) {
        refuse_reference(g, g.attributes[f.default_attributes.first + k]);
      }
      for_each_body(g, f.default_attributes, [&](std::uint32_t k) { verify_body(k, nullptr); });
      enter(f);
      verify_body(f.body, nullptr);
      function_ = nullptr;
    }
    last_hidden_ = out_of_scope;
    for (std::size_t i = 0; i < held_.size() && !g.failure; ++i) {
      if (held_[i] != 0) continue;
      g.fail(
          make_error(rule::a_body_must_be_held_once, label_of_body(g, i), " is held by nothing"));
    }
  }

  constexpr void verify_annotations() {
    auto& g = *g_;
    annotated_counts const counts(g);
    for (auto const& a : g.annotations) {
      if (a.index < counts[a.what]) continue;
      g.fail(make_error(rule::an_index_must_be_in_range, "the annotation '", a.key,
                        "' is of something that does not exist"));
    }
  }

  Graph* g_;
  vector<std::uint32_t> order_;  // by value: undefined, out of scope, or when it was defined
  value_id const* operands_;
  std::size_t operand_count_;
  std::size_t attribute_count_;
  value_id value_count_;
  std::uint32_t last_defined_ = out_of_scope;
  std::uint32_t last_hidden_ = out_of_scope;  // what was defined until then a function does not see
  bool has_bodies_;
  function const* function_ = nullptr;  // whose nodes are looked at
  index_table attributes_;              // of that function, by name
  int depth_ = 0;
  vector<char> held_;  // by body
};

}  // namespace detail

/// Checks what every pass relies on: indices are in range; each value is defined once, before it is
/// used, and where it is seen; constants have the elements that their types say; each body is held
/// once; containers hold what they can; there is an output. What breaks it becomes the graph's
/// error.
/// *Costs*: linear in the graph.
template <class Graph> constexpr Graph verify(Graph g) {
  if (!g.failure) detail::graph_verifier(g).run();
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
