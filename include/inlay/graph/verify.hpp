// Whether a graph is one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

constexpr void verify_symbols(graph& g, value const& v) {
  for (auto const extent : v.type.shape) {
    if (extent >= 0 || static_cast<std::size_t>(-1 - extent) < g.symbols.size()) continue;
    g.fail(make_error(rule::an_index_must_be_in_range, "value '", v.name, "' has the extent ",
                      extent, ", which stands for no dimension"));
  }
}

constexpr void verify_constant(graph& g, value const& v) {
  if (v.constant >= g.constants.size()) {
    g.fail(
        make_error(rule::an_index_must_be_in_range, "the constant '", v.name, "' has no elements"));
    return;
  }
  auto const& c = g.constants[v.constant];
  if (c.stored_at > g.storage.size() || c.stored_size > g.storage.size() - c.stored_at) {
    g.fail(make_error(rule::an_index_must_be_in_range, "the elements of the constant '", v.name,
                      "' are out of range"));
    return;
  }
  auto const size = g.bytes_of(c).size();
  if (!is_in_memory(v.type.shape) ||
      static_cast<std::uint64_t>(bytes_of(v.type.element, elements_of(v.type.shape))) != size) {
    g.fail(make_error(rule::a_tensor_must_hold_as_many_bytes_as_its_shape, "the constant '", v.name,
                      "' of shape ", v.type.shape, " has ", size, " bytes"));
  }
}

/// Whether what the node refers to exists.
constexpr bool verify_node(graph& g, node const& n) {
  auto const reaches = [](range r, std::size_t size) {
    return r.first <= size && r.count <= size - r.first;
  };
  if (!reaches(n.inputs, g.operands.size()) || !reaches(n.outputs, g.operands.size()) ||
      !reaches(n.attributes, g.attributes.size())) {
    fail(g, n, make_error(rule::an_index_must_be_in_range, "its operands are out of range"));
    return false;
  }
  if (n.outputs.count == 0 || g.outputs_of(n)[0] == no_value) {
    fail(g, n, make_error(rule::the_number_of_outputs_must_match_the_operator, "it has no output"));
    return false;
  }
  return true;
}

}  // namespace detail

/// Checks what every pass relies on: indices are in range; each value is defined once, before it is
/// used; constants have the bytes that their types say; there is an output. What breaks it becomes
/// the graph's error.
constexpr graph verify(graph g) {
  if (g.failure) return g;
  vector<char> defined(g.values.size(), 0);
  auto const define = [&](value_id id) {
    if (id >= defined.size()) {
      g.fail(make_error(rule::an_index_must_be_in_range, "value ", id, " does not exist"));
    } else if (defined[id] != 0) {
      g.fail(make_error(rule::a_name_must_be_defined_once, "value ", id, " '", g.values[id].name,
                        "' is defined twice"));
    } else {
      defined[id] = 1;
    }
  };
  for (auto const id : g.inputs) define(id);
  for (value_id id = 0; id < g.values.size(); ++id) {
    auto const& v = g.values[id];
    if (v.constant != not_constant) {
      define(id);
      detail::verify_constant(g, v);
    } else if (has_symbol(v.type.shape)) {
      detail::verify_symbols(g, v);
    }
  }
  for (auto const& n : g.nodes) {
    if (!detail::verify_node(g, n)) continue;
    for (auto const id : g.inputs_of(n)) {
      if (id == no_value || (id < defined.size() && defined[id] != 0)) continue;
      fail(g, n,
           make_error(rule::a_name_must_be_defined_before_it_is_used,
                      "an input is not defined before it"));
    }
    for (auto const id : g.outputs_of(n)) {
      if (id != no_value) define(id);
    }
  }
  if (g.outputs.empty()) {
    g.fail(make_error(rule::a_graph_must_have_an_output, "the graph '", g.name, "' has no output"));
  }
  for (auto const id : g.outputs) {
    if (id < defined.size() && defined[id] != 0) continue;
    g.fail(make_error(rule::a_name_must_be_defined_before_it_is_used, "output ", id,
                      " of the graph is not defined"));
  }
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
