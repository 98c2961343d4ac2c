// What a node `Constant` says of its output.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/span.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/store_constant.hpp"

namespace inlay::inline INLAY_VERSION::detail {

template <class T, class Graph>
constexpr void store_run(Graph& g, value& v, vector<T> const& all, attribute const& a) {
  v.constant = store_elements(g, span<T const>(all.data() + a.values.first, a.values.count));
  bool const is_list = a.kind == attribute_kind::integers || a.kind == attribute_kind::reals;
  v.type = {element_of<T>, is_list ? shape{a.values.count} : shape{}};
}

/// Makes a value the constant that the attribute holds.
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

/// Makes the output of a node `Constant` the constant that it states; false where the node holds
/// none that a tensor of numbers can be.
template <class Graph> constexpr bool make_constant(Graph& g, node const& n) {
  if (!n.domain.empty() || n.attributes.count != 1 || n.outputs.count != 1) return false;
  return make_constant(g, g.values[g.outputs_of(n)[0]], g.attributes_of(n)[0]);
}

}  // namespace inlay::inline INLAY_VERSION::detail
