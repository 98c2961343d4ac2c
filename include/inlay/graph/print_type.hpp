// Types as text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/index_table.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/text_buffer.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// Prints types as `float32[batch, 3*height + 1]`; one without a shape as `float32`. Dimensions
/// without a name are `?0`, `?1` in the order in which they appear, and a second one of the same
/// name `batch?2`. Quotients are `floor(n / 2)`. The order within an expression is that of its
/// parts' texts, so that it does not depend on how symbols are numbered.
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
    if (extent >= 0 || symbol >= numbers_.size()) out << extent;
    else print_symbol(out, static_cast<std::uint32_t>(symbol));
  }

 private:
  static constexpr std::uint32_t unseen = 0xffff'ffff;
  static constexpr std::uint32_t only = 0xffff'fffe;

  /// Prints `count` parts in the order of their keys, which are their texts: `key(i)`, `print(i)`.
  /// Of equal keys the first is printed first. A dimension that gets its number by that may be in
  /// other parts too, whose keys it changes.
  template <class Key, class Print>
  constexpr void print_sorted(std::size_t count, Key&& key, Print&& print) {
    vector<text_buffer> keys(count, text_buffer());
    vector<char> is_printed(count, 0);
    auto numbered = next_ + 1;
    for (std::size_t printed = 0; printed < count; ++printed) {
      std::size_t least = count;
      for (std::size_t i = 0; i < count; ++i) {
        if (is_printed[i] != 0) continue;
        if (numbered != next_ && count != 1) keys[i] = key(i);
        if (least == count || is_less(keys[i].view(), keys[least].view())) least = i;
      }
      numbered = next_;
      is_printed[least] = 1;
      print(least, printed == 0);
    }
  }
  static constexpr bool is_less(string_view a, string_view b) {
    // What has no symbols is last.
    if (a.empty() || b.empty()) return !a.empty();
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
      if (a[i] != b[i]) return a[i] < b[i];
    }
    return a.size() < b.size();
  }

  constexpr void print_symbol(text_buffer& out, std::uint32_t symbol) {
    auto const& g = *graph_;
    auto const kind =
        symbol < g.dimensions.size() ? g.dimensions[symbol].kind : dimension_kind::free;
    if (kind == dimension_kind::free) return print_free(out, symbol);
    auto const left = terms_in(g.dimensions[symbol].left);
    auto const right = terms_in(g.dimensions[symbol].right);
    if (kind == dimension_kind::sum) return print_sum(out, left);
    if (kind == dimension_kind::quotient) {
      out << "floor(";
      print_operand(out, left);
      out << " / ";
      print_operand(out, right);
      out << ")";
      return;
    }
    out << "broadcast(";
    print_sorted(
        2, [&](std::size_t i) { return key_of_sum(i == 0 ? left : right); },
        [&](std::size_t i, bool is_first) {
          if (!is_first) out << ", ";
          print_sum(out, i == 0 ? left : right);
        });
    out << ")";
  }

  /// What a quotient is of: in parentheses where it is more than one thing.
  constexpr void print_operand(text_buffer& out, span<dimension_term const> terms) {
    bool const is_plain =
        terms.size() == 1 &&
        (terms[0].degree == 0 || (terms[0].degree == 1 && terms[0].coefficient == 1));
    if (!is_plain) out << "(";
    print_sum(out, terms);
    if (!is_plain) out << ")";
  }

  constexpr void print_sum(text_buffer& out, span<dimension_term const> terms) {
    if (terms.empty()) out << "0";
    print_sorted(
        terms.size(), [&](std::size_t i) { return key_of_term(terms[i]); },
        [&](std::size_t i, bool is_first) { print_term(out, terms[i], is_first); });
  }

  constexpr void print_term(text_buffer& out, dimension_term const& t, bool is_first) {
    bool const is_negative = t.coefficient < 0;
    if (!is_first) out << (is_negative ? " - " : " + ");
    else if (is_negative) out << "-";
    auto const number = static_cast<std::uint64_t>(t.coefficient);
    auto const amount = is_negative ? 0 - number : number;
    if (amount != 1 || t.degree == 0) out << amount << (t.degree == 0 ? "" : "*");
    print_factors(out, t);
  }

  constexpr void print_factors(text_buffer& out, dimension_term const& t) {
    print_sorted(
        t.degree, [&](std::size_t i) { return key_of(t.factors[i]); },
        [&](std::size_t i, bool is_first) {
          if (!is_first) out << "*";
          print_symbol(out, t.factors[i]);
        });
  }

  constexpr void print_free(text_buffer& out, std::uint32_t symbol) {
    auto const name = graph_->symbols[symbol];
    if (!is_key_ && numbers_[symbol] == unseen) numbers_[symbol] = number_of(symbol, name);
    if (!name.empty()) print_name(out, name);
    if (numbers_[symbol] == unseen) out << "?";
    else if (numbers_[symbol] != only) out << "?" << numbers_[symbol];
  }

  // Keys are texts in which what has not appeared yet has no number.
  template <class Print> constexpr text_buffer make_key(Print&& print) {
    bool const was_key = is_key_;
    is_key_ = true;
    text_buffer key;
    print(key);
    is_key_ = was_key;
    return key;
  }
  constexpr text_buffer key_of(std::uint32_t symbol) {
    return make_key([&](text_buffer& key) { print_symbol(key, symbol); });
  }
  constexpr text_buffer key_of_term(dimension_term const& t) {
    return make_key([&](text_buffer& key) { print_factors(key, t); });
  }
  constexpr text_buffer key_of_sum(span<dimension_term const> terms) {
    return make_key([&](text_buffer& key) { print_sum(key, terms); });
  }

  constexpr std::uint32_t number_of(std::size_t symbol, string_view name) {
    if (name.empty()) return next_++;
    auto const hash = hash_text(name);
    auto const& symbols = graph_->symbols;
    auto const equal = [&](std::uint32_t i) { return symbols[i] == name; };
    if (names_.find(hash, equal) != index_table::absent) return next_++;
    names_.insert(hash, static_cast<std::uint32_t>(symbol));
    return only;
  }

  constexpr span<dimension_term const> terms_in(range r) const {
    return {graph_->dimension_terms.data() + r.first, r.count};
  }

  graph const* graph_;
  vector<std::uint32_t> numbers_;  // of each symbol
  index_table names_;              // of the symbols seen
  std::uint32_t next_ = 0;
  bool is_key_ = false;
};

}  // namespace inlay::inline INLAY_VERSION::detail

namespace inlay::inline INLAY_VERSION {

/// One type as a graph's text has it: `float32[batch, 8]`.
constexpr text_buffer print(graph const& g, tensor_type const& t) {
  text_buffer out;
  detail::type_printer(g).print(out, t);
  return out;
}

/// Whether all dimensions that a symbol follows from, or it itself, have names.
constexpr bool has_names(graph const& g, std::uint32_t symbol) {
  if (symbol >= g.dimensions.size() || g.dimensions[symbol].kind == dimension_kind::free) {
    return !g.symbols[symbol].empty();
  }
  for (auto const r : {g.dimensions[symbol].left, g.dimensions[symbol].right}) {
    for (std::size_t i = r.first; i < r.first + std::size_t{r.count}; ++i) {
      auto const& t = g.dimension_terms[i];
      for (int k = 0; k < t.degree; ++k) {
        if (!has_names(g, t.factors[k])) return false;
      }
    }
  }
  return true;
}

/// One extent likewise: `3*height + 1`.
constexpr text_buffer print_extent(graph const& g, std::int64_t extent) {
  text_buffer out;
  detail::type_printer(g).print_extent(out, extent);
  return out;
}

}  // namespace inlay::inline INLAY_VERSION
