// Gives the parameters of a network their elements.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/index_table.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// How many characters must be changed, added or removed to make one text of the other; counted up
/// to the length of the longer one, of the first 63 characters.   *Source*: Levenshtein, 1966.
constexpr int distance_between(string_view a, string_view b) {
  constexpr std::size_t most = 63;
  auto const rows = a.size() < most ? a.size() : most;
  auto const columns = b.size() < most ? b.size() : most;
  int row[most + 1]{};
  for (std::size_t k = 0; k <= columns; ++k) row[k] = static_cast<int>(k);
  for (std::size_t i = 1; i <= rows; ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i);
    for (std::size_t k = 1; k <= columns; ++k) {
      int const above = row[k];
      int best = diagonal + (a[i - 1] == b[k - 1] ? 0 : 1);
      if (above + 1 < best) best = above + 1;
      if (row[k - 1] + 1 < best) best = row[k - 1] + 1;
      diagonal = above;
      row[k] = best;
    }
  }
  return row[columns];
}

/// Adds the name that looks most like this one, of those for which `is_one(value)` holds.
template <class IsOne>
constexpr void add_nearest(error& e, vector<value> const& values, string_view name, IsOne is_one) {
  string_view nearest;
  int least = 0;
  for (auto const& v : values) {
    if (v.name.empty() || !is_one(v)) continue;
    auto const distance = distance_between(name, v.name);
    if (!nearest.empty() && distance >= least) continue;
    nearest = v.name;
    least = distance;
  }
  if (nearest.empty()) e.text << "; they have no names";
  else e.text << "; the nearest name there is '" << nearest << "'";
}

/// "the parameter 'conv1.weight' of shape 8x1x5x5 is not among the weights; the nearest name there
/// is 'conv1.wieght'"
template <class Graph>
constexpr error no_such_weight(Graph const& weights, string_view name, shape const& wanted) {
  auto e = make_error(rule::a_parameter_must_be_among_the_weights, "the parameter '", name,
                      "' of shape ", wanted, " is not among the weights");
  add_nearest(e, weights.values, name, [](value const& v) { return v.constant != not_constant; });
  return e;
}

/// Copies a constant of another graph, whose view stays one.
template <class Graph>
constexpr std::uint32_t copy_constant(Graph& g, graph const& from, constant c) {
  if (c.stored_size != 0) {
    auto const bytes = from.bytes_of(c);
    c.stored_at = g.storage.size();
    g.storage.append(bytes.data(), bytes.size());
  }
  g.constants.push_back(c);
  return static_cast<std::uint32_t>(g.constants.size() - 1);
}

template <class Graph>
constexpr error bind_parameter(Graph& g, value& v, graph const& weights, value_id found) {
  if (found == no_value) return no_such_weight(weights, v.name, v.type.shape);
  auto const& weight = weights.values[found];
  auto const& c = weights.constants[weight.constant];
  if (!(weight.type == v.type)) {
    return make_error(rule::a_weight_must_have_the_type_of_its_parameter, "the parameter '", v.name,
                      "' is ", v.type.element, " of shape ", v.type.shape, ", the weight is ",
                      weight.type.element, " of shape ", weight.type.shape);
  }
  if (c.external != not_external || c.sparse_values != no_value) {
    return make_error(rule::external_data_must_be_read, "the weight '", v.name,
                      "' has no elements here");
  }
  v.constant = copy_constant(g, weights, c);
  return {};
}

}  // namespace detail

/// Inputs from the `first` on become constants: each that of its name in another graph, an ONNX
/// file's for instance. Elements that are views of a file stay so.
///   before   inputs %0 'image', %1 'fc.weight'     after   input %0 'image', constant %1
///   'fc.weight'
/// *Errors*: no constant of that name; one of another element type or shape.
template <class Graph>
constexpr Graph bind_parameters(Graph g, std::size_t first, graph const& weights) {
  if (weights.failure) g.fail(weights.failure);
  if (g.failure) return g;
  index_table names;
  for (value_id id = 0; id < weights.values.size(); ++id) {
    auto const& v = weights.values[id];
    if (v.constant == not_constant || v.name.empty()) continue;
    auto const hash = hash_text(v.name);
    auto const is_same = [&](std::uint32_t i) { return weights.values[i].name == v.name; };
    if (names.find(hash, is_same) == index_table::absent) names.insert(hash, id);
  }
  for (std::size_t i = first; i < g.inputs.size() && !g.failure; ++i) {
    auto& v = g.values[g.inputs[i]];
    auto const found = names.find(
        hash_text(v.name), [&](std::uint32_t id) { return weights.values[id].name == v.name; });
    if (auto const e = detail::bind_parameter(g, v, weights, found)) g.fail(e);
  }
  if (!g.failure && first < g.inputs.size()) g.inputs.truncate(first);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
