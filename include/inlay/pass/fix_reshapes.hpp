// Gives a Reshape a constant shape where dimensions without a value decide it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/store_constant.hpp"
#include "inlay/op/list.hpp"
#include "inlay/op/node_view.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// The list that makes `y` of `x`, whatever its dimensions are: numbers, 0 where an extent is kept,
/// one -1 for what is left.
struct reshape_list {
  std::int64_t elements[max_rank]{};
  bool is_known = false;
};
constexpr reshape_list list_between(shape const& x, shape const& y, bool keeps_zero) {
  reshape_list list;
  bool has_rest = false;
  for (int i = 0; i < y.size(); ++i) {
    auto& element = list.elements[i];
    element = y[i];
    if (y[i] > 0) continue;
    bool const is_kept = keeps_zero && i < x.size() && y[i] == x[i];
    // What is left is not decided where an extent is 0.
    if (!is_kept && (y[i] == 0 || has_rest)) return list;
    has_rest = has_rest || !is_kept;
    element = is_kept ? 0 : -1;
  }
  list.is_known = true;
  return list;
}

}  // namespace detail

/// A Reshape whose shape is computed from dimensions that have no value gets a constant, if that
/// says the same: what computed it is dead then. Runs after types are inferred.
///   before   %1 = Shape(%0)   %3 = Concat(%1, %2)   %4 = Reshape(%0, %3)
///   after    %4 = Reshape(%0, %5)       where %0 is [n, 3, 4], %4 is [n, 12], %5 is the list 0, 12
template <class Graph> constexpr Graph fix_reshapes(Graph g) {
  if (g.failure) return g;
  for (auto& n : g.nodes) {
    if (n.op != id_of<op::reshape> || g.is_constant(g.inputs_of(n)[1])) continue;
    auto const x = g.inputs_of(n)[0];
    auto const y = g.outputs_of(n)[0];
    if (!g.values[x].type.has_shape || !g.values[y].type.has_shape) continue;
    auto const size = g.values[y].type.shape.size();
    bool const keeps_zero = node_view(g, n).integer("allowzero", 0) == 0;
    auto const list =
        detail::list_between(g.values[x].type.shape, g.values[y].type.shape, keeps_zero);
    if (!list.is_known) continue;
    value v;
    v.type = {element_type::int64, {size}};
    v.constant =
        store_elements(g, span<std::int64_t const>(list.elements, static_cast<std::size_t>(size)));
    auto const id = static_cast<value_id>(g.values.size());
    g.values.push_back(v);
    n.inputs = {static_cast<std::uint32_t>(g.operands.size()), 2};
    g.operands.push_back(x);
    g.operands.push_back(id);
  }
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
