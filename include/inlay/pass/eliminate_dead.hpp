// Removes what no output needs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/nesting.hpp"
#include "inlay/pass/remove_parts.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Which nodes and bodies no output needs. What a body reads its node needs, and so on outwards.
template <class Graph> class dead_parts {
 public:
  constexpr explicit dead_parts(Graph const& g)
      : nodes(g.nodes.size(), 1),
        body_nodes(g.body_nodes.size(), 1),
        bodies(g.bodies.size(), 1),
        graph_(&g),
        values_(g.values.size(), 0) {
    for (auto const id : g.outputs) values_[id] = 1;
    mark_nodes(g.nodes.data(), g.nodes.size(), nodes.data());
    for (auto const& f : g.functions) {
      mark_body(f.body);
      for_each_body(g, f.default_attributes, [&](std::uint32_t b) { mark_body(b); });
    }
  }

  constexpr bool is_nothing(Graph const& g) const {
    return node_count_ == g.nodes.size() + g.body_nodes.size() && body_count_ == g.bodies.size();
  }

  vector<char> nodes;
  vector<char> body_nodes;
  vector<char> bodies;

 private:
  /// From the last one on, so that all readers of a value are seen before its node.
  constexpr void mark_nodes(node const* first, std::size_t count, char* is_dead) {
    auto const* const operands = graph_->operands.data();
    bool const has_bodies = !bodies.empty();
    for (std::size_t i = count; i-- > 0;) {
      auto const& n = first[i];
      auto const* const outputs = operands + n.outputs.first;
      for (std::uint32_t k = 0; k < n.outputs.count; ++k) {
        if (outputs[k] != no_value && values_[outputs[k]] != 0) is_dead[i] = 0;
      }
      if (is_dead[i] != 0) continue;
      ++node_count_;
      auto const* const inputs = operands + n.inputs.first;
      for (std::uint32_t k = 0; k < n.inputs.count; ++k) {
        if (inputs[k] != no_value) values_[inputs[k]] = 1;
      }
      if (has_bodies) {
        for_each_body(*graph_, n.attributes, [&](std::uint32_t b) { mark_body(b); });
      }
    }
  }
  constexpr void mark_body(std::uint32_t index) {
    if (bodies[index] == 0) return;
    bodies[index] = 0;
    ++body_count_;
    auto const& b = graph_->bodies[index];
    for (std::uint32_t i = 0; i < b.outputs.count; ++i) {
      auto const id = graph_->operands[b.outputs.first + i];
      if (id != no_value) values_[id] = 1;
    }
    mark_nodes(graph_->body_nodes.data() + b.nodes.first, b.nodes.count,
               body_nodes.data() + b.nodes.first);
  }

  Graph const* graph_;
  vector<char> values_;
  std::size_t node_count_ = 0;  // of those that are needed
  std::size_t body_count_ = 0;
};

}  // namespace detail

/// Nodes whose results reach no output go, in bodies too. Values keep their numbers, and functions
/// stay.
///   before   %1 = Relu(%0)   %2 = Add(%0, %0)   return %2
///   after    %2 = Add(%0, %0)   return %2
template <class Graph> constexpr Graph eliminate_dead(Graph g) {
  if (g.failure) return g;
  detail::dead_parts const dead(g);
  if (dead.is_nothing(g)) return g;
  remove_nodes(g, dead.nodes);
  if (!g.bodies.empty()) remove_bodies(g, dead.bodies, dead.body_nodes);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
