// The graph: a plain value that frontends build and passes rewrite, in the compiler and at run
// time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "inlay/core/error.hpp"
#include "inlay/core/frozen.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/node.hpp"
#include "inlay/graph/rule.hpp"
#include "inlay/graph/shared_text.hpp"

namespace inlay::inline INLAY_VERSION {

/// What there is of a graph besides its arrays.
struct graph_facts {
  std::string_view name;
  std::int64_t opset = 0;  // version of ONNX's own operators
  error failure;           // the first
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
  vector<std::string_view> texts;
  vector<constant> constants;
  vector<std::string_view> symbols;  // names of dimensions without a value
  vector<char> storage;              // bytes of constants that no file holds
  shared_text names;                 // characters of names that no file holds

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
  constexpr std::string_view bytes_of(constant const& c) const {
    return c.bytes_in(storage.data());
  }
};

/// What `freeze` keeps of a graph.
using graph_arrays =
    member_list<&graph::values, &graph::nodes, &graph::inputs, &graph::outputs, &graph::operands,
                &graph::attributes, &graph::integers, &graph::reals, &graph::texts,
                &graph::constants, &graph::symbols, &graph::storage>;

/// How messages call a node: `node 2 'fc' (MatMul)`.
constexpr sentence label_of(graph const& g, node const& n) {
  sentence label;
  label << "node " << (&n - g.nodes.data());
  if (!n.name.empty()) label << " '" << n.name << "'";
  label << " (" << n.type << ")";
  return label;
}

/// The first error of a node: its label, then what the rule says of it.
constexpr void fail(graph& g, node const& n, error const& e) {
  auto located = make_error(e.broken, label_of(g, n), ": ", e.text);
  located.offset = n.offset;
  g.fail(located);
}

}  // namespace inlay::inline INLAY_VERSION
