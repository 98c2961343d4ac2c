// What is known of dimensions and shapes while the types of a graph are inferred.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/span.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/dimension_algebra.hpp"

namespace inlay::inline INLAY_VERSION {

/// An element of a tensor that shapes are computed with: a number, or a dimension without a value.
struct shape_element {
  std::int64_t value = 0;  // the number, or the extent below zero that stands for the dimension
  bool is_number = true;

  /// That of an extent.
  static constexpr shape_element of(std::int64_t extent) { return {extent, extent >= 0}; }
};

/// Tensors whose elements are known before any is computed, by value. At most 64 elements each:
/// more than the shapes of eight tensors have.
class shape_values {
 public:
  static constexpr std::int64_t most_elements = 64;

  constexpr bool has(value_id id) const {
    return id < of_value_.size() && of_value_[id].first != none;
  }
  /// The elements of a value that has them.
  constexpr span<shape_element const> operator[](value_id id) const {
    return {elements_.data() + of_value_[id].first, of_value_[id].count};
  }
  constexpr void set(value_id id, span<shape_element const> elements) {
    while (of_value_.size() <= id) of_value_.push_back({none, 0});
    of_value_[id] = {static_cast<std::uint32_t>(elements_.size()),
                     static_cast<std::uint32_t>(elements.size())};
    for (auto const& e : elements) elements_.push_back(e);
  }

 private:
  static constexpr std::uint32_t none = 0xffff'ffff;

  vector<range> of_value_;  // in `elements_`
  vector<shape_element> elements_;
};

/// What the rules of the operators share while a graph's types are inferred.
struct inference {
  dimension_algebra dimensions;
  shape_values values;

  /// How many elements were computed, of constants too; at most so many are.
  std::size_t elements = 0;
  static constexpr std::size_t most_elements = std::size_t{1} << 20;

  constexpr explicit inference(graph& g) : dimensions(g) {}
};

}  // namespace inlay::inline INLAY_VERSION
