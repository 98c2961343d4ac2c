// Whether a graph is one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

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
    if (v.constant == not_constant) continue;
    define(id);
    std::int64_t count = 0;
    if (v.constant >= g.constants.size()) {
      g.fail(make_error(rule::an_index_must_be_in_range, "the constant '", v.name,
                        "' has no elements"));
    } else if (!count_elements(v.type.shape, 0, v.type.shape.size(), count) ||
               static_cast<std::uint64_t>(bytes_of(v.type.element, count)) !=
                   g.bytes_of(g.constants[v.constant]).size()) {
      g.fail(make_error(rule::a_tensor_must_hold_as_many_bytes_as_its_shape, "the constant '",
                        v.name, "' of shape ", v.type.shape, " has ",
                        g.bytes_of(g.constants[v.constant]).size(), " bytes"));
    }
  }
  for (auto const& n : g.nodes) {
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
