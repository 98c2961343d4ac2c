// Gives the dimensions of a graph's inputs that have only a name their values.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/dimension_algebra.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

/// The value of the dimension of that name.
struct dimension_value {
  string_view name;
  std::int64_t value = 0;
};

/// "the model has no dimension 'n'; it has 'batch', 'height'"
template <class Graph> constexpr error no_such_dimension(Graph const& g, string_view name) {
  auto e = make_error(rule::the_dimension_must_be_in_the_model, "the model has no dimension '",
                      name, "'");
  bool is_first = true;
  for (auto const symbol : g.symbols) {
    if (symbol.empty()) continue;
    e.text << (is_first ? "; it has '" : ", '") << symbol << "'";
    is_first = false;
  }
  if (is_first) e.text << "; none of its dimensions has a name";
  return e;
}

namespace detail {

/// What each symbol comes to when the free ones have these values; 0 stands for none.
constexpr vector<dimension_sum> substitute(dimension_algebra& dimensions,
                                           vector<std::int64_t> const& values) {
  vector<dimension_sum> images;
  images.reserve(values.size());
  auto const image_of = [&](dimension_sum const& s) {
    dimension_sum image;
    for (auto const& t : s.terms()) {
      dimension_sum product(t.coefficient);
      for (int i = 0; i < t.degree; ++i) product = product * images[t.factors[i]];
      image += product;
    }
    return image;
  };
  for (std::uint32_t symbol = 0; symbol < values.size(); ++symbol) {
    auto const kind = dimensions.kind_of(symbol);
    // Not in a conditional expression: in a constant one, GCC 12 frees what that has made.
    if (values[symbol] > 0) {
      images.push_back(dimension_sum(values[symbol]));
      continue;
    }
    if (kind == dimension_kind::free) {
      images.push_back(dimension_sum::of_symbol(symbol));
      continue;
    }
    auto const left = image_of(dimensions.left_of(symbol));
    auto const right = image_of(dimensions.right_of(symbol));
    if (kind == dimension_kind::sum) images.push_back(left);
    else if (kind == dimension_kind::quotient)
      images.push_back(dimensions.divide_down(left, right));
    else images.push_back(dimensions.broadcast(left, right));
  }
  return images;
}

template <class Graph> constexpr void bind_values(Graph& g, vector<std::int64_t> const& values) {
  dimension_algebra dimensions(g);
  auto const images = substitute(dimensions, values);
  for (auto& v : g.values) {
    if (!has_symbol(v.type.shape)) continue;
    for (int i = 0; i < v.type.shape.size(); ++i) {
      auto& extent = v.type.shape[i];
      if (extent >= 0) continue;
      auto const symbol = static_cast<std::size_t>(-1 - extent);
      auto const& image = images[symbol];
      if (image.is_number() && image.number() < 0) {
        g.fail(make_error(rule::an_extent_must_not_be_negative, "dimension ", i, " of '", v.name,
                          "' is ", image.number(), " then"));
        return;
      }
      extent = dimensions.extent_of(image);
    }
  }
}

}  // namespace detail

/// The values go wherever the names stand, in expressions too, before types are inferred or after.
/// A dimension that is computed in a way that has no value then, for it divides by 0 or does not
/// broadcast, is one without a value; inferring types again tells why.
///   before   %0 : float32[batch, 8]   %1 : float32[2*batch, 4]
///   after    %0 : float32[1, 8]       %1 : float32[2, 4]              with {"batch", 1}
/// *Errors*: a name that is not there; a value below 1; an extent below 0 that comes of it.
template <class Graph>
constexpr Graph bind_dimensions(Graph g, span<dimension_value const> dimensions) {
  if (g.failure || dimensions.empty()) return g;
  vector<std::int64_t> values(g.symbols.size(), 0);
  for (auto const& d : dimensions) {
    bool is_there = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (d.name.empty() || g.symbols[i] != d.name) continue;
      values[i] = d.value;
      is_there = true;
    }
    if (!is_there) g.fail(no_such_dimension(g, d.name));
    if (d.value < 1) {
      g.fail(make_error(rule::the_value_of_a_dimension_must_be_at_least_1, "dimension '", d.name,
                        "' is given the value ", d.value, "; it must be at least 1"));
    }
  }
  if (!g.failure) detail::bind_values(g, values);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
