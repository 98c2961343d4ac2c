// Types as text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/index_table.hpp"
#include "inlay/core/text.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/text_buffer.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// Indexed by container_kind.
inline constexpr std::string_view container_names[] = {"sequence", "optional", "map",
                                                       "sparse_tensor", "opaque"};

/// The most layers around a tensor, and the most bodies around a node.
inline constexpr int max_nesting = 64;

/// Prints types as `float32[batch, 8]`; one without a shape as `float32`. Dimensions without a name
/// are `?0`, `?1` in the order in which they appear, and a second one of the same name `batch?2`.
class type_printer {
 public:
  constexpr explicit type_printer(graph const& g)
      : graph_(&g), numbers_(g.symbols.size(), unseen) {}

  constexpr void print(text_buffer& out, tensor_type const& t) {
    out << name_of(t.element);
    if (!t.has_shape) return;
    out << "[";
    for (int i = 0; i < t.shape.size(); ++i) {
      if (i != 0) out << ", ";
      print_extent(out, t.shape[i]);
    }
    out << "]";
  }

  /// `sequence(map(int64, float32[2]))`, `opaque("domain", "name")`
  constexpr void print(text_buffer& out, tensor_type const& t, std::uint32_t container) {
    if (container == not_contained) return print(out, t);
    int depth = 0;
    auto const& containers = graph_->containers;
    bool is_tensor = true;
    for (auto at = container; at < containers.size() && depth < max_nesting; ++depth) {
      auto const& c = containers[at];
      out << container_names[static_cast<std::uint8_t>(c.kind)] << "(";
      if (c.kind == container_kind::map) out << name_of(c.key) << ", ";
      is_tensor = c.kind != container_kind::opaque;
      if (!is_tensor) {
        print_quoted(out, c.domain);
        out << ", ";
        print_quoted(out, c.name);
      }
      at = is_tensor ? c.inner : not_contained;
    }
    if (is_tensor) print(out, t);
    while (depth-- > 0) out << ")";
  }

  constexpr void print_extent(text_buffer& out, std::int64_t extent) {
    auto const symbol = static_cast<std::size_t>(-1 - extent);
    if (extent >= 0 || symbol >= numbers_.size()) {
      out << extent;
      return;
    }
    auto const name = graph_->symbols[symbol];
    if (numbers_[symbol] == unseen) numbers_[symbol] = number_of(symbol, name);
    if (!name.empty()) print_name(out, name);
    if (numbers_[symbol] != only) out << "?" << numbers_[symbol];
  }

 private:
  static constexpr std::uint32_t unseen = 0xffff'ffff;
  static constexpr std::uint32_t only = 0xffff'fffe;

  constexpr std::uint32_t number_of(std::size_t symbol, std::string_view name) {
    if (name.empty()) return next_++;
    auto const hash = hash_text(name);
    auto const& symbols = graph_->symbols;
    auto const equal = [&](std::uint32_t i) { return same_text(symbols[i], name); };
    if (names_.find(hash, equal) != index_table::absent) return next_++;
    names_.insert(hash, static_cast<std::uint32_t>(symbol));
    return only;
  }

  graph const* graph_;
  vector<std::uint32_t> numbers_;  // of each symbol
  index_table names_;              // of the symbols seen
  std::uint32_t next_ = 0;
};

}  // namespace inlay::inline INLAY_VERSION::detail

namespace inlay::inline INLAY_VERSION {

/// One type as a graph's text has it: `float32[batch, 8]`.
constexpr text_buffer print(graph const& g, tensor_type const& t) {
  text_buffer out;
  detail::type_printer(g).print(out, t);
  return out;
}

}  // namespace inlay::inline INLAY_VERSION
