// Finds the functions of a model by their names.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/index_table.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// Functions of a graph, which must outlive it, by domain, name and overload.
template <class Graph> class function_table {
 public:
  constexpr explicit function_table(Graph const& g) : graph_(&g) {}

  static constexpr std::uint32_t absent = index_table::absent;

  /// The index of a function that was added, or `absent`.
  constexpr std::uint32_t find(string_view domain, string_view name, string_view overload) const {
    return find(domain, name, overload, hash(domain, name, overload));
  }

  /// False where one of the same name was added before.
  constexpr bool add(std::uint32_t index) {
    auto const& f = graph_->functions[index];
    auto const h = hash(f.domain, f.name, f.overload);
    if (find(f.domain, f.name, f.overload, h) != absent) return false;
    table_.insert(h, index);
    return true;
  }

 private:
  static constexpr std::uint64_t hash(string_view domain, string_view name, string_view overload) {
    return hash_word(hash_word(hash_text(domain), hash_text(name)), hash_text(overload));
  }
  constexpr std::uint32_t find(string_view domain, string_view name, string_view overload,
                               std::uint64_t h) const {
    return table_.find(h, [&](std::uint32_t i) {
      auto const& f = graph_->functions[i];
      return f.name == name && f.domain == domain && f.overload == overload;
    });
  }

  Graph const* graph_;
  index_table table_;
};

}  // namespace inlay::inline INLAY_VERSION::detail
