// Dimensions that follow from others, as a graph holds them. All plain data.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/graph/node.hpp"

namespace inlay::inline INLAY_VERSION {

/// A product has at most so many factors: as many as a tensor has axes.
inline constexpr int max_factors = max_rank;

/// A coefficient times symbols: 3·n·m. Without a symbol it is a number.
struct dimension_term {
  std::int64_t coefficient = 0;
  std::uint32_t factors[max_factors]{};  // indices in `graph::symbols`, ascending
  std::uint8_t degree = 0;               // how many factors there are

  friend constexpr bool operator==(dimension_term const&, dimension_term const&) = default;
};

enum class dimension_kind : std::uint8_t {
  free,       // any value
  sum,        // the sum of the left terms
  quotient,   // the left sum divided by the right one, rounded down
  broadcast,  // what the left and the right sum broadcast to: of two that differ, one is 1
};

/// How a symbol follows from symbols before it.
struct dimension_definition {
  dimension_kind kind = dimension_kind::free;
  range left;   // in `graph::dimension_terms`
  range right;  // in `graph::dimension_terms`
};

/// An expression has at most so many symbols and numbers. One that would have more is a dimension
/// of which nothing is known.
inline constexpr std::uint32_t max_expression_size = 64;

/// All expressions of a graph have together at most so many terms, as above.
inline constexpr std::size_t max_dimension_terms = std::size_t{1} << 20;

}  // namespace inlay::inline INLAY_VERSION
