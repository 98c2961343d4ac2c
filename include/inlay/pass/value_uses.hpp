// Who makes each value of a graph, and how many read it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

/// Of each value of a graph how often it is read, by nodes of bodies and by the caller as well, and
/// the node that makes it.
template <class Graph> struct value_uses {
  static constexpr std::uint32_t not_a_node = 0xffff'ffff;

  vector<std::uint32_t> count;
  vector<std::uint32_t> producer;

  constexpr explicit value_uses(Graph const& g)
      : count(g.values.size(), 0), producer(g.values.size(), not_a_node) {
    auto const add = [&](range operands) {
      for (auto i = operands.first; i < operands.first + operands.count; ++i) {
        if (g.operands[i] != no_value) ++count[g.operands[i]];
      }
    };
    for (std::uint32_t i = 0; i < g.nodes.size(); ++i) {
      add(g.nodes[i].inputs);
      for (auto const id : g.outputs_of(g.nodes[i])) {
        if (id != no_value) producer[id] = i;
      }
    }
    for (auto const& n : g.body_nodes) add(n.inputs);
    for (auto const& b : g.bodies) add(b.outputs);
    for (auto const id : g.outputs) ++count[id];
  }
};

}  // namespace inlay::inline INLAY_VERSION
