// Random graphs over the listed operators, the same for the same seed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/op/list.hpp"

namespace inlay_test {

using namespace inlay;

/// Draws a graph of nodes that read any value before them, often a constant, and now and then twice
/// the same; types are known to fit.
class graph_maker {
 public:
  constexpr explicit graph_maker(std::uint32_t seed) : state_(seed * 2654435761u + 1) {}

  constexpr graph make(int nodes) {
    b_ = builder("random", 28);
    values_.clear();
    add(b_.input("x", {element_type::float32, {1, 4, 3, 3}}));
    add(b_.input("n", {element_type::int32, {4}}));
    for (int i = 0; i < nodes; ++i) add_node();
    // Some of the last ones, and now and then one twice, an input or a constant.
    auto const first = values_.size() > 4 ? values_.size() - 4 : 0;
    for (auto i = first; i < values_.size(); ++i) b_.output(values_[i]);
    if (one_in(3)) b_.output(any());
    return b_.finish();
  }

 private:
  constexpr std::uint32_t pick(std::uint32_t count) {
    state_ = state_ * 1664525u + 1013904223u;  // Numerical Recipes
    return (state_ >> 8) % count;
  }
  constexpr bool one_in(std::uint32_t count) { return pick(count) == 0; }

  constexpr value_id add(value_id id) {
    values_.push_back(id);
    return id;
  }
  constexpr value_id any() { return values_[pick(static_cast<std::uint32_t>(values_.size()))]; }
  constexpr tensor_type const& type_of(value_id id) { return b_.unfinished().values[id].type; }
  constexpr shape const& shape_of(value_id id) { return type_of(id).shape; }

  /// A number of few digits, 0 and -0 among them.
  constexpr float number() {
    auto const x = static_cast<int>(pick(17)) - 8;
    return x == 0 && one_in(2) ? -0.0f : static_cast<float>(x) * 0.25f;
  }
  constexpr value_id constant(element_type e, shape const& s, bool is_positive = false) {
    auto const count = static_cast<std::size_t>(elements_of(s));
    bool const is_zero = one_in(6) && !is_positive;
    if (e == element_type::int32) {
      vector<std::int32_t> elements;
      while (elements.size() < count) {
        elements.push_back(is_zero ? 0 : static_cast<std::int32_t>(pick(9)) - 4);
      }
      return b_.constant("", s, span<std::int32_t const>(elements.data(), count));
    }
    auto const zero = one_in(2) ? 0.0f : -0.0f;
    vector<float> elements;
    while (elements.size() < count) {
      auto const x = is_zero ? zero : number();
      elements.push_back(is_positive ? x * x + 0.5f : x);
    }
    return b_.constant("", s, span<float const>(elements.data(), count));
  }

  /// A new node's output gets its type at once.
  constexpr void typed(value_id y) {
    auto& g = b_.unfinished();
    auto const type = entry_of<graph>(g.nodes.back().op).infer({g, g.nodes.back()}, 0);
    if (!type) g.fail(type.failure());
    g.values[y].type = *type;
    add(y);
  }

  constexpr void add_node() {
    auto const x = one_in(4) ? constant(element_type::float32, {1, 4, 3, 3}) : any();
    bool const is_real = type_of(x).element == element_type::float32;
    bool const is_image = is_real && shape_of(x).size() == 4;
    switch (pick(11)) {
      case 0: return typed(apply<op::identity>(b_, "", {x}));
      case 1: return typed(apply<op::relu>(b_, "", {x}));
      case 2: return add_reshape(x);
      case 3: return typed(apply<op::flatten>(b_, "", {x}, {{"axis", one_in(2) ? 1 : 0}}));
      case 4: return typed(apply<op::add>(b_, "", {x, x}));
      case 5: return add_matrix(x);
      case 6:
        if (is_real && shape_of(x).size() > 0) {
          return typed(apply<op::softmax>(b_, "", {x}, {{"axis", -1}}));
        }
        return;
      case 7:
        if (is_image) add_convolution(x);
        return;
      case 8:
        if (is_image) add_normalization(x);
        return;
      case 9:
        if (is_image) {
          typed(apply<op::max_pool>(b_, "", {x}, {{"kernel_shape", {1, 1}}, {"strides", {1, 2}}}));
        }
        return;
      default: return typed(apply<op::add>(b_, "", {x, constant(type_of(x).element, shape_of(x))}));
    }
  }

  constexpr void add_reshape(value_id x) {
    // The same shape, or a list.
    auto const s = one_in(2) ? shape_of(x) : shape{-1};
    vector<std::int64_t> extents;
    for (auto const extent : s) extents.push_back(extent);
    auto const to =
        b_.constant("", {s.size()}, span<std::int64_t const>(extents.data(), extents.size()));
    typed(apply<op::reshape>(b_, "", {x, to}));
  }
  constexpr void add_matrix(value_id x) {
    if (type_of(x).element != element_type::float32 || shape_of(x).size() != 2) return;
    auto const columns = shape_of(x)[1];
    auto const w = constant(element_type::float32, {columns, 4});
    if (one_in(2)) return typed(apply<op::matmul>(b_, "", {x, w}));
    auto const c = one_in(2) ? no_value : constant(element_type::float32, {4});
    typed(apply<op::gemm>(b_, "", {x, w, c}, {{"alpha", one_in(2) ? 1.0f : 0.5f}}));
  }
  constexpr void add_convolution(value_id x) {
    auto const groups = one_in(2) ? 1 : 2;
    auto const channels = shape_of(x)[1];
    auto const w = constant(element_type::float32, {4, channels / groups, 1, 1});
    auto const c = one_in(2) ? no_value : constant(element_type::float32, {4});
    typed(apply<op::conv>(b_, "", {x, w, c}, {{"group", groups}}));
    if (one_in(2)) add_normalization(values_.back());
  }
  constexpr void add_normalization(value_id x) {
    shape const channels{shape_of(x)[1]};
    auto const scale = constant(element_type::float32, channels);
    auto const offset = constant(element_type::float32, channels);
    auto const mean = constant(element_type::float32, channels);
    auto const variance = constant(element_type::float32, channels, true);
    typed(apply<op::batch_normalization>(b_, "", {x, scale, offset, mean, variance}));
  }

  std::uint32_t state_;
  builder b_;
  vector<value_id> values_;
};

}  // namespace inlay_test
