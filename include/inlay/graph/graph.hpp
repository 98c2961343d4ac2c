// The graph: a plain value that frontends build and passes rewrite, in the compiler and at run
// time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/error.hpp"
#include "inlay/core/frozen.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/dimension.hpp"
#include "inlay/graph/node.hpp"
#include "inlay/graph/rule.hpp"
#include "inlay/graph/shared_text.hpp"

namespace inlay::inline INLAY_VERSION {

/// What there is of a graph besides its arrays.
struct graph_facts {
  string_view name;
  std::int64_t opset = 0;       // version of ONNX's own operators
  std::int64_t ir_version = 0;  // of the file it was read from
  range operator_sets;          // in `graph::operator_sets`: the versions of other domains
  error failure;                // the first
};

/// Nodes in an order in which each reads only what stands before it, over values in single static
/// assignment. Names and constants are views: the file or the literals they come from must outlive
/// the graph. A graph carries its first error; a pass leaves such a graph as it is.
struct graph : graph_facts {
  vector<value> values;
  vector<node> nodes;
  vector<value_id> inputs;
  vector<value_id> outputs;

  // What values and nodes refer to by index.
  vector<value_id> operands;
  vector<attribute> attributes;
  vector<std::int64_t> integers;
  vector<float> reals;
  vector<string_view> texts;
  vector<constant> constants;
  vector<external_data> externals;
  vector<string_view> symbols;              // names of dimensions without a value
  vector<dimension_definition> dimensions;  // of the first symbols, how they follow from others
  vector<dimension_term> dimension_terms;
  vector<container> containers;
  vector<contained_type> types;
  vector<node> body_nodes;
  vector<body> bodies;
  vector<function> functions;
  vector<operator_set> operator_sets;  // of other domains first, then those of functions
  vector<annotation> annotations;
  vector<char> storage;  // bytes of constants that no file holds
  shared_text names;     // characters of names that no file holds

  /// Keeps `e` if it is the first.
  constexpr void fail(error const& e) {
    if (!failure) failure = e;
  }

  constexpr span<value_id const> inputs_of(node const& n) const {
    return {operands.data() + n.inputs.first, n.inputs.count};
  }
  constexpr span<value_id const> outputs_of(node const& n) const {
    return {operands.data() + n.outputs.first, n.outputs.count};
  }
  constexpr span<attribute const> attributes_of(node const& n) const {
    return {attributes.data() + n.attributes.first, n.attributes.count};
  }

  constexpr bool is_constant(value_id id) const {
    return id != no_value && values[id].constant != not_constant;
  }
  /// The elements of a constant, little-endian.
  constexpr string_view bytes_of(constant const& c) const { return c.bytes_in(storage.data()); }
};

/// What `freeze` keeps of a graph.
struct graph_arrays
    : member_list<&graph::values, &graph::nodes, &graph::inputs, &graph::outputs, &graph::operands,
                  &graph::attributes, &graph::integers, &graph::reals, &graph::texts,
                  &graph::constants, &graph::externals, &graph::symbols, &graph::dimensions,
                  &graph::dimension_terms, &graph::containers, &graph::types, &graph::body_nodes,
                  &graph::bodies, &graph::functions, &graph::operator_sets, &graph::annotations,
                  &graph::storage> {};

namespace detail {

constexpr sentence label_of_node(node const& n, std::size_t index) {
  sentence label;
  label << "node " << index;
  if (!n.name.empty()) label << " '" << n.name << "'";
  label << " (" << n.type << ")";
  return label;
}

constexpr sentence label_of_body(graph const& g, std::size_t index) {
  sentence label;
  for (auto const& f : g.functions) {
    if (f.body == index) return label << "function '" << f.name << "'";
  }
  auto const name = index < g.bodies.size() ? g.bodies[index].name : string_view();
  if (name.empty()) return label << "body " << index;
  return label << "body '" << name << "'";
}

/// Of a node in a body, which its place in `graph::body_nodes` tells.
constexpr sentence label_of_body_node(graph const& g, std::size_t index) {
  for (std::size_t i = 0; i < g.bodies.size(); ++i) {
    auto const& nodes = g.bodies[i].nodes;
    if (index < nodes.first || index - nodes.first >= nodes.count) continue;
    auto label = label_of_node(g.body_nodes[index], index - nodes.first);
    return label << " of " << label_of_body(g, i);
  }
  return label_of_node(g.body_nodes[index], index);
}

}  // namespace detail

/// How messages call a node: `node 2 'fc' (MatMul)`, in a body `node 0 (Neg) of body 'then'`.
/// *Costs*: linear in the bodies' nodes, if there are any; so only where there is something to say.
constexpr sentence label_of(graph const& g, node const& n) {
  // Pointers into several arrays may be compared for equality only.
  for (std::size_t i = 0; i < g.body_nodes.size(); ++i) {
    if (&n == &g.body_nodes[i]) return detail::label_of_body_node(g, i);
  }
  return detail::label_of_node(n, static_cast<std::size_t>(&n - g.nodes.data()));
}

/// The first error of a node: its label, then what the rule says of it.
constexpr void fail(graph& g, node const& n, error const& e) {
  if (g.failure) return;
  auto located = make_error(e.broken, label_of(g, n), ": ", e.text);
  located.offset = n.offset;
  g.fail(located);
}

}  // namespace inlay::inline INLAY_VERSION
