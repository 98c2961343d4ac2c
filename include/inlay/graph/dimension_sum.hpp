// Sums of products of symbols: the numbers that extents are made of.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/checked.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/dimension.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Which product stands first: the one of more factors, then the one whose factors come first. It
/// stays first when both are multiplied by a third. Below 0 where it is a's, 0 where both are one.
constexpr int compare_factors(dimension_term const& a, dimension_term const& b) {
  if (a.degree != b.degree) return b.degree - a.degree;
  for (int i = 0; i < a.degree; ++i) {
    if (a.factors[i] != b.factors[i]) return a.factors[i] < b.factors[i] ? -1 : 1;
  }
  return 0;
}

/// a · b; false where it is too large.
constexpr bool multiply(dimension_term const& a, dimension_term const& b, dimension_term& to) {
  if (a.degree + b.degree > max_factors) return false;
  if (!checked_multiply(a.coefficient, b.coefficient, to.coefficient)) return false;
  to.degree = 0;
  for (int i = 0, k = 0; i < a.degree || k < b.degree;) {
    bool const from_a = k == b.degree || (i < a.degree && a.factors[i] <= b.factors[k]);
    to.factors[to.degree++] = from_a ? a.factors[i++] : b.factors[k++];
  }
  return true;
}

/// The factors of a without those of b, and a's coefficient; false where b has others.
constexpr bool cancel(dimension_term const& a, dimension_term const& b, dimension_term& to) {
  to = {a.coefficient, {}, 0};
  int k = 0;
  for (int i = 0; i < a.degree; ++i) {
    if (k < b.degree && a.factors[i] == b.factors[k]) ++k;
    else to.factors[to.degree++] = a.factors[i];
  }
  return k == b.degree;
}

}  // namespace detail

/// A number or a sum of terms in normal form: no two of the same factors, none of coefficient 0, in
/// the order of `compare_factors`. Equal sums are equal as polynomials. A sum that is too large to
/// be kept (a coefficient passes 64 bits, a product 8 factors, the sum 64 terms) is unknown, and so
/// is all that is computed from it.
class dimension_sum {
 public:
  constexpr dimension_sum() = default;
  constexpr dimension_sum(std::int64_t number) { add({number, {}, 0}); }
  constexpr explicit dimension_sum(dimension_term const& t) { add(t); }
  /// Terms in normal form.
  constexpr explicit dimension_sum(span<dimension_term const> terms) {
    terms_.append(terms.data(), terms.size());
  }
  static constexpr dimension_sum of_symbol(std::uint32_t symbol) {
    return dimension_sum(dimension_term{1, {symbol}, 1});
  }
  static constexpr dimension_sum unknown() {
    dimension_sum s;
    s.is_unknown_ = true;
    return s;
  }

  constexpr bool is_unknown() const { return is_unknown_; }
  constexpr bool is_number() const {
    return !is_unknown_ && (terms_.empty() || (terms_.size() == 1 && terms_[0].degree == 0));
  }
  /// Its constant term: all of it, where it is a number.
  constexpr std::int64_t number() const {
    return terms_.empty() || terms_.back().degree != 0 ? 0 : terms_.back().coefficient;
  }
  /// Whether it is one symbol and nothing else.
  constexpr bool is_symbol() const {
    return terms_.size() == 1 && terms_[0].degree == 1 && terms_[0].coefficient == 1;
  }
  constexpr span<dimension_term const> terms() const { return {terms_.data(), terms_.size()}; }

  constexpr void add(dimension_term const& t) {
    if (t.coefficient == 0 || is_unknown_) return;
    // So that each number has a negative.
    if (t.coefficient == INT64_MIN) return give_up();
    std::size_t at = terms_.size();
    while (at != 0 && detail::compare_factors(t, terms_[at - 1]) < 0) --at;
    if (at != 0 && detail::compare_factors(t, terms_[at - 1]) == 0) return add_to(at - 1, t);
    if (terms_.size() == max_expression_size) return give_up();
    terms_.push_back(dimension_term(t));
    for (auto i = terms_.size() - 1; i != at; --i) terms_[i] = terms_[i - 1];
    terms_[at] = t;
  }

  constexpr dimension_sum& operator+=(dimension_sum const& other) {
    if (other.is_unknown_) give_up();
    for (auto const& t : other.terms_) add(t);
    return *this;
  }
  friend constexpr dimension_sum operator+(dimension_sum a, dimension_sum const& b) {
    a += b;
    return a;
  }
  friend constexpr dimension_sum operator*(dimension_sum const& a, dimension_sum const& b) {
    dimension_sum product;
    if (a.is_unknown_ || b.is_unknown_) return unknown();
    // A limit on the work, too: terms that cancel count.
    if (a.terms_.size() * b.terms_.size() > max_expression_size) return unknown();
    for (auto const& x : a.terms_) {
      for (auto const& y : b.terms_) {
        dimension_term t;
        if (!detail::multiply(x, y, t)) return unknown();
        product.add(t);
      }
    }
    return product;
  }
  friend constexpr dimension_sum operator-(dimension_sum const& a) { return a * dimension_sum(-1); }
  friend constexpr dimension_sum operator-(dimension_sum const& a, dimension_sum const& b) {
    return a + -b;
  }

  /// The same polynomial. Nothing equals what is unknown.
  friend constexpr bool operator==(dimension_sum const& a, dimension_sum const& b) {
    if (a.is_unknown_ || b.is_unknown_ || a.terms_.size() != b.terms_.size()) return false;
    for (std::size_t i = 0; i < a.terms_.size(); ++i) {
      if (!(a.terms_[i] == b.terms_[i])) return false;
    }
    return true;
  }

 private:
  constexpr void give_up() {
    is_unknown_ = true;
    terms_.clear();
  }
  constexpr void add_to(std::size_t at, dimension_term const& t) {
    auto& sum = terms_[at].coefficient;
    if (!checked_add(sum, t.coefficient, sum) || sum == INT64_MIN) return give_up();
    if (sum != 0) return;
    for (auto i = at; i + 1 < terms_.size(); ++i) terms_[i] = terms_[i + 1];
    terms_.pop_back();
  }

  vector<dimension_term> terms_;
  bool is_unknown_ = false;
};

}  // namespace inlay::inline INLAY_VERSION
