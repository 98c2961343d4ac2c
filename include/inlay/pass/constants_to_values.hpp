// Nodes that only state a constant become constants.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/span.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/store_constant.hpp"
#include "inlay/op/list.hpp"
#include "inlay/pass/make_constant.hpp"
#include "inlay/pass/remove_parts.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Makes a node `ConstantOfShape` an Expand of its element, 0 by default.
template <class Graph> constexpr void expand_constant(Graph& g, node& n) {
  if (!n.domain.empty() || n.inputs.count != 1 || n.attributes.count > 1) return;
  value element;
  if (n.attributes.count == 1) {
    if (!make_constant(g, element, g.attributes_of(n)[0])) return;
    if (element.container != not_contained || elements_of(element.type.shape) != 1) return;
    element.type.shape = {};
  } else {
    constexpr float zero[] = {0};
    element.constant = store_elements(g, span<float const>(zero, 1));
    element.type = {element_type::float32, {}};
  }
  auto const shape = g.inputs_of(n)[0];
  auto const first = static_cast<std::uint32_t>(g.operands.size());
  g.operands.push_back(static_cast<value_id>(g.values.size()));
  g.operands.push_back(shape);
  g.values.push_back(element);
  n.inputs = {first, 2};
  n.op = id_of<op::expand>;
  n.type = op::expand::name;
  n.attributes = {};
}

}  // namespace detail

/// A node `Constant` goes, and its output is a constant. Those of texts and of sparse tensors stay,
/// and so do those in bodies. A node `ConstantOfShape` becomes the Expand of a constant.
///   before   %1 = Constant() {value_ints = [1, 2]}   %2 = Reshape(%0, %1)
///   after    constant %1 : int64[2]                  %2 = Reshape(%0, %1)
template <class Graph> constexpr Graph constants_to_values(Graph g) {
  if (g.failure) return g;
  vector<char> is_removed;
  for (std::size_t i = 0; i < g.nodes.size(); ++i) {
    auto& n = g.nodes[i];
    if (n.op != operator_id::unlisted) continue;
    if (n.type == "ConstantOfShape") detail::expand_constant(g, n);
    if (n.type != "Constant") continue;
    if (!detail::make_constant(g, n)) continue;
    if (is_removed.empty()) is_removed = vector<char>(g.nodes.size(), 0);
    is_removed[i] = 1;
  }
  if (!is_removed.empty()) remove_nodes(g, is_removed);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
