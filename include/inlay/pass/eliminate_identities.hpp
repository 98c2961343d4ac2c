// Removes what computes nothing.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/op/list.hpp"
#include "inlay/pass/remove_parts.hpp"
#include "inlay/pass/replace_values.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Finds the nodes of a graph whose results equal one of their inputs, to the bit.
template <class Graph> class identity_finder {
 public:
  constexpr explicit identity_finder(Graph const& g) : graph_(&g) {}

  /// The input that the output of `n` equals, or `no_value`.
  constexpr value_id find(node const& n, value_replacements<Graph> const& replaced) {
    if (n.op == id_of<op::relu>) return find_of_relu(n, replaced);
    if (n.op == id_of<op::add>) return find_of_add(n);
    if (n.op == id_of<op::transpose>) return find_of_transpose(n);
    if (n.op != id_of<op::identity> && n.op != id_of<op::reshape> && n.op != id_of<op::flatten> &&
        n.op != id_of<op::cast>) {
      return no_value;
    }
    auto const x = graph_->inputs_of(n)[0];
    return keeps_type(n, x) ? x : no_value;
  }

 private:
  constexpr bool keeps_type(node const& n, value_id x) const {
    auto const& from = graph_->values[x].type;
    auto const& to = graph_->values[graph_->outputs_of(n)[0]].type;
    return from.has_shape && from == to;
  }

  /// What a Relu has made stays when another one reads it.
  constexpr value_id find_of_relu(node const& n, value_replacements<Graph> const& replaced) {
    if (is_rectified_.empty()) is_rectified_ = vector<char>(graph_->values.size(), 0);
    auto const* const operands = graph_->operands.data();
    auto const x = replaced[operands[n.inputs.first]];
    auto* const is_rectified = is_rectified_.data();
    if (is_rectified[x] != 0) return x;
    is_rectified[operands[n.outputs.first]] = 1;
    return no_value;
  }

  /// Axes of extent 1 may be anywhere, where the shape stays.
  constexpr value_id find_of_transpose(node const& n) const {
    auto const x = graph_->inputs_of(n)[0];
    if (!keeps_type(n, x)) return no_value;
    auto const& extents = graph_->values[x].type.shape;
    auto const axes = permutation_of(node_view(*graph_, n), extents.size());
    if (!axes) return no_value;
    std::int64_t before = -1;
    for (auto const axis : *axes) {
      if (extents[static_cast<int>(axis)] == 1) continue;
      if (axis < before) return no_value;
      before = axis;
    }
    return x;
  }

  constexpr value_id find_of_add(node const& n) {
    auto const inputs = graph_->inputs_of(n);
    if (graph_->is_constant(inputs[1]) && keeps_type(n, inputs[0]) && is_neutral(inputs[1])) {
      return inputs[0];
    }
    if (graph_->is_constant(inputs[0]) && keeps_type(n, inputs[1]) && is_neutral(inputs[0])) {
      return inputs[1];
    }
    return no_value;
  }

  /// Whether adding the constant changes no bit of anything: zeros do where they are integers, and
  /// -0 where they are not, since 0 makes 0 of -0.
  constexpr bool is_neutral(value_id id) {
    enum : char { unknown, no, yes };
    auto const& v = graph_->values[id];
    if (is_neutral_.empty()) is_neutral_ = vector<char>(graph_->constants.size(), unknown);
    auto& known = is_neutral_[v.constant];
    if (known == unknown) {
      known = has_neutral_bytes(v.type.element, graph_->bytes_of(graph_->constants[v.constant]))
                  ? yes
                  : no;
    }
    return known == yes;
  }
  static constexpr bool has_neutral_bytes(element_type e, string_view bytes) {
    bool const is_real = e == element_type::float32 || e == element_type::float64;
    auto const size = static_cast<std::size_t>(bits_of(e)) / 8;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] != (is_real && (i + 1) % size == 0 ? '\x80' : '\0')) return false;
    }
    return !bytes.empty();
  }

  Graph const* graph_;
  vector<char> is_rectified_;  // of each value, whether it is the result of a Relu
  vector<char> is_neutral_;    // of each constant
};

}  // namespace detail

/// Nodes whose result is one of their inputs go: Identity, Cast to the same type, Flatten and
/// Reshape to the same shape, Transpose that moves nothing, Relu of Relu, Add of zeros that change
/// no bit. Runs after types are inferred.
///   before   %1 = Relu(%0)   %2 = Identity(%1)   %3 = Add(%2, %2)   return %3
///   after    %1 = Relu(%0)   %3 = Add(%1, %1)    return %3
/// An output of the graph that is an input, a constant or another output remains a copy of it.
template <class Graph> constexpr Graph eliminate_identities(Graph g) {
  if (g.failure) return g;
  value_replacements replaced(g);
  detail::identity_finder identities(g);
  vector<char> is_removed;
  for (auto const& n : g.nodes) {
    auto const same = identities.find(n, replaced);
    if (same == no_value || !replaced.replace(g.outputs_of(n)[0], replaced[same])) continue;
    if (is_removed.empty()) is_removed = vector<char>(g.nodes.size(), 0);
    is_removed[static_cast<std::size_t>(&n - g.nodes.data())] = 1;
  }
  if (is_removed.empty()) return g;
  replaced.apply(g);
  remove_nodes(g, is_removed);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
