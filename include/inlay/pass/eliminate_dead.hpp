// Removes what no output needs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <utility>

#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

/// Nodes whose results reach no output go. Values keep their numbers.
///   before   %1 = Relu(%0)   %2 = Add(%0, %0)   return %2
///   after    %2 = Add(%0, %0)   return %2
constexpr graph eliminate_dead(graph g) {
  if (g.failure) return g;
  vector<char> live(g.values.size(), 0);
  for (auto const id : g.outputs) live[id] = 1;
  vector<char> kept(g.nodes.size(), 0);
  for (std::size_t i = g.nodes.size(); i-- > 0;) {
    auto const& n = g.nodes[i];
    for (auto const id : g.outputs_of(n)) {
      if (id != no_value && live[id] != 0) kept[i] = 1;
    }
    if (kept[i] == 0) continue;
    for (auto const id : g.inputs_of(n)) {
      if (id != no_value) live[id] = 1;
    }
  }
  vector<node> nodes;
  nodes.reserve(g.nodes.size());
  for (std::size_t i = 0; i < g.nodes.size(); ++i) {
    if (kept[i] != 0) nodes.push_back(g.nodes[i]);
  }
  g.nodes = std::move(nodes);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
