// How much a pass may compute, and how much it may add to a graph.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <type_traits>

#include "inlay/core/checked.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

/// What one pass may fold. A small file can describe constants of any size and any work; what
/// passes the budget stays in the graph, and is computed when the program runs.
template <class Graph> class folding_budget {
 public:
  /// Bytes: as many as all constants of the graph have, at least 16 MiB. Work, in elements read or
  /// written and in multiply-adds: 2^28, under a second; 1024 in constant expressions, whose
  /// steps compilers limit.
  constexpr explicit folding_budget(Graph const& g)
      : bytes_(std::int64_t{1} << 24),
        work_(std::is_constant_evaluated() ? 1024 : std::int64_t{1} << 28) {
    if (std::is_constant_evaluated()) return;
    std::int64_t sum = 0;
    for (auto const& c : g.constants) {
      sum = saturating_add(sum, static_cast<std::int64_t>(g.bytes_of(c).size()));
    }
    if (sum > bytes_) bytes_ = sum;
  }

  /// Whether that much is left; it is taken then.
  constexpr bool take(std::int64_t bytes, std::int64_t work) {
    if (bytes > bytes_ || work > work_) return false;
    bytes_ -= bytes;
    work_ -= work;
    return true;
  }

 private:
  std::int64_t bytes_;
  std::int64_t work_;
};

/// Whether a value is a constant whose elements are at hand, of a type that programs store.
template <class Graph> constexpr bool is_foldable(Graph const& g, value_id id) {
  if (!g.is_constant(id)) return false;
  auto const& v = g.values[id];
  if (!v.type.has_shape || !is_in_memory(v.type.shape) || v.container != not_contained ||
      !contains(stored_types{}, v.type.element)) {
    return false;
  }
  auto const& c = g.constants[v.constant];
  return c.external == not_external && c.sparse_values == no_value &&
         static_cast<std::int64_t>(g.bytes_of(c).size()) ==
             bytes_of(v.type.element, elements_of(v.type.shape));
}

}  // namespace inlay::inline INLAY_VERSION
