// What stands in what: the bodies that attributes hold, the notes on each part of a graph.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

constexpr bool holds_bodies(attribute const& a) {
  return a.kind == attribute_kind::graph || a.kind == attribute_kind::graphs;
}

/// Calls `visit(index)` for each body that these attributes hold.
template <class Visit>
constexpr void for_each_body(graph const& g, range attributes, Visit&& visit) {
  if (g.bodies.empty()) return;
  for (std::uint32_t i = 0; i < attributes.count; ++i) {
    auto const& a = g.attributes[attributes.first + i];
    if (!holds_bodies(a)) continue;
    for (std::uint32_t k = 0; k < a.values.count; ++k) {
      visit(static_cast<std::uint32_t>(g.integers[a.values.first + k]));
    }
  }
}

/// Which bodies the graph's nodes and functions hold, directly or in other bodies. Passes may leave
/// others behind.
constexpr vector<char> held_bodies(graph const& g) {
  vector<char> held(g.bodies.size(), 0);
  if (held.empty()) return held;
  vector<std::uint32_t> unvisited;
  auto const hold = [&](std::uint32_t body) {
    if (body >= held.size() || held[body] != 0) return;
    held[body] = 1;
    unvisited.push_back(body);
  };
  for (auto const& n : g.nodes) for_each_body(g, n.attributes, hold);
  for (auto const& f : g.functions) {
    hold(f.body);
    for_each_body(g, f.default_attributes, hold);
  }
  while (!unvisited.empty()) {
    auto const nodes = g.bodies[unvisited.back()].nodes;
    unvisited.pop_back();
    for (std::uint32_t i = 0; i < nodes.count; ++i) {
      for_each_body(g, g.body_nodes[nodes.first + i].attributes, hold);
    }
  }
  return held;
}

/// Which values are constants that only a body sees; empty where there are no bodies.
constexpr vector<char> inner_constants(graph const& g) {
  vector<char> is_inner;
  if (g.bodies.empty()) return is_inner;
  is_inner = vector<char>(g.values.size(), 0);
  auto const held = held_bodies(g);
  for (std::size_t i = 0; i < held.size(); ++i) {
    auto const constants = g.bodies[i].constants;
    for (std::uint32_t k = 0; held[i] != 0 && k < constants.count; ++k) {
      auto const id = g.operands[constants.first + k];
      if (id < is_inner.size()) is_inner[id] = 1;
    }
  }
  return is_inner;
}

namespace detail {

inline constexpr auto annotated_kinds = static_cast<std::size_t>(annotated::value) + 1;

/// How many parts there are that an annotation can be of, indexed by `annotated`.
struct annotated_counts {
  std::size_t of[annotated_kinds];

  constexpr explicit annotated_counts(graph const& g)
      : of{1,
           1,
           g.nodes.size(),
           g.bodies.size(),
           g.body_nodes.size(),
           g.functions.size(),
           g.values.size()} {}
  constexpr std::size_t operator[](annotated what) const {
    return of[static_cast<std::size_t>(what)];
  }
};

/// The annotations of each part of a graph, in their order.
class annotation_index {
 public:
  constexpr annotation_index() = default;
  constexpr explicit annotation_index(graph const& g) {
    if (g.annotations.empty()) return;
    annotated_counts const counts(g);
    for (std::size_t i = 0; i < annotated_kinds; ++i) {
      first_[i] = vector<std::uint32_t>(counts.of[i], nothing);
    }
    next_ = vector<std::uint32_t>(g.annotations.size(), nothing);
    for (auto i = static_cast<std::uint32_t>(next_.size()); i-- > 0;) {
      auto const& a = g.annotations[i];
      auto const first = first_of(a.what, a.index);
      if (first == nullptr) continue;
      next_[i] = *first;
      *first = i;
    }
  }

  static constexpr std::uint32_t nothing = 0xffff'ffff;

  /// The first annotation of a part, or `nothing`; then the next one of the same part.
  constexpr std::uint32_t first(annotated what, std::size_t index) const {
    auto const& first = first_[static_cast<std::size_t>(what)];
    return index < first.size() ? first[index] : nothing;
  }
  constexpr std::uint32_t next(std::uint32_t annotation) const { return next_[annotation]; }

 private:
  constexpr std::uint32_t* first_of(annotated what, std::size_t index) {
    auto& first = first_[static_cast<std::size_t>(what)];
    bool const is_whole = what == annotated::model || what == annotated::graph;
    if (is_whole) index = 0;
    return index < first.size() ? &first[index] : nullptr;
  }

  vector<std::uint32_t> first_[annotated_kinds];
  vector<std::uint32_t> next_;  // of each annotation
};

}  // namespace detail

}  // namespace inlay::inline INLAY_VERSION
