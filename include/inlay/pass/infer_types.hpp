// Gives every value its element type and shape.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/text.hpp"
#include "inlay/graph/external.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/op/list.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

constexpr error check_count(std::string_view what, int count, arity allowed) {
  if (count >= allowed.least && count <= allowed.most) return {};
  error e{rule::the_number_of_inputs_must_match_the_operator, {}};
  e.text << "it has " << count << " " << what << ", where " << allowed.least;
  if (allowed.most != allowed.least) e.text << " to " << allowed.most;
  e.text << (allowed.most == 1 ? " is" : " are") << " expected";
  return e;
}

constexpr error check_attributes(graph const& g, node const& n, operator_entry const& op) {
  if (n.attributes.count == 0) return {};
  for (auto const& a : g.attributes_of(n)) {
    auto kind = attribute_kind::other;
    bool is_known = false;
    for (auto const& r : op.attributes) {
      if (!same_text(r.name, a.name)) continue;
      kind = r.kind;
      is_known = true;
    }
    if (!a.reference.empty()) {
      return make_error(rule::an_attribute_must_have_a_value, "attribute '", a.name,
                        "' refers to '", a.reference, "', but stands in no function");
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

constexpr error check_inputs(graph const& g, node const& n, operator_entry const& op) {
  if (auto e = check_count("inputs", static_cast<int>(n.inputs.count), op.inputs)) return e;
  auto const inputs = g.inputs_of(n);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] != no_value) continue;
    if (static_cast<int>(i) < op.inputs.least) {
      return make_error(rule::the_number_of_inputs_must_match_the_operator, "input ", i,
                        " is left out, but needed");
    }
  }
  auto const element = g.values[inputs[0]].type.element;
  for (int i = 1; i < op.alike && i < static_cast<int>(inputs.size()); ++i) {
    auto const id = inputs[static_cast<std::size_t>(i)];
    if (id != no_value && g.values[id].type.element != element) {
      return make_error(rule::element_types_of_the_inputs_must_agree, "input ", i, " is ",
                        g.values[id].type.element, ", input 0 is ", element);
    }
  }
  if (!op.supports(element)) {
    return make_error(rule::the_element_type_must_be_supported, "element type ", element,
                      " is not supported");
  }
  return {};
}

constexpr error check_tensor(tensor_type const& t) {
  if (is_in_memory(t.shape)) return {};
  return make_error(rule::a_tensor_must_fit_in_memory, "a result of shape ", t.shape,
                    " is too large");
}

/// What is wrong with the type of an input or output of the graph.
constexpr error check_port(graph const& g, tensor_type const& t) {
  if (!t.has_shape) return make_error(rule::every_dimension_must_have_a_value, "it has no shape");
  for (int i = 0; i < t.shape.size(); ++i) {
    if (t.shape[i] >= 0) continue;
    auto const symbol = g.symbols[static_cast<std::size_t>(-1 - t.shape[i])];
    return make_error(rule::every_dimension_must_have_a_value, "dimension ", i, " '", symbol,
                      "' has no value; give it one");
  }
  if (!contains(stored_types{}, t.element)) {
    return make_error(rule::the_element_type_must_be_supported, "element type ", t.element,
                      " is not supported");
  }
  return check_tensor(t);
}

/// What is wrong with an input or output of the graph that is no tensor.
constexpr error check_container(graph const& g, value const& v) {
  constexpr std::string_view names[] = {"a sequence", "an optional value", "a map",
                                        "a sparse tensor", "an opaque value"};
  if (v.container == not_contained) return {};
  auto const kind = g.containers[v.container].kind;
  return make_error(rule::an_input_must_be_a_tensor, "it is ",
                    names[static_cast<std::size_t>(kind)], "; only tensors are supported");
}

constexpr bool has_sparse_constants(graph const& g) {
  for (auto const& c : g.constants) {
    if (c.sparse_values != no_value) return true;
  }
  return false;
}
constexpr error check_sparse(graph const& g, value_id id) {
  if (!g.is_constant(id) || g.constants[g.values[id].constant].sparse_values == no_value) return {};
  return make_error(rule::sparse_tensors_are_not_supported, "the constant '", g.values[id].name,
                    "' is a sparse tensor, which is not supported");
}

/// An error, and the first input whose elements have not been read, since that may be why.
constexpr error with_missing_input(graph const& g, node const& n, error e) {
  for (auto const id : g.inputs_of(n)) {
    if (!is_unresolved(g, id)) continue;
    e.text << "; " << missing_elements(g, id).text;
    break;
  }
  return e;
}

constexpr error infer_node(graph& g, node const& n) {
  if (n.op == operator_id::unlisted) {
    return make_error(rule::the_operator_must_be_supported, "the operator '",
                      n.domain.empty() ? "" : n.domain, n.domain.empty() ? "" : ".", n.type,
                      "' is not supported");
  }
  auto const& op = entry_of(n.op);
  if (g.opset != 0 && g.opset < op.since) {
    return make_error(rule::the_opset_must_be_supported, "opset ", g.opset,
                      " has an older form of ", op.name, "; ", op.since,
                      " and later are supported");
  }
  if (auto e = check_inputs(g, n, op)) return e;
  if (auto e = check_count("outputs", static_cast<int>(n.outputs.count), op.outputs)) return e;
  if (auto e = check_attributes(g, n, op)) return e;
  auto const type = op.infer({g, n});
  if (!type) return with_missing_input(g, n, type.failure());
  if (auto e = check_tensor(*type)) return e;
  g.values[g.outputs_of(n)[0]].type = *type;
  return {};
}

}  // namespace detail

/// Every value gets its element type and shape, from the inputs on.
///   before   %1 = Relu(%0)                        where %0 is float32 2x3
///   after    %1 = Relu(%0)                        where %0 and %1 are float32 2x3
/// *Errors*: an input without a known shape; whatever an operator's type rule says of a node.
constexpr graph infer_types(graph g) {
  if (g.failure) return g;
  bool const has_sparse = detail::has_sparse_constants(g);
  if (!g.containers.empty()) {
    for (auto const id : g.inputs) {
      if (auto e = detail::check_container(g, g.values[id])) {
        g.fail(make_error(e.broken, "input '", g.values[id].name, "': ", e.text));
      }
    }
  }
  for (auto const id : g.inputs) {
    if (auto e = detail::check_port(g, g.values[id].type)) {
      g.fail(make_error(e.broken, "input '", g.values[id].name, "': ", e.text));
    }
  }
  for (auto const& n : g.nodes) {
    if (g.failure) return g;
    if (auto e = detail::infer_node(g, n)) fail(g, n, e);
    if (g.failure || (!has_sparse && g.containers.empty())) continue;
    for (auto const id : g.inputs_of(n)) {
      if (auto e = detail::check_sparse(g, id)) fail(g, n, e);
    }
    // A node of a listed operator makes a tensor, whatever the file declares.
    for (auto const id : g.outputs_of(n)) {
      if (id != no_value) g.values[id].container = not_contained;
    }
  }
  for (auto const id : g.outputs) {
    if (g.failure) return g;
    auto unsupported = detail::check_sparse(g, id);
    if (!unsupported) unsupported = detail::check_container(g, g.values[id]);
    if (unsupported) {
      g.fail(
          make_error(unsupported.broken, "output '", g.values[id].name, "': ", unsupported.text));
    }
    if (auto e = detail::check_port(g, g.values[id].type)) {
      g.fail(make_error(e.broken, "output '", g.values[id].name, "': ", e.text));
    }
  }
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
