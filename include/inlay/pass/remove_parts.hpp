// Takes nodes and bodies out of a graph, or moves them, with what is said of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/nesting.hpp"

namespace inlay::inline INLAY_VERSION {

/// The place of what is no more.
inline constexpr std::uint32_t no_place = 0xffff'ffff;

/// Where the parts of a graph are now: for each array that has changed the place of each of its
/// former elements, or `no_place`.
struct moved_parts {
  vector<std::uint32_t> const* nodes = nullptr;
  vector<std::uint32_t> const* bodies = nullptr;
  vector<std::uint32_t> const* body_nodes = nullptr;
  vector<std::uint32_t> const* functions = nullptr;
  vector<std::uint32_t> const* values = nullptr;
};

/// The annotations of what has moved follow it, and those of what is gone go.
template <class Graph> constexpr void move_annotations(Graph& g, moved_parts const& moved) {
  // Indexed by annotated.
  vector<std::uint32_t> const* const places[] = {
      nullptr, nullptr, moved.nodes, moved.bodies, moved.body_nodes, moved.functions, moved.values};
  vector<annotation> left;
  left.reserve(g.annotations.size());
  for (auto a : g.annotations) {
    auto const* const of_kind = places[static_cast<std::size_t>(a.what)];
    if (of_kind != nullptr) {
      a.index = a.index < of_kind->size() ? (*of_kind)[a.index] : no_place;
      if (a.index == no_place) continue;
    }
    left.push_back(a);
  }
  g.annotations = std::move(left);
}

/// Bodies have new places. An attribute of a node that is gone holds none any more.
template <class Graph> constexpr void move_bodies(Graph& g, vector<std::uint32_t> const& places) {
  for (auto& f : g.functions) f.body = places[f.body];
  for (auto& a : g.attributes) {
    if (!holds_bodies(a)) continue;
    range moved{static_cast<std::uint32_t>(g.integers.size()), 0};
    for (std::uint32_t i = 0; i < a.values.count; ++i) {
      auto const place = places[static_cast<std::size_t>(g.integers[a.values.first + i])];
      if (place == no_place) continue;
      g.integers.push_back(place);
      ++moved.count;
    }
    a.values = moved;
  }
}

namespace detail {

template <class T> constexpr void remove_marked(vector<T>& from, vector<char> const& is_removed) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (is_removed[i] == 0) from[kept++] = from[i];
  }
  from.truncate(kept);
}

/// Where each element is once those that are marked are removed.
constexpr vector<std::uint32_t> places_after(vector<char> const& is_removed) {
  vector<std::uint32_t> places;
  places.reserve(is_removed.size());
  std::uint32_t kept = 0;
  for (auto const mark : is_removed) places.push_back(mark != 0 ? no_place : kept++);
  return places;
}

}  // namespace detail

/// Takes out the nodes that are marked, and what annotations say of them.
template <class Graph> constexpr void remove_nodes(Graph& g, vector<char> const& is_removed) {
  detail::remove_marked(g.nodes, is_removed);
  if (g.annotations.empty()) return;
  auto const nodes = detail::places_after(is_removed);
  move_annotations(g, {.nodes = &nodes});
}

/// Takes out the bodies that are marked, and the nodes of bodies that are marked, with what
/// annotations say of them. Nothing that stays may need what goes, and all nodes of a body that
/// goes must go.
template <class Graph>
constexpr void remove_bodies(Graph& g, vector<char> const& is_removed,
                             vector<char> const& is_node_removed) {
  auto const bodies = detail::places_after(is_removed);
  auto const body_nodes = detail::places_after(is_node_removed);
  for (auto& b : g.bodies) {
    range left{0, 0};
    for (auto i = b.nodes.first; i < b.nodes.first + b.nodes.count; ++i) {
      if (body_nodes[i] == no_place) continue;
      if (left.count++ == 0) left.first = body_nodes[i];
    }
    b.nodes = left;
  }
  detail::remove_marked(g.bodies, is_removed);
  detail::remove_marked(g.body_nodes, is_node_removed);
  move_bodies(g, bodies);
  if (!g.annotations.empty()) move_annotations(g, {.bodies = &bodies, .body_nodes = &body_nodes});
}

}  // namespace inlay::inline INLAY_VERSION
