// Attention, as a composition of operators.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/frontend/expr/layers.hpp"
#include "inlay/stage/root.hpp"

namespace inlay::inline INLAY_VERSION::expr {

/// The columns in `Heads` parts, each with its rows together.
///   {2, 16, 64} in 4 heads → {2, 4, 16, 16}
template <std::int64_t Heads, class T> constexpr tensor<T> split_heads(tensor<T> x) {
  auto const columns = x.extent(-1);
  if (columns % Heads != 0) {
    x.where().fail(make_error(rule::channels_must_divide_into_the_groups, "the ", columns,
                              " columns of an input of shape ", x.shape(), " do not divide into ",
                              Heads, " heads"));
  }
  return transpose(reshape(x, {0, 0, Heads, columns / Heads}), {0, 2, 1, 3});
}
/// The inverse.   {2, 4, 16, 16} → {2, 16, 64}
template <class T> constexpr tensor<T> merge_heads(tensor<T> x) {
  auto const columns = x.extent(1) * x.extent(3);
  return reshape(transpose(x, {0, 2, 1, 3}), {0, 0, columns});
}

/// softmax(q · kᵀ / sqrt(d) + mask) · v, where d is the number of columns of a head.
/// *Shapes*: q [n, rows, d·Heads], k and v [n, others, d·Heads], mask one that broadcasts to
/// [n, Heads, rows, others], of what is added: 0 or so large a negative number that nothing is
/// left. The result is [n, rows, d·Heads].
/// *Source*: Vaswani et al., Attention is all you need, 2017.
template <std::int64_t Heads, class T, class... Mask>
constexpr tensor<T> attention(tensor<T> q, tensor<T> k, tensor<T> v, Mask const&... mask) {
  static_assert(sizeof...(Mask) <= 1, "an attention has one mask");
  auto const queries = split_heads<Heads>(q);
  auto const keys = split_heads<Heads>(k);
  auto const values = split_heads<Heads>(v);
  auto const scale = square_root(static_cast<double>(queries.extent(-1)));
  auto scores = matmul(queries, transpose(keys, {0, 1, 3, 2})) / static_cast<T>(scale);
  ((scores = scores + mask), ...);
  return merge_heads(matmul(softmax(scores), values));
}

/// Attention of x to itself, or to `memory`, through four dense layers, as PyTorch's
/// MultiheadAttention: "in_proj_weight" [3·columns, columns], "in_proj_bias", "out_proj.weight",
/// "out_proj.bias".
///   multi_head_attention<4>(x, "attention"): {2, 16, 64} → {2, 16, 64}
template <std::int64_t Heads, class T, class... Mask>
constexpr tensor<T> multi_head_attention(tensor<T> x, name const& n, Mask const&... mask) {
  auto& r = x.where();
  auto const columns = known_extent(x, -1, n);
  auto const weight = parameter<T>(r, n, "in_proj_weight", shape{3 * columns, columns});
  auto const bias = parameter<T>(r, n, "in_proj_bias", shape{3 * columns});
  auto const all = matmul(x, transpose(weight)) + bias;
  auto const parts = split<3>(all, -1);
  auto const y = attention<Heads>(parts[0], parts[1], parts[2], mask...);
  return within(n, y, [&](tensor<T> z) { return dense_to(columns, z, "out_proj"); });
}

}  // namespace inlay::inline INLAY_VERSION::expr
