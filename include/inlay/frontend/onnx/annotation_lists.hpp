// The annotations of a graph by what they say something of.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/index_table.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/nesting.hpp"
#include "inlay/graph/text_buffer.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// What stands behind `prefix` in a key that begins so; `is` is false for another key.
struct key_match {
  bool is = false;
  string_view rest;
};
constexpr key_match match_key(string_view key, string_view prefix) {
  if (!key.starts_with(prefix)) return {};
  return {true, key.substr(prefix.size())};
}

/// Costs nothing where there are no annotations.
class annotation_lists {
 public:
  constexpr explicit annotation_lists(graph const& g) : graph_(&g), index_(g) {
    table_.reserve(g.annotations.size());
    for (std::uint32_t i = 0; i < g.annotations.size(); ++i) {
      auto const& a = g.annotations[i];
      auto const hash = hash_of(a.what, a.index, a.key);
      if (look_up(hash, a.what, a.index, a.key) == index_table::absent) table_.insert(hash, i);
    }
  }

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
  /// The text of that key; of the first one, if there are several; empty where
  /// there is none.
  constexpr string_view find(annotated what, std::size_t index, string_view key) const {
    if (!has(what, index)) return {};
    auto const found = look_up(hash_of(what, index, key), what, index, key);
    return found == index_table::absent ? string_view() : graph_->annotations[found].text;
  }

 private:
  static constexpr std::uint64_t hash_of(annotated what, std::size_t index, string_view key) {
    return hash_word(hash_word(hash_text(key), index), static_cast<std::uint64_t>(what));
  }

  constexpr std::uint32_t look_up(std::uint64_t hash, annotated what, std::size_t index,
                                  string_view key) const {
    return table_.find(hash, [&](std::uint32_t i) {
      auto const& a = graph_->annotations[i];
      return a.what == what && a.index == index && a.key == key;
    });
  }

  graph const* graph_;
  detail::annotation_index index_;
  index_table table_;
};

/// What the annotations of a value, or of an attribute of a node, say of a type and of the types
/// inside it: their denotations, and those of their dimensions.
struct type_notes {
  annotation_lists const* lists = nullptr;
  annotated what = annotated::value;
  std::size_t index = 0;
  std::int64_t position = -1;  // of the type in the attribute
  string_view attribute{};

  constexpr bool empty() const { return lists == nullptr || !lists->has(what, index); }

  /// Of the type that is `layer` types inside the outermost.
  constexpr string_view of_type(int layer) const { return find("denotation", layer, layer == 0); }
  constexpr string_view of_dimension(int axis) const {
    return find("dimension_denotation", axis, false);
  }

 private:
  constexpr string_view find(string_view prefix, int number, bool is_outermost) const {
    if (empty()) return {};
    text_buffer key;
    key << prefix;
    if (position >= 0) key << ":" << position << ":" << number << ":" << attribute;
    else if (!is_outermost) key << ":" << number;
    return lists->find(what, index, key.view());
  }
};

}  // namespace inlay::inline INLAY_VERSION::onnx_format
