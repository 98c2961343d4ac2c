// Gives every value its element type and shape.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <utility>

#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/external.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/op/list.hpp"
#include "inlay/op/unlisted.hpp"
#include "inlay/pass/remove_parts.hpp"
#include "inlay/pass/shape_evaluator.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

constexpr error check_count(string_view what, int count, arity allowed) {
  if (count >= allowed.least && count <= allowed.most) return {};
  error e{rule::the_number_of_inputs_must_match_the_operator, {}};
  e.text << "it has " << count << " " << what << ", where " << allowed.least;
  if (allowed.most != allowed.least) e.text << " to " << allowed.most;
  e.text << (allowed.most == 1 ? " is" : " are") << " expected";
  return e;
}

/// Whether the operator set that the graph is written for has the form of the operator that is
/// supported; yes where the graph does not say which it is.
template <class Graph> constexpr error check_version(Graph const& g, operator_entry const& op) {
  auto version = op.domain.empty() ? g.opset : 0;
  if (!op.domain.empty()) {
    auto const sets = g.graph_facts::operator_sets;
    for (std::uint32_t i = 0; i < sets.count; ++i) {
      auto const& set = g.operator_sets[sets.first + i];
      if (set.domain == op.domain) version = set.version;
    }
  }
  if (version == 0 || version >= op.since) return {};
  error e{rule::the_opset_must_be_supported, {}};
  if (op.domain.empty()) e.text << "opset " << version;
  else e.text << "version " << version << " of '" << op.domain << "'";
  e.text << " has an older form of " << op.name << "; " << op.since << " and later are supported";
  return e;
}

template <class Graph>
constexpr error check_attributes(Graph const& g, node const& n, operator_entry const& op) {
  if (n.attributes.count == 0) return {};
  for (auto const& a : g.attributes_of(n)) {
    auto kind = attribute_kind::other;
    bool is_known = false;
    for (auto const& r : op.attributes) {
      if (r.name != a.name) continue;
      kind = r.kind;
      is_known = true;
    }
    if (!is_known) {
      return make_error(rule::an_attribute_must_have_the_type_of_the_operator, "attribute '",
                        a.name, "' is unknown");
    }
    if (kind != a.kind) {
      return make_error(rule::an_attribute_must_have_the_type_of_the_operator, "attribute '",
                        a.name, "' has another type than ", op.name, " expects");
    }
  }
  return {};
}

/// Whether the inputs that the operator needs are there.
template <class Graph>
constexpr error check_presence(Graph const& g, node const& n, operator_entry const& op) {
  if (auto e = check_count("inputs", static_cast<int>(n.inputs.count), op.inputs)) return e;
  auto const inputs = g.inputs_of(n);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] != no_value) continue;
    if (static_cast<int>(i) < op.inputs.least) {
      return make_error(rule::the_number_of_inputs_must_match_the_operator, "input ", i,
                        " is left out, but needed");
    }
  }
  return {};
}

template <class Graph>
constexpr error check_inputs(Graph const& g, node const& n, operator_entry const& op) {
  auto const inputs = g.inputs_of(n);
  for (int i = 0; i < op.conditions; ++i) {
    auto const given = g.values[inputs[static_cast<std::size_t>(i)]].type.element;
    if (given != element_type::boolean) {
      return make_error(rule::the_element_type_must_be_supported, "input ", i, " is ", given,
                        ", where bool is expected");
    }
  }
  auto const element = g.values[inputs[static_cast<std::size_t>(op.conditions)]].type.element;
  for (int i = op.conditions + 1; i < op.alike && i < static_cast<int>(inputs.size()); ++i) {
    auto const id = inputs[static_cast<std::size_t>(i)];
    if (id != no_value && g.values[id].type.element != element) {
      return make_error(rule::element_types_of_the_inputs_must_agree, "input ", i, " is ",
                        g.values[id].type.element, ", input ", op.conditions, " is ", element);
    }
  }
  if (!op.supports(element)) {
    return make_error(rule::the_element_type_must_be_supported, "element type ", element,
                      " is not supported");
  }
  return {};
}

constexpr error check_tensor(tensor_type const& t) {
  // What extents without a value come to is known when they have one.
  if (has_symbol(t.shape) || is_in_memory(t.shape)) return {};
  return make_error(rule::a_tensor_must_fit_in_memory, "a result of shape ", t.shape,
                    " is too large");
}

/// What is wrong with the type of an input or output of the graph.
constexpr error check_port(tensor_type const& t) {
  if (!t.has_shape && t.element == element_type::undefined) return {};
  if (!contains(stored_types{}, t.element)) {
    return make_error(rule::the_element_type_must_be_supported, "element type ", t.element,
                      " is not supported");
  }
  return check_tensor(t);
}

/// What is wrong with an input or output of the graph that is no tensor.
template <class Graph> constexpr error check_container(Graph const& g, value const& v) {
  constexpr string_view names[] = {"a sequence", "an optional value", "a map", "a sparse tensor",
                                   "an opaque value"};
  if (v.container == not_contained) return {};
  auto const kind = g.containers[v.container].kind;
  return make_error(rule::an_input_must_be_a_tensor, "it is ",
                    names[static_cast<std::size_t>(kind)], "; only tensors are supported");
}

template <class Graph> constexpr bool has_sparse_constants(Graph const& g) {
  for (auto const& c : g.constants) {
    if (c.sparse_values != no_value) return true;
  }
  return false;
}
template <class Graph> constexpr error check_sparse(Graph const& g, value_id id) {
  if (!g.is_constant(id) || g.constants[g.values[id].constant].sparse_values == no_value) return {};
  return make_error(rule::sparse_tensors_are_not_supported, "the constant '", g.values[id].name,
                    "' is a sparse tensor, which is not supported");
}

