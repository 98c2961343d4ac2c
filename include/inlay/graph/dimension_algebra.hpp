// Arithmetic on the dimensions of a graph.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/index_table.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/dimension_division.hpp"
#include "inlay/graph/dimension_sum.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

/// Computes with extents that may be symbols. Each expression has one symbol of the graph: equal
/// expressions, as far as their normal forms show it, are equal extents.
///
///     (n + 2·1 - 3) / 1 + 1 → n        (4·n) / 2 → 2·n        n·m == m·n
///
/// Symbols are at least 0; the denominators of quotients are taken not to be 0.
/// *Costs*: bounded for each operation, by `max_expression_size`.
class dimension_algebra {
 public:
  constexpr dimension_algebra() = default;
  constexpr explicit dimension_algebra(graph& g) { attach(g); }

  /// Computes in this graph from now on, which must stay where it is.
  constexpr void attach(graph& g) {
    graph_ = &g;
    for (std::uint32_t i = 0; i < g.dimensions.size(); ++i) enlist(i);
  }
  constexpr bool is_attached() const { return graph_ != nullptr; }

  /// An extent as a sum.
  constexpr dimension_sum of(std::int64_t extent) const {
    if (extent >= 0) return dimension_sum(extent);
    auto const symbol = static_cast<std::uint32_t>(-1 - extent);
    if (kind_of(symbol) != dimension_kind::sum) return dimension_sum::of_symbol(symbol);
    return left_of(symbol);
  }

  /// A sum as an extent: a number that is not negative, or a symbol. What is unknown, or a negative
  /// number, becomes a new symbol without a name.
  constexpr std::int64_t extent_of(dimension_sum const& s) {
    if (s.is_number() && s.number() >= 0) return s.number();
    if (s.is_unknown() || s.is_number()) return new_symbol();
    if (s.is_symbol()) return -1 - static_cast<std::int64_t>(s.terms()[0].factors[0]);
    auto const symbol = intern(dimension_kind::sum, s, {});
    return symbol == none ? new_symbol() : -1 - static_cast<std::int64_t>(symbol);
  }

  /// a / b, rounded down; unknown where b is 0.
  constexpr dimension_sum divide_down(dimension_sum const& a, dimension_sum const& b) {
    using namespace detail;
    if (a.is_unknown() || b.is_unknown() || b.terms().empty()) return dimension_sum::unknown();
    // In a constant expression GCC 12 frees what a conditional expression has made.
    division d;
    if (b.is_number()) d = divide_by_number(a, b.number());
    else d = divide_by_sum(a, b);
    if (d.quotient.is_unknown() || d.rest.is_unknown() || d.divisor.is_unknown()) {
      return dimension_sum::unknown();
    }
    if (d.rest.terms().empty()) return d.quotient;
    if (!b.is_number() && d.divisor.is_number()) {
      return d.quotient + divide_down(d.rest, d.divisor);
    }
    if (unnest(d)) return d.quotient + divide_down(d.rest, d.divisor);
    return d.quotient + atom(dimension_kind::quotient, d.rest, d.divisor);
  }
  /// a / b, rounded up.
  constexpr dimension_sum divide_up(dimension_sum const& a, dimension_sum const& b) {
    if (!b.is_number()) return -divide_down(-a, b);
    if (b.number() < 0) return -divide_down(a, -b);
    return divide_down(a + (b - dimension_sum(1)), b);
  }

  /// What two extents on the same axis broadcast to; unknown where they provably do not.
  constexpr dimension_sum broadcast(dimension_sum const& a, dimension_sum const& b) {
    if (a == b || is_one(b)) return a;
    if (is_one(a)) return b;
    if (a.is_unknown() || b.is_unknown() || !can_broadcast(a, b)) return dimension_sum::unknown();
    // Of a number other than 1 and a symbol, the symbol is 1 or that number.
    if (a.is_number()) return a;
    if (b.is_number()) return b;
    if (is_part(a, b)) return b;
    if (is_part(b, a)) return a;
    bool const in_order = detail::stands_before(a, b);
    return atom(dimension_kind::broadcast, in_order ? a : b, in_order ? b : a);
  }
  /// Whether some values of the symbols might make them broadcast.
  constexpr bool can_broadcast(dimension_sum const& a, dimension_sum const& b) const {
    return can_be_one(a) || can_be_one(b) || can_equal(a, b);
  }

