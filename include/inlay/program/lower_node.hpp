// How the kernel of a node sees its tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/graph/graph.hpp"
#include "inlay/op/list.hpp"
#include "inlay/op/lowering.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// Of a node of a listed operator, whose types are known. What `to` held is gone. `channels_last`,
/// if given, says of each value whether it lies so.
template <class Graph>
constexpr void lower_node(Graph const& g, node const& n, lowering& to,
                          char const* channels_last = nullptr) {
  to.clear();
  auto const layout_of = [&](value_id id) {
    layout l(g.values[id].type);
    if (channels_last != nullptr && channels_last[id] != 0) {
      l.strides = channels_last_strides(l.extents);
    }
    return l;
  };
  for (auto const id : g.inputs_of(n)) {
    to.inputs.push_back(id == no_value ? layout{} : layout_of(id));
  }
  to.outputs.push_back(layout_of(g.outputs_of(n)[0]));
  entry_of<Graph>(n.op).lower({g, n}, to);
}

}  // namespace inlay::inline INLAY_VERSION::detail
