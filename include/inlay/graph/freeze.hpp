// A graph as a constant, and back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/frozen.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

/// The graph that `Network()` builds, as arrays of constants.
template <auto const& Network> using frozen_graph = frozen<Network, graph_facts, graph_arrays>;

namespace detail {
template <class Frozen, auto... Member> constexpr graph thaw(member_list<Member...>) {
  graph g;
  static_cast<graph_facts&>(g) = Frozen::facts;
  ((g.*Member).append(Frozen::template get<Member>().data(), Frozen::template get<Member>().size()),
   ...);
  return g;
}
}  // namespace detail

/// The graph that was frozen.
template <class Frozen> constexpr graph thaw() { return detail::thaw<Frozen>(graph_arrays{}); }

}  // namespace inlay::inline INLAY_VERSION
