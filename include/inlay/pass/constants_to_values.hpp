// Nodes that only state a constant become constants.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <utility>

#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/store_constant.hpp"
#include "inlay/pass/remove_parts.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

template <class T, class Graph>
constexpr void store_run(Graph& g, value& v, vector<T> const& all, attribute const& a) {
  v.constant = store_elements(g, span<T const>(all.data() + a.values.first, a.values.count));
  bool const is_list = a.kind == attribute_kind::integers || a.kind == attribute_kind::reals;
  v.type = {element_of<T>, is_list ? shape{a.values.count} : shape{}};
}

/// Makes a value the constant that the attribute holds; false where it holds none that a tensor of
/// numbers can be.
template <class Graph> constexpr bool make_constant(Graph& g, value& v, attribute const& a) {
  if (!a.reference.empty()) return false;
  switch (a.kind) {
    case attribute_kind::tensor: {
      if (a.name != "value" || a.values.count != 1) return false;
      auto const& held = g.values[static_cast<std::size_t>(g.integers[a.values.first])];
      if (held.constant == not_constant) return false;
      v.type = held.type;
      v.container = held.container;
      v.constant = held.constant;
      return true;
    }
    case attribute_kind::real:
      if (a.name != "value_float") return false;
      return store_run(g, v, g.reals, a), true;
    case attribute_kind::reals:
      if (a.name != "value_floats") return false;
      return store_run(g, v, g.reals, a), true;
    case attribute_kind::integer:
      if (a.name != "value_int") return false;
      return store_run(g, v, g.integers, a), true;
    case attribute_kind::integers:
      if (a.name != "value_ints") return false;
      return store_run(g, v, g.integers, a), true;
    default: return false;
  }
}

}  // namespace detail

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
    if (!n.domain.empty() || n.attributes.count != 1 || n.outputs.count != 1) continue;
    auto& v = g.values[g.outputs_of(n)[0]];
    if (!detail::make_constant(g, v, g.attributes_of(n)[0])) continue;
    if (is_removed.empty()) is_removed = vector<char>(g.nodes.size(), 0);
    is_removed[i] = 1;
  }
  if (!is_removed.empty()) remove_nodes(g, is_removed);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
