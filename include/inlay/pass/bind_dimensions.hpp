// Gives the dimensions of a graph's inputs that have only a name their values.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "inlay/core/span.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

/// The value of the dimension of that name.
struct dimension_value {
  std::string_view name;
  std::int64_t value = 0;
};

/// "the model has no dimension 'n'; it has 'batch', 'height'"
constexpr error no_such_dimension(graph const& g, std::string_view name) {
  auto e = make_error(rule::the_dimension_must_be_in_the_model, "the model has no dimension '",
                      name, "'");
  bool is_first = true;
  for (auto const symbol : g.symbols) {
    if (symbol.empty()) continue;
    e.text << (is_first ? "; it has '" : ", '") << symbol << "'";
    is_first = false;
  }
  if (is_first) e.text << "; none of its dimensions has a name";
  return e;
}

/// Runs before types are inferred: only the types of the inputs are changed.
///   before   %0 : float32 batch x 3 x 224 x 224
///   after    %0 : float32     1 x 3 x 224 x 224          with {"batch", 1}
constexpr graph bind_dimensions(graph g, span<dimension_value const> dimensions) {
  if (g.failure || dimensions.empty()) return g;
  vector<std::int64_t> values(g.symbols.size(), 0);
  for (auto const& d : dimensions) {
    bool is_there = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (d.name.empty() || g.symbols[i] != d.name) continue;
      values[i] = d.value;
      is_there = true;
    }
    if (!is_there) g.fail(no_such_dimension(g, d.name));
    if (d.value < 1) {
      g.fail(make_error(rule::the_value_of_a_dimension_must_be_at_least_1, "dimension '", d.name,
                        "' is given the value ", d.value, "; it must be at least 1"));
    }
  }
  if (g.failure) return g;
  for (auto const id : g.inputs) {
    auto& extents = g.values[id].type.shape;
    for (int i = 0; i < extents.size(); ++i) {
      if (extents[i] >= 0) continue;
      auto const value = values[static_cast<std::size_t>(-1 - extents[i])];
      if (value > 0) extents[i] = value;
    }
  }
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
