// Finds nodes that differ only in which values they are applied to.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "inlay/core/index_table.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/program/value_layouts.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

constexpr std::uint64_t hash_attribute(graph const& g, std::uint64_t h, attribute const& a) {
  for (std::uint32_t i = a.values.first; i < a.values.first + a.values.count; ++i) {
    switch (a.kind) {
      case attribute_kind::real:
      case attribute_kind::reals: h = hash_word(h, std::bit_cast<std::uint32_t>(g.reals[i])); break;
      case attribute_kind::text:
      case attribute_kind::texts: h = hash_word(h, hash_text(g.texts[i])); break;
      default: h = hash_word(h, static_cast<std::uint64_t>(g.integers[i])); break;
    }
  }
  return h;
}

template <class T> constexpr bool equal_run(vector<T> const& all, range a, range b) {
  for (std::uint32_t i = 0; i < a.count; ++i) {
    // Numbers by their bits: 0 and -0 differ.
    if constexpr (std::is_same_v<T, float>) {
      if (std::bit_cast<std::uint32_t>(all[a.first + i]) !=
          std::bit_cast<std::uint32_t>(all[b.first + i])) {
        return false;
      }
    } else if (!(all[a.first + i] == all[b.first + i])) {
      return false;
    }
  }
  return true;
}

constexpr bool equal_attribute(graph const& g, attribute const& a, attribute const& b) {
  if (a.kind != b.kind || a.values.count != b.values.count || a.name != b.name) {
    return false;
  }
  switch (a.kind) {
    case attribute_kind::integer:
    case attribute_kind::integers: return equal_run(g.integers, a.values, b.values);
    case attribute_kind::real:
    case attribute_kind::reals: return equal_run(g.reals, a.values, b.values);
    case attribute_kind::text:
    case attribute_kind::texts: return equal_run(g.texts, a.values, b.values);
    default: return false;
  }
}

constexpr bool equal_attributes(graph const& g, node const& a, node const& b) {
  auto const x = g.attributes_of(a);
  auto const y = g.attributes_of(b);
  if (x.size() != y.size()) return false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!equal_attribute(g, x[i], y[i])) return false;
  }
  return true;
}

}  // namespace detail

/// A number for each node seen, kept by signature: the operator, the types of inputs and outputs,
/// whether they are constants, how they lie, the attributes. A deep network repeats a
/// few signatures, and what follows from a signature alone need not be computed again.
class signature_table {
 public:
  static constexpr std::uint32_t absent = index_table::absent;

  /// `layouts`, if given, says how each value lies.
  constexpr explicit signature_table(graph const& g, value_layouts const* layouts = nullptr)
      : graph_(&g), layouts_(layouts) {}

  /// The number of a node of the same signature, or `absent`.
  constexpr std::uint32_t find(node const& n, std::uint64_t hash) const {
    auto const found = table_.find(
        hash, [&](std::uint32_t i) { return equal(graph_->nodes[entries_[i].node], n); });
    return found == absent ? absent : entries_[found].number;
  }
  constexpr void insert(node const& n, std::uint64_t hash, std::uint32_t number) {
    table_.insert(hash, static_cast<std::uint32_t>(entries_.size()));
    entries_.push_back({static_cast<std::uint32_t>(&n - graph_->nodes.data()), number});
  }

  constexpr std::uint64_t hash(node const& n) const {
    auto h = hash_word(hash_seed, static_cast<std::uint64_t>(n.op));
    for (auto const id : graph_->inputs_of(n)) h = hash_value(h, id);
    for (auto const& a : graph_->attributes_of(n)) h = detail::hash_attribute(*graph_, h, a);
    return hash_value(h, graph_->outputs_of(n)[0]);
  }

 private:
  struct entry {
    std::uint32_t node = 0;
    std::uint32_t number = 0;
  };

  constexpr std::uint64_t hash_value(std::uint64_t h, value_id id) const {
    if (id == no_value) return hash_word(h, id);
    auto const& v = graph_->values[id];
    if (v.constant == not_constant) {
      return hash_shape(hash_word(h, form_of(id)), v.type.shape);
    }
    // As in `equal_value`.
    bool const is_itself = v.type.element == element_type::int64;
    return hash_shape(hash_word(h, is_itself ? id : no_value), v.type.shape);
  }

  constexpr bool equal(node const& a, node const& b) const {
    return a.op == b.op && equal_values(graph_->inputs_of(a), graph_->inputs_of(b)) &&
           equal_values(graph_->outputs_of(a), graph_->outputs_of(b)) &&
           detail::equal_attributes(*graph_, a, b);
  }
  constexpr bool equal_values(span<value_id const> a, span<value_id const> b) const {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!equal_value(a[i], b[i])) return false;
    }
    return true;
  }
  // An operator may look into constants of integers, as shapes are: those are equal only to
  // themselves.
  constexpr bool equal_value(value_id a, value_id b) const {
    if (a == b) return true;
    if (a == no_value || b == no_value) return false;
    auto const& x = graph_->values[a];
    auto const& y = graph_->values[b];
    if (x.constant == not_constant || y.constant == not_constant) {
      return x.constant == y.constant && x.type == y.type && form_of(a) == form_of(b);
    }
    return x.type == y.type && x.type.element != element_type::int64;
  }

  constexpr std::uint64_t form_of(value_id id) const {
    return layouts_ == nullptr ? 0 : layouts_->form_of(id);
  }

  graph const* graph_;
  value_layouts const* layouts_;
  index_table table_;
  vector<entry> entries_;
};

}  // namespace inlay::inline INLAY_VERSION
