// A graph as a constant, and back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <type_traits>

#include "inlay/core/frozen.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

/// How large the graph of a network is likely to be at most: `expected_sizes()` of its type, if
/// that says so.
template <auto const& Network> struct expected_graph : nothing_expected<graph_arrays> {};
template <auto const& Network>
  requires requires { std::remove_cvref_t<decltype(Network)>::expected_sizes(); }
struct expected_graph<Network> {
  static constexpr member_sizes<graph_arrays> sizes =
      std::remove_cvref_t<decltype(Network)>::expected_sizes();
};

/// The graph that `Network()` builds, as arrays of constants; quick to make if it is no larger than
/// the graph `Expected`.
template <auto const& Network, class Expected = nothing_expected<graph_arrays>>
using frozen_graph = frozen<Network, graph_facts, graph_arrays, Expected>;

namespace detail {
template <class Frozen, auto... Member> constexpr graph thaw(member_list<Member...>) {
  graph g;
  static_cast<graph_facts&>(g) = Frozen::facts;
  auto const fill = [](auto& to, auto const& from) { to.append(from.data(), from.size()); };
  (fill(g.*Member, Frozen::template get<Member>()), ...);
  return g;
}
}  // namespace detail

/// The graph that was frozen, or only some of its members.
template <class Frozen, class Members = graph_arrays> constexpr graph thaw() {
  return detail::thaw<Frozen>(Members{});
}

}  // namespace inlay::inline INLAY_VERSION
