// How the kernel of a node sees its tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/graph/graph.hpp"
#include "inlay/op/list.hpp"
#include "inlay/op/lowering.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// Of a node of a listed operator, whose types are known. What `to` held is gone.
template <class Graph> constexpr void lower_node(Graph const& g, node const& n, lowering& to) {
  to.clear();
  for (auto const id : g.inputs_of(n)) {
    to.inputs.push_back(id == no_value ? layout{} : layout(g.values[id].type));
  }
  to.outputs.push_back(layout(g.values[g.outputs_of(n)[0]].type));
  entry_of(n.op).lower({g, n}, to);
}

}  // namespace inlay::inline INLAY_VERSION::detail
