// Computes everything once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/index_table.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/op/list.hpp"
#include "inlay/pass/remove_parts.hpp"
#include "inlay/pass/replace_values.hpp"
#include "inlay/program/signature.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Of what makes two nodes the same: the operator, the inputs, the attributes.
template <class Graph> constexpr std::uint64_t hash_expression(Graph const& g, node const& n) {
  auto h = hash_seed ^ static_cast<std::uint64_t>(n.op);
  auto const* at = g.operands.data() + n.inputs.first;
  for (auto const* const end = at + n.inputs.count; at != end; ++at) h = h * hash_prime ^ *at;
  h *= hash_prime;
  if (n.attributes.count == 0) return h;
  for (auto const& a : g.attributes_of(n)) h = hash_attribute(g, h, a);
  return h;
}

template <class Graph>
constexpr bool is_same_expression(Graph const& g, node const& a, node const& b) {
  if (a.op != b.op || a.inputs.count != b.inputs.count) return false;
  auto const x = g.inputs_of(a);
  auto const y = g.inputs_of(b);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] != y[i]) return false;
  }
  return equal_attributes(g, a, b);
}

/// The only output of a node; `no_value` where it has several.
template <class Graph> constexpr value_id only_output(Graph const& g, node const& n) {
  auto const outputs = g.outputs_of(n);
  for (std::size_t i = 1; i < outputs.size(); ++i) {
    if (outputs[i] != no_value) return no_value;
  }
  return outputs[0];
}

}  // namespace detail

/// Nodes of the same operator with the same inputs and attributes become one. Runs after types are
/// inferred. All listed operators give the same result whenever they are asked; others are left
/// alone, and so are those with several outputs.
///   before   %1 = Relu(%0)   %2 = Relu(%0)   %3 = Add(%1, %2)   return %3
///   after    %1 = Relu(%0)   %3 = Add(%1, %1)   return %3
/// Where both results are outputs of the graph, one is a copy of the other.
template <class Graph> constexpr Graph eliminate_common_subexpressions(Graph g) {
  if (g.failure) return g;
  value_replacements replaced(g);
  index_table table;
  table.reserve(g.nodes.size());
  vector<char> is_removed;
  for (std::uint32_t i = 0; i < g.nodes.size(); ++i) {
    auto& n = g.nodes[i];
    if (n.op == operator_id::unlisted) continue;
    if (!replaced.empty()) {
      for (auto k = n.inputs.first; k < n.inputs.first + n.inputs.count; ++k) {
        g.operands[k] = replaced[g.operands[k]];
      }
    }
    auto const hash = detail::hash_expression(g, n);
    auto const first = table.find(
        hash, [&](std::uint32_t k) { return detail::is_same_expression(g, g.nodes[k], n); });
    if (first == index_table::absent) {
      table.insert(hash, i);
      continue;
    }
    auto const earlier = detail::only_output(g, g.nodes[first]);
    auto const later = detail::only_output(g, n);
    if (earlier == no_value || later == no_value) continue;
    if (is_removed.empty()) is_removed = vector<char>(g.nodes.size(), 0);
    if (replaced.replace(later, earlier)) {
      is_removed[i] = 1;
    } else if (!is<op::identity>(n)) {
      n.op = id_of<op::identity>;
      n.type = op::identity::name;
      n.domain = {};
      n.inputs = {static_cast<std::uint32_t>(g.operands.size()), 1};
      n.attributes = {};
      g.operands.push_back(earlier);
    }
  }
  if (is_removed.empty()) return g;
  replaced.apply(g);
  remove_nodes(g, is_removed);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
