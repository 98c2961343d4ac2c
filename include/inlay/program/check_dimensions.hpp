// Whether a graph says how large everything is.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/graph/external.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/op/unlisted.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// What is open in the type of an input or output of the graph.
constexpr error check_port(graph const& g, tensor_type const& t) {
  if (!t.has_shape) return make_error(rule::every_dimension_must_have_a_value, "it has no shape");
  if (!has_symbol(t.shape)) return {};
  int axis = 0;
  while (t.shape[axis] >= 0) ++axis;
  auto const symbol = g.symbols[static_cast<std::size_t>(-1 - t.shape[axis])];
  return make_error(rule::every_dimension_must_have_a_value, "dimension ", axis, " '", symbol,
                    "' has no value; give it one");
}

/// Why the result of a node has no shape though its inputs have.
constexpr error check_result(graph const& g, node const& n) {
  if (n.op == operator_id::unlisted) return unlisted_operator(n);
  auto const inputs = g.inputs_of(n);
  for (auto i = inputs.size(); i-- > 0;) {
    if (inputs[i] == no_value) continue;
    if (is_unresolved(g, inputs[i])) return missing_elements(g, inputs[i]);
    if (g.is_constant(inputs[i])) continue;
    return make_error(rule::the_shape_must_be_a_constant, "the shape (input ", i,
                      ") is computed; only a constant is supported");
  }
  return make_error(rule::every_dimension_must_have_a_value, "its result has no shape");
}

}  // namespace detail

/// Checks what lowering relies on: every dimension of every value has a value, and every operator
/// is listed. What breaks it becomes the graph's error.
constexpr void check_dimensions(graph& g) {
  auto const check_ports = [&](char const* what, auto const& ports) {
    for (auto const id : ports) {
      auto const& v = g.values[id];
      if (auto const e = detail::check_port(g, v.type)) {
        g.fail(make_error(e.broken, what, " '", v.name, "': ", e.text));
      }
    }
  };
  if (g.failure) return;
  check_ports("input", g.inputs);
  if (g.failure) return;
  for (auto const& n : g.nodes) {
    auto const& t = g.values[g.operands[n.outputs.first]].type;
    if (n.op != operator_id::unlisted && t.has_shape && !has_symbol(t.shape)) continue;
    fail(g, n, detail::check_result(g, n));
    return;
  }
  check_ports("output", g.outputs);
}

}  // namespace inlay::inline INLAY_VERSION
