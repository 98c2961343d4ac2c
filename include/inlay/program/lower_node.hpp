// How the kernel of a node sees its tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>

#include "inlay/graph/graph.hpp"
#include "inlay/op/list.hpp"
#include "inlay/op/lowering.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// The element types of a node of a listed operator.
template <class Graph> constexpr element_types types_of(Graph const& g, node const& n) {
  auto const first = static_cast<std::size_t>(entry_of<Graph>(n.op).conditions);
  return {g.values[g.inputs_of(n)[first]].type.element, g.values[g.outputs_of(n)[0]].type.element};
}

/// Of a node of a listed operator, whose types are known. What `to` held is gone. `layout_of(id)`
/// is how a value lies.
template <class Graph, class LayoutOf>
constexpr void lower_node(Graph const& g, node const& n, lowering& to, LayoutOf const& layout_of) {
  to.clear();
  for (auto const id : g.inputs_of(n)) {
    to.inputs.push_back(id == no_value ? layout{} : layout_of(id));
  }
  to.outputs.push_back(layout_of(g.outputs_of(n)[0]));
  to.types = types_of(g, n);
  entry_of<Graph>(n.op).lower({g, n}, to);
}
/// All values lie as ONNX has them.
template <class Graph> constexpr void lower_node(Graph const& g, node const& n, lowering& to) {
  lower_node(g, n, to, [&](value_id id) { return layout(g.values[id].type); });
}

}  // namespace inlay::inline INLAY_VERSION::detail
