// The annotations of a graph by what they say something of.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>

#include "inlay/core/string_view.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/nesting.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// What stands behind `prefix` in a key that begins so; `is` is false for another key.
struct key_match {
  bool is = false;
  string_view rest;
};
constexpr key_match match_key(string_view key, string_view prefix) {
  if (key.size() < prefix.size() || key.substr(0, prefix.size()) != prefix) return {};
  return {true, key.substr(prefix.size())};
}

/// Costs nothing where there are no annotations.
class annotation_lists {
 public:
  constexpr explicit annotation_lists(graph const& g) : graph_(&g), index_(g) {}

  constexpr bool empty() const { return graph_->annotations.empty(); }

  /// Calls `visit(key, text)` for each annotation of that part of the graph, in their order.
  template <class Visit>
  constexpr void each(annotated what, std::size_t index, Visit&& visit) const {
    if (empty()) return;
    for (auto i = index_.first(what, index); i != index_.nothing; i = index_.next(i)) {
      visit(graph_->annotations[i].key, graph_->annotations[i].text);
    }
  }
  constexpr bool has(annotated what, std::size_t index) const {
    return !empty() && index_.first(what, index) != index_.nothing;
  }
  /// The text of that key; empty where there is none.
  constexpr string_view find(annotated what, std::size_t index, string_view key) const {
    string_view found;
    each(what, index, [&](string_view k, string_view text) {
      if (k == key) found = text;
    });
    return found;
  }

 private:
  graph const* graph_;
  detail::annotation_index index_;
};

}  // namespace inlay::inline INLAY_VERSION::onnx_format
