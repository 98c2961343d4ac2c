// Element operators in front of a kernel, which reads the tensors that they do.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/fuse.hpp"
#include "inlay/program/link_chain.hpp"
#include "inlay/program/lower_node.hpp"
#include "inlay/program/value_layouts.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// Calls `visit` with each value that a group of element operators reads.
template <class Graph, class Visit>
constexpr void each_tensor_of(Graph const& g, fusions const& all, std::uint32_t head,
                              Visit const& visit) {
  for (auto const id : g.inputs_of(g.nodes[head])) visit(id);
  for (auto const id : all.others_of(all.of_node[head])) visit(id);
}

/// Has a node that is lowered read the tensors of a group of element operators instead of its first
/// input, and says what makes that of them.
template <class Graph>
constexpr link_chain read_through(Graph const& g, value_layouts const& layouts, fusions const& all,
                                  node const& n, std::uint32_t head, lowering& l) {
  auto const& first = g.nodes[head];
  auto const& entry = entry_of<Graph>(first.op);
  auto const& x = g.values[g.inputs_of(n)[0]].type.shape;
  vector<layout> inputs;
  each_tensor_of(g, all, head, [&](value_id id) {
    inputs.push_back(broadcast_to(layouts.layout_of(id, g.values[id].type), x));
  });
  entry_of<Graph>(n.op).see_through({g, n}, inputs, l.outputs[0]);
  for (std::size_t i = 1; i < l.inputs.size(); ++i) inputs.push_back(l.inputs[i]);
  l.inputs = std::move(inputs);
  link made;
  made.op = first.op;
  made.types = types_of(g, first);
  if (entry.element != nullptr) made.words = entry.element(node_view(g, first));
  return chain_of(made, first.inputs.count, all.links_of(all.of_node[head]));
}

}  // namespace inlay::inline INLAY_VERSION::detail
