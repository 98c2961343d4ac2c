// FunctionProto: an operator that the file itself defines.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/frontend/onnx/attribute.hpp"
#include "inlay/frontend/onnx/graph.hpp"
#include "inlay/frontend/onnx/reading.hpp"
#include "inlay/frontend/onnx/wire.hpp"
#include "inlay/graph/builder.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// An OperatorSetIdProto.
constexpr operator_set read_operator_set(message m) {
  operator_set s;
  while (m.next()) {
    if (m.number() == 1) s.domain = m.bytes();
    if (m.number() == 2) s.version = m.integer();
  }
  if (s.domain == "ai.onnx") s.domain = {};
  return s;
}

/// The messages of a function, which may come in any order.
struct function_parts {
  graph_parts graph;
  vector<string_view> inputs;   // names
  vector<string_view> outputs;  // names
  vector<string_view> defaults;
};

/// What of a function stands in its message itself is appended to the graph.
constexpr function split_function(auto& r, message m, function_parts& parts) {
  auto& g = r.b.unfinished();
  function f;
  auto const first_text = g.texts.size();
  auto const first_set = g.operator_sets.size();
  for (; r.parts <= max_parts && m.next(); ++r.parts) {
    switch (m.number()) {
      case 1: f.name = m.bytes(); break;
      case 4: parts.inputs.push_back(m.bytes()); break;
      case 5: parts.outputs.push_back(m.bytes()); break;
      case 6: g.texts.push_back(m.bytes()); break;
      case 7: parts.graph.nodes.push_back(m.bytes()); break;
      case 8: parts.graph.documentation = m.bytes(); break;
      case 9: g.operator_sets.push_back(read_operator_set({m, "an opset"})); break;
      case 10: f.domain = m.bytes(); break;
      case 11: parts.defaults.push_back(m.bytes()); break;
      case 12: parts.graph.values.push_back(m.bytes()); break;
      case 13: f.overload = m.bytes(); break;
      case 14: parts.graph.metadata.push_back(m.bytes()); break;
      default: break;
    }
  }
  f.attributes = since(first_text, g.texts);
  f.operator_sets = since(first_set, g.operator_sets);
  if (f.domain == "ai.onnx") f.domain = {};
  return f;
}

constexpr void read_defaults(auto& r, source const& from, function_parts const& parts, int depth,
                             function& f) {
  auto& g = r.b.unfinished();
  auto const first = g.attributes.size();
  auto const first_late = r.late.size();
  each(from, parts.defaults,
       [&](auto m) { read_attribute(r, {from, m, "an attribute", depth}, {annotated::graph, 0}); });
  f.default_attributes = since(first, g.attributes);
  read_late_graphs(r, from, first_late, [&](message const& body) { return read_body(r, body); });
}

/// Appends the function in `m` to the graph. Its inner names are its own.
constexpr void read_function(auto& r, message const& m) {
  auto& g = r.b.unfinished();
  auto const& from = m.from();
  function_parts parts;
  auto f = split_function(r, m, parts);
  if (r.parts > max_parts) {
    g.fail(make_error(rule::a_graph_must_have_at_most_1048576_parts,
                      "the functions have more than 1048576 parts (nodes, inputs, ...)"));
  }
  if (f.name.empty()) {
    g.fail(make_error(rule::a_name_must_not_be_empty, "a function of the model has no name"));
  }
  if (g.failure) return;
  auto const depth = m.depth() + 1;
  auto const first_note = r.notes.size();
  r.b.begin_body(f.name, true);
  read_defaults(r, from, parts, depth, f);
  for (auto const name : parts.inputs) {
    if (name.empty()) count_nameless(r);
    if (!g.failure && has_room(r.b, 0)) r.b.input(name, {});
  }
  auto const outputs = parts.outputs;
  read_parts(r, from, parts.graph, depth);
  for (auto const name : outputs) {
    auto const id = name.empty() ? no_value : r.b.find(name);
    if (id == no_value) {
      g.fail(make_error(rule::a_name_must_be_defined_before_it_is_used, "output '", name,
                        "' of the function '", f.name, "' is not defined"));
      break;
    }
    r.b.output(id);
  }
  f.body = r.b.end_body();
  r.notes.end_body(first_note, g.bodies[f.body], annotated::function, g.functions.size());
  g.functions.push_back(f);
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format