  /// Whether some values of the symbols might make them equal.
  constexpr bool can_equal(dimension_sum const& a, dimension_sum const& b) const {
    std::int64_t least = 0;
    if (least_of(a - b, least) && least > 0) return false;
    return !(least_of(b - a, least) && least > 0);
  }

  /// The least that a sum can be; false where nothing is known of it.
  constexpr bool least_of(dimension_sum const& s, std::int64_t& least) const {
    if (s.is_unknown()) return false;
    least = 0;
    for (auto const& t : s.terms()) {
      if (t.coefficient < 0 && t.degree != 0) return false;
      auto product = t.coefficient;
      for (int i = 0; i < t.degree; ++i) {
        std::int64_t factor = 0;
        if (!least_of_symbol(t.factors[i], factor) || (factor < 0 && t.degree != 1)) return false;
        if (!checked_multiply(product, factor, product)) return false;
      }
      if (!checked_add(least, product, least)) return false;
    }
    return true;
  }

  /// The operands of a symbol that has a definition.
  constexpr dimension_sum left_of(std::uint32_t symbol) const {
    return sum_in(graph_->dimensions[symbol].left);
  }
  constexpr dimension_sum right_of(std::uint32_t symbol) const {
    return sum_in(graph_->dimensions[symbol].right);
  }
  constexpr dimension_kind kind_of(std::uint32_t symbol) const {
    return symbol < graph_->dimensions.size() ? graph_->dimensions[symbol].kind
                                              : dimension_kind::free;
  }

 private:
  static constexpr std::uint32_t none = index_table::absent;

  static constexpr bool is_one(dimension_sum const& s) { return s.is_number() && s.number() == 1; }

  constexpr bool can_be_one(dimension_sum const& s) const {
    std::int64_t least = 0;
    return is_one(s) || (!s.is_number() && (!least_of(s, least) || least < 2));
  }

  /// Whether `whole` is the broadcast of `part` and another.
  constexpr bool is_part(dimension_sum const& part, dimension_sum const& whole) const {
    if (part == whole) return true;
    if (!whole.is_symbol()) return false;
    auto const symbol = whole.terms()[0].factors[0];
    if (kind_of(symbol) != dimension_kind::broadcast) return false;
    return is_part(part, left_of(symbol)) || is_part(part, right_of(symbol));
  }

  constexpr bool least_of_symbol(std::uint32_t symbol, std::int64_t& least) const {
    least = 0;
    if (kind_of(symbol) != dimension_kind::quotient) return true;
    if (!least_of(left_of(symbol), least)) return false;
    auto const divisor = right_of(symbol);
    if (divisor.is_number()) {
      least = detail::floor_divide(least, divisor.number());
      return true;
    }
    std::int64_t least_divisor = 0;
    bool const is_positive = least >= 0 && least_of(divisor, least_divisor) && least_divisor >= 0;
    least = 0;
    return is_positive;
  }

  /// floor((floor(x / e) + k) / d) is floor((x + k·e) / (d·e)).
  constexpr bool unnest(detail::division& d) const {
    auto const constant = d.rest.number();
    auto const first = d.rest - dimension_sum(constant);
    if (!d.divisor.is_number() || !first.is_symbol()) return false;
    auto const symbol = first.terms()[0].factors[0];
    if (kind_of(symbol) != dimension_kind::quotient) return false;
    auto const inner = right_of(symbol);
    auto const rest = left_of(symbol) + inner * dimension_sum(constant);
    auto const divisor = d.divisor * inner;
    if (!inner.is_number() || rest.is_unknown() || divisor.is_unknown()) return false;
    d.rest = rest;
    d.divisor = divisor;
    return true;
  }

