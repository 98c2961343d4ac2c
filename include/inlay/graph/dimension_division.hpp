// Dividing sums of products of symbols.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/graph/dimension_sum.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// a / b, rounded down, for b above 0.
constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

constexpr std::int64_t greatest_divisor(std::int64_t a, std::int64_t b) {
  while (b != 0) {
    auto const rest = a % b;
    a = b;
    b = rest;
  }
  return a < 0 ? -a : a;
}

/// A division as far as it can be done: quotient + floor(rest / divisor).
struct division {
  dimension_sum quotient;
  dimension_sum rest;
  dimension_sum divisor;
};

/// By a number other than 0. Coefficients of the rest are at least 0 and less than the divisor, and
/// have no divisor in common with it.   (7·n + 3) / 4 → n + floor((3·n + 3) / 4)
constexpr division divide_by_number(dimension_sum const& a, std::int64_t d) {
  if (d < 0) return divide_by_number(-a, -d);
  division result;
  std::int64_t common = d;
  for (auto t : a.terms()) {
    auto const all = t.coefficient;
    t.coefficient = floor_divide(all, d);
    result.quotient.add(t);
    t.coefficient = all - t.coefficient * d;
    result.rest.add(t);
    if (t.degree != 0) common = greatest_divisor(common, t.coefficient);
  }
  if (a.is_unknown()) result.quotient = dimension_sum::unknown();
  // What no symbol takes part in is less than the divisor.
  if (result.rest.is_number()) result.rest = {};
  result.divisor = d / common;
  if (common == 1 || result.rest.terms().empty()) return result;
  dimension_sum smaller;
  for (auto t : result.rest.terms()) {
    t.coefficient /= common;
    smaller.add(t);
  }
  result.rest = smaller;
  return result;
}

/// The factors that all terms of both have in common.
constexpr dimension_term common_factors(dimension_sum const& a, dimension_sum const& b) {
  auto common = a.terms()[0];
  common.coefficient = 1;
  auto const keep = [&](dimension_sum const& s) {
    for (auto const& t : s.terms()) {
      dimension_term both{1, {}, 0};
      for (int i = 0, k = 0; i < common.degree && k < t.degree;) {
        if (common.factors[i] == t.factors[k]) both.factors[both.degree++] = common.factors[i];
        bool const is_less = common.factors[i] <= t.factors[k];
        bool const is_more = t.factors[k] <= common.factors[i];
        i += is_less ? 1 : 0;
        k += is_more ? 1 : 0;
      }
      common = both;
    }
  };
  keep(a);
  keep(b);
  return common;
}

/// All terms without these factors, their coefficients divided by `coefficient`.
constexpr dimension_sum without(dimension_sum const& s, dimension_term const& factors,
                                std::int64_t coefficient) {
  dimension_sum smaller;
  for (auto const& t : s.terms()) {
    dimension_term left;
    static_cast<void>(cancel(t, factors, left));
    left.coefficient /= coefficient;
    smaller.add(left);
  }
  return smaller;
}

/// a / b term by term, as long as nothing is left over; otherwise unknown.
constexpr dimension_sum divide_exactly(dimension_sum a, dimension_sum const& b) {
  dimension_sum quotient;
  auto const lead = b.terms()[0];
  // What is subtracted comes behind, so that each round has a later term.
  for (std::uint32_t round = 0; round < max_expression_size; ++round) {
    if (a.is_unknown()) return a;
    if (a.terms().empty()) return quotient;
    auto const& first = a.terms()[0];
    dimension_term t;
    if (!cancel(first, lead, t) || first.coefficient % lead.coefficient != 0) break;
    t.coefficient = first.coefficient / lead.coefficient;
    quotient.add(t);
    a = a - dimension_sum(t) * b;
  }
  return dimension_sum::unknown();
}

constexpr bool is_below_zero(dimension_sum const& s) {
  std::int64_t sum = 0;
  for (auto const& t : s.terms()) sum = saturating_add(sum, t.coefficient);
  return sum < 0;
}

/// By a sum with symbols, of which nothing is known but that it is not 0. What all terms have in
/// common is cancelled; where the divisor becomes a number by that, the rest is still to be divided
/// by it. Nothing here depends on how symbols are numbered, or a text could not be read back.
/// n·c·h / (8·n) → floor(c·h / 8)
constexpr division divide_by_sum(dimension_sum a, dimension_sum b) {
  if (is_below_zero(b)) {
    a = -a;
    b = -b;
  }
  division result{{}, a, b};
  if (a.is_unknown() || b.is_unknown()) return {dimension_sum::unknown(), {}, {}};
  if (b.terms().size() == 1) {
    auto const by = b.terms()[0];
    result.rest = {};
    for (auto const& whole : a.terms()) {
      dimension_term t;
      bool const is_whole = cancel(whole, by, t) && whole.coefficient % by.coefficient == 0;
      t.coefficient = whole.coefficient / by.coefficient;
      if (is_whole) result.quotient.add(t);
      else result.rest.add(whole);
    }
  } else if (auto const exact = divide_exactly(a, b); !exact.is_unknown()) {
    return {exact, {}, b};
  }
  if (result.rest.terms().empty()) return result;
  std::int64_t common = 0;
  for (auto const& t : b.terms()) common = greatest_divisor(common, t.coefficient);
  for (auto const& t : result.rest.terms()) common = greatest_divisor(common, t.coefficient);
  auto const factors = common_factors(result.rest, b);
  result.rest = without(result.rest, factors, common);
  result.divisor = without(b, factors, common);
  return result;
}

/// Some order of two sums, the same one whenever they are compared.
constexpr bool stands_before(dimension_sum const& a, dimension_sum const& b) {
  if (a.terms().size() != b.terms().size()) return a.terms().size() < b.terms().size();
  for (std::size_t i = 0; i < a.terms().size(); ++i) {
    auto const& x = a.terms()[i];
    auto const& y = b.terms()[i];
    if (auto const order = compare_factors(x, y); order != 0) return order < 0;
    if (x.coefficient != y.coefficient) return x.coefficient < y.coefficient;
  }
  return false;
}

}  // namespace inlay::inline INLAY_VERSION::detail
