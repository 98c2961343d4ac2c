// Nodes that only state a constant become constants.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>

#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/pass/make_constant.hpp"
#include "inlay/pass/remove_parts.hpp"

namespace inlay::inline INLAY_VERSION {

/// A node `Constant` goes, and its output is a constant. Those of texts and of sparse tensors stay,
/// and so do those in bodies.
///   before   %1 = Constant() {value_ints = [1, 2]}   %2 = Reshape(%0, %1)
///   after    constant %1 : int64[2]                  %2 = Reshape(%0, %1)
template <class Graph> constexpr Graph constants_to_values(Graph g) {
  if (g.failure) return g;
  vector<char> is_removed;
  for (std::size_t i = 0; i < g.nodes.size(); ++i) {
    auto const& n = g.nodes[i];
    if (n.op != operator_id::unlisted || n.type != "Constant") continue;
    if (!detail::make_constant(g, n)) continue;
    if (is_removed.empty()) is_removed = vector<char>(g.nodes.size(), 0);
    is_removed[i] = 1;
  }
  if (!is_removed.empty()) remove_nodes(g, is_removed);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
