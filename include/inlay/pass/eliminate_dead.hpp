// Removes what no output needs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/nesting.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Which nodes and bodies an output needs. What a body reads its node needs, and so on outwards.
template <class Graph> class live_parts {
 public:
  constexpr explicit live_parts(Graph const& g)
      : nodes(g.nodes.size(), 0),
        body_nodes(g.body_nodes.size(), 0),
        bodies(g.bodies.size(), 0),
        graph_(&g),
        values_(g.values.size(), 0) {
    for (auto const id : g.outputs) values_[id] = 1;
    mark_nodes(g.nodes.data(), g.nodes.size(), nodes.data());
    for (auto const& f : g.functions) {
      mark_body(f.body);
      for_each_body(g, f.default_attributes, [&](std::uint32_t b) { mark_body(b); });
    }
  }

  constexpr bool is_all(Graph const& g) const {
    return node_count_ == g.nodes.size() + g.body_nodes.size() && body_count_ == g.bodies.size();
  }

  vector<char> nodes;
  vector<char> body_nodes;
  vector<char> bodies;

 private:
  /// From the last one on, so that all readers of a value are seen before its node.
  constexpr void mark_nodes(node const* first, std::size_t count, char* kept) {
    auto const* const operands = graph_->operands.data();
    bool const has_bodies = !bodies.empty();
    for (std::size_t i = count; i-- > 0;) {
      auto const& n = first[i];
      auto const* const outputs = operands + n.outputs.first;
      for (std::uint32_t k = 0; k < n.outputs.count; ++k) {
        if (outputs[k] != no_value && values_[outputs[k]] != 0) kept[i] = 1;
      }
      if (kept[i] == 0) continue;
      ++node_count_;
      auto const* const inputs = operands + n.inputs.first;
      for (std::uint32_t k = 0; k < n.inputs.count; ++k) {
        if (inputs[k] != no_value) values_[inputs[k]] = 1;
      }
      if (has_bodies) {
        for_each_body(*graph_, n.attributes, [&](std::uint32_t b) { mark_body(b); });
      }
    }
  }
  constexpr void mark_body(std::uint32_t index) {
    if (bodies[index] != 0) return;
    bodies[index] = 1;
    ++body_count_;
    auto const& b = graph_->bodies[index];
    for (std::uint32_t i = 0; i < b.outputs.count; ++i) {
      auto const id = graph_->operands[b.outputs.first + i];
      if (id != no_value) values_[id] = 1;
    }
    mark_nodes(graph_->body_nodes.data() + b.nodes.first, b.nodes.count,
               body_nodes.data() + b.nodes.first);
  }

  Graph const* graph_;
  vector<char> values_;
  std::size_t node_count_ = 0;
  std::size_t body_count_ = 0;
};

/// Removes the elements that are not kept. Where each was, with the number of those before it that
/// are kept; and behind them all how many are.
template <class T>
constexpr vector<std::uint32_t> keep(vector<T>& elements, vector<char> const& kept) {
  vector<T> left;
  vector<std::uint32_t> places;
  left.reserve(elements.size());
  places.reserve(elements.size() + 1);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    places.push_back(static_cast<std::uint32_t>(left.size()));
    if (kept[i] != 0) left.push_back(elements[i]);
  }
  places.push_back(static_cast<std::uint32_t>(left.size()));
  elements = std::move(left);
  return places;
}

/// Bodies have new places. An attribute of a node that is gone holds none any more.
template <class Graph>
constexpr void move_bodies(Graph& g, vector<char> const& kept,
                           vector<std::uint32_t> const& places) {
  for (auto& f : g.functions) f.body = places[f.body];
  for (auto& a : g.attributes) {
    if (a.kind != attribute_kind::graph && a.kind != attribute_kind::graphs) continue;
    range moved{static_cast<std::uint32_t>(g.integers.size()), 0};
    for (std::uint32_t i = 0; i < a.values.count; ++i) {
      auto const body = static_cast<std::size_t>(g.integers[a.values.first + i]);
      if (kept[body] == 0) continue;
      g.integers.push_back(places[body]);
      ++moved.count;
    }
    a.values = moved;
  }
}

/// The annotations of what is gone go, and the others follow.
template <class Graph>
constexpr void move_annotations(Graph& g, live_parts<Graph> const& live,
                                vector<std::uint32_t> const& nodes,
                                vector<std::uint32_t> const& body_nodes,
                                vector<std::uint32_t> const& bodies) {
  vector<annotation> left;
  left.reserve(g.annotations.size());
  for (auto a : g.annotations) {
    auto const* const kept = a.what == annotated::node        ? &live.nodes
                             : a.what == annotated::body_node ? &live.body_nodes
                             : a.what == annotated::body      ? &live.bodies
                                                              : nullptr;
    if (kept != nullptr && (*kept)[a.index] == 0) continue;
    if (a.what == annotated::node) a.index = nodes[a.index];
    if (a.what == annotated::body_node) a.index = body_nodes[a.index];
    if (a.what == annotated::body) a.index = bodies[a.index];
    left.push_back(a);
  }
  g.annotations = std::move(left);
}

}  // namespace detail

/// Nodes whose results reach no output go, in bodies too. Values keep their numbers, and functions
/// stay.
///   before   %1 = Relu(%0)   %2 = Add(%0, %0)   return %2
///   after    %2 = Add(%0, %0)   return %2
template <class Graph> constexpr Graph eliminate_dead(Graph g) {
  if (g.failure) return g;
  detail::live_parts const live(g);
  if (live.is_all(g)) return g;
  auto const nodes = detail::keep(g.nodes, live.nodes);
  vector<std::uint32_t> body_nodes;
  vector<std::uint32_t> bodies;
  if (!g.bodies.empty()) {
    body_nodes = detail::keep(g.body_nodes, live.body_nodes);
    bodies = detail::keep(g.bodies, live.bodies);
    for (auto& b : g.bodies) {
      auto const first = body_nodes[b.nodes.first];
      b.nodes = {first, body_nodes[b.nodes.first + b.nodes.count] - first};
    }
    detail::move_bodies(g, live.bodies, bodies);
  }
  if (!g.annotations.empty()) detail::move_annotations(g, live, nodes, body_nodes, bodies);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