/// An error, and the first input whose elements have not been read, since that may be why.
template <class Graph> constexpr error with_missing_input(Graph const& g, node const& n, error e) {
  for (auto const id : g.inputs_of(n)) {
    if (!is_unresolved(g, id)) continue;
    e.text << "; " << missing_elements(g, id).text;
    break;
  }
  return e;
}

/// Infers the types of one graph: at once, or node by node while it is built.
template <class Graph> class type_inference {
 public:
  constexpr explicit type_inference(Graph& g)
      : graph_(&g), known_(g), has_others_(!g.containers.empty() || has_sparse_constants(g)) {}

  constexpr void run() {
    auto& g = *graph_;
    check_inputs();
    for (auto const& n : g.nodes) {
      if (g.failure) return;
      infer_outputs(n);
    }
    finish();
  }

  constexpr void check_inputs() {
    auto& g = *graph_;
    check_ports("input", g.inputs);
    for (auto const id : g.inputs) is_open_ = is_open_ || !g.values[id].type.has_shape;
  }
  /// Of a node in `graph::nodes` whose inputs have their types.
  constexpr void infer_outputs(node const& n) {
    auto e = infer(n);
    if (!e && has_others_) e = check_others(n);
    if (e) fail(*graph_, n, e);
  }
  /// When all nodes are done.
  constexpr void finish() {
    auto& g = *graph_;
    check_ports("output", g.outputs);
    if (!g.failure && !folded_.empty()) {
      while (folded_.size() < g.nodes.size()) folded_.push_back(0);
      remove_nodes(g, folded_);
    }
  }

 private:
  constexpr void check_ports(char const* what, vector<value_id> const& ports) {
    auto& g = *graph_;
    for (auto const id : ports) {
      if (g.failure) return;
      auto e = check_container(g, g.values[id]);
      if (!e) e = check_sparse(g, id);
      if (!e) e = check_port(g.values[id].type);
      if (e) {
        g.fail(make_error(e.broken, what, " '", g.values[id].name, "': ", e.text));
      }
    }
  }

  constexpr error infer(node const& n) {
    auto& g = *graph_;
    if (n.op == operator_id::unlisted) {
      if (evaluate(n) || (is_open_ && is_shape_operator(n) && has_open_input(n))) return {};
      return unlisted_operator(n);
    }
    auto const& op = entry_of<Graph>(n.op);
    if (auto e = check_version(g, op)) return e;
    if (auto e = check_presence(g, n, op)) return e;
    if (auto e = check_count("outputs", static_cast<int>(n.outputs.count), op.outputs)) return e;
    if (auto e = check_attributes(g, n, op)) return e;
    if (is_open_ && has_open_input(n)) return {};
    if (auto e = detail::check_inputs(g, n, op)) return e;
    for (std::uint32_t i = 0; i < n.outputs.count; ++i) {
      auto const id = g.operands[n.outputs.first + i];
      if (id == no_value) continue;
      auto const type = op.infer({g, n, &known_}, static_cast<int>(i));
      if (!type) return with_missing_input(g, n, type.failure());
      if (auto e = check_tensor(*type)) return e;
      g.values[id].type = *type;
      if (!type->has_shape) is_open_ = true;
    }
    // Floating-point numbers are no shapes.
    auto const element = g.values[g.operands[n.inputs.first]].type.element;
    if (element == element_type::int64 || element == element_type::int32 ||
        element == element_type::boolean) {
      evaluate(n);
    }
    return {};
  }

  /// Of values that are no tensors, or sparse.
  constexpr error check_others(node const& n) {
    for (auto const id : graph_->inputs_of(n)) {
      if (id == no_value) continue;
      if (auto e = check_sparse(*graph_, id)) return e;
    }
    // A node of a listed operator makes a tensor, whatever the file declares.
    for (auto const id : graph_->outputs_of(n)) {
      if (id != no_value) graph_->values[id].container = not_contained;
    }
    return {};
  }

  constexpr bool has_open_input(node const& n) const {
    for (auto const id : graph_->inputs_of(n)) {
      if (id != no_value && !graph_->values[id].type.has_shape) return true;
    }
    return false;
  }

  /// Whether the result of a node is known without running it.
  constexpr bool evaluate(node const& n) {
    auto const outcome = shape_evaluator(*graph_, known_).run(n);
    if (outcome.is_constant) {
      while (folded_.size() < graph_->nodes.size()) folded_.push_back(0);
      folded_[static_cast<std::size_t>(&n - graph_->nodes.data())] = 1;
    }
    return outcome.is_known;
  }

  Graph* graph_;
  inference known_;
  vector<char> folded_;   // of each node, whether its result is a constant
  bool is_open_ = false;  // whether some value has no shape
  bool has_others_;       // whether some values are no tensors, or sparse
};

}  // namespace detail

/// Every value gets its element type and shape, from the inputs on. Extents of inputs may be
/// dimensions without a value; those of the others are computed from them. A value that depends on
/// an input without a shape, or whose shape is the result of a computation, stays without.
///   before   %1 = Relu(%0)                        where %0 is float32 2x3
///   after    %1 = Relu(%0)                        where %0 and %1 are float32 2x3
/// What shapes are computed with is known: integers that follow from shapes and constants become
/// constants, and their nodes go.
///   before   %2 = Shape(%0)   %3 = Gather(%2, %1)   %4 = Reshape(%0, %3)
///   after    %4 = Reshape(%0, %3)                 where %3 is a constant
/// *Errors*: whatever an operator's type rule says of a node.
template <class Graph> constexpr Graph infer_types(Graph g) {
  if (!g.failure) detail::type_inference(g).run();
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
