// Whether nodes have the inputs that functions of elements and kernels take.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/graph/graph.hpp"
#include "inlay/op/list.hpp"

namespace inlay::inline INLAY_VERSION {

/// The first node that has others becomes the graph's error: `split_operators` has not seen it.
template <class Graph> constexpr void check_operands(Graph& g) {
  if (g.failure) return;
  // Few steps for a node: compilers count them.
  for (auto const& n : g.nodes) {
    auto const& entry = entry_of<Graph>(n.op);
    if (!entry.is_elementwise) {
      if (entry.is_split == nullptr || !entry.is_split({g, n})) continue;
      return fail(g, n,
                  make_error(rule::shapes_must_broadcast,
                             "its kernel takes no inputs of such shapes; split_operators makes "
                             "nodes of others"));
    }
    auto count = static_cast<int>(n.inputs.count);
    if (count == entry.operands && entry.inputs.least == count) continue;
    for (auto const id : g.inputs_of(n)) count -= id == no_value ? 1 : 0;
    if (count == entry.operands) continue;
    fail(g, n,
         make_error(rule::the_number_of_inputs_must_match_the_operator, "it has ", count,
                    " inputs, of which a program takes ", entry.operands,
                    "; split_operators makes nodes of so many"));
    return;
  }
}

}  // namespace inlay::inline INLAY_VERSION