  constexpr dimension_sum atom(dimension_kind kind, dimension_sum const& left,
                               dimension_sum const& right) {
    auto const symbol = intern(kind, left, right);
    if (symbol == none) return dimension_sum::unknown();
    return dimension_sum::of_symbol(symbol);
  }

  constexpr dimension_sum sum_in(range r) const {
    auto const& all = graph_->dimension_terms;
    return dimension_sum(span<dimension_term const>(all.data() + r.first, r.count));
  }

  static constexpr std::uint64_t hash_terms(std::uint64_t hash, dimension_sum const& s) {
    hash = hash_word(hash, s.terms().size());
    for (auto const& t : s.terms()) {
      hash = hash_word(hash, static_cast<std::uint64_t>(t.coefficient));
      for (int i = 0; i < t.degree; ++i) hash = hash_word(hash, t.factors[i]);
    }
    return hash;
  }
  static constexpr std::uint64_t hash_of(dimension_kind kind, dimension_sum const& left,
                                         dimension_sum const& right) {
    auto const hash = hash_word(hash_seed, static_cast<std::uint64_t>(kind));
    return hash_terms(hash_terms(hash, left), right);
  }

  /// How many symbols and numbers an expression has. A number of times a symbol stands for has them
  /// each time: it is its text that must not grow.
  constexpr std::uint32_t size_of(dimension_sum const& s) const {
    std::uint32_t size = 0;
    for (auto const& t : s.terms()) {
      ++size;
      for (int i = 0; i < t.degree; ++i) size += size_of(t.factors[i]);
    }
    return size;
  }
  constexpr std::uint32_t size_of(std::uint32_t symbol) const {
    return symbol < sizes_.size() ? sizes_[symbol] : 1;
  }

  constexpr void enlist(std::uint32_t symbol) {
    auto const kind = kind_of(symbol);
    std::uint32_t size = 1;
    if (kind != dimension_kind::free) {
      auto const left = left_of(symbol);
      auto const right = right_of(symbol);
      size += size_of(left) + size_of(right);
      // Two definitions alike stay two dimensions; the first is the one that is found.
      symbols_.insert(hash_of(kind, left, right), symbol);
    }
    while (sizes_.size() < symbol) sizes_.push_back(1);
    sizes_.push_back(size);
  }

  /// The symbol of an expression, or `none` where it is too large.
  constexpr std::uint32_t intern(dimension_kind kind, dimension_sum const& left,
                                 dimension_sum const& right) {
    auto const found = symbols_.find(hash_of(kind, left, right), [&](std::uint32_t i) {
      return graph_->dimensions[i].kind == kind && left_of(i) == left && right_of(i) == right;
    });
    if (found != index_table::absent) return found;
    auto& g = *graph_;
    auto const terms = left.terms().size() + right.terms().size();
    if (size_of(left) + size_of(right) > max_expression_size) return none;
    if (g.dimension_terms.size() + terms > max_dimension_terms) return none;
    // Symbols without a definition may have come since.
    while (g.dimensions.size() < g.symbols.size()) g.dimensions.push_back({});
    auto const symbol = static_cast<std::uint32_t>(g.symbols.size());
    auto const keep = [&](dimension_sum const& s) {
      range const r{static_cast<std::uint32_t>(g.dimension_terms.size()),
                    static_cast<std::uint32_t>(s.terms().size())};
      g.dimension_terms.append(s.terms().data(), s.terms().size());
      return r;
    };
    auto const kept_left = keep(left);
    g.symbols.push_back({});
    g.dimensions.push_back({kind, kept_left, keep(right)});
    enlist(symbol);
    return symbol;
  }

  constexpr std::int64_t new_symbol() {
    graph_->symbols.push_back({});
    return -static_cast<std::int64_t>(graph_->symbols.size());
  }

  graph* graph_ = nullptr;
  index_table symbols_;          // by definition
  vector<std::uint32_t> sizes_;  // of the first symbols
};

}  // namespace inlay::inline INLAY_VERSION
