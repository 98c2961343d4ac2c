// Operators on whole tensors of a network: products, windows, shapes, reductions, normalizations.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "inlay/frontend/expr/apply.hpp"

// As in elementwise.hpp: a function for each operator, of the operator's inputs and attributes.
// What an operator takes as a constant list, a shape or axes, is a list here: `reshape(x, {0,
// -1})`, `reduce_sum(x, {1}, keepdims = 0)`.
namespace inlay::inline INLAY_VERSION::expr {

using numbers = std::initializer_list<std::int64_t>;

// Products and windows.
template <class T> constexpr auto average_pool(tensor<T> x, auto... a) {
  return apply<op::average_pool>(x, a...);
}
template <class T> constexpr auto conv(tensor<T> x, tensor<T> weights, auto... a) {
  return apply<op::conv>(x, weights, a...);
}
template <class T> constexpr auto conv_transpose(tensor<T> x, tensor<T> weights, auto... a) {
  return apply<op::conv_transpose>(x, weights, a...);
}
template <class T> constexpr auto gemm(tensor<T> x, auto... a) { return apply<op::gemm>(x, a...); }
template <class T> constexpr auto global_average_pool(tensor<T> x) {
  return apply<op::global_average_pool>(x);
}
template <class T> constexpr auto global_max_pool(tensor<T> x) {
  return apply<op::global_max_pool>(x);
}
template <class T> constexpr auto matmul(tensor<T> x, auto... a) {
  return apply<op::matmul>(x, a...);
}
template <class T> constexpr auto max_pool(tensor<T> x, auto... a) {
  return apply<op::max_pool>(x, a...);
}

// Normalizations.
template <class T> constexpr auto batch_normalization(tensor<T> x, auto... a) {
  return apply<op::batch_normalization>(x, a...);
}
template <class T> constexpr auto group_norm(tensor<T> x, tensor<T> scale, auto... a) {
  return apply<op::group_norm>(x, scale, a...);
}
template <class T> constexpr auto instance_norm(tensor<T> x, tensor<T> scale, auto... a) {
  return apply<op::instance_norm>(x, scale, a...);
}
template <class T> constexpr auto layer_norm(tensor<T> x, tensor<T> scale, auto... a) {
  return apply<op::layer_norm>(x, scale, a...);
}
template <class T> constexpr auto rms_norm(tensor<T> x, tensor<T> scale, auto... a) {
  return apply<op::rms_norm>(x, scale, a...);
}
/// Along an axis, the last one where none is given: softmax(x, axis = 1).
template <class T> constexpr auto softmax(tensor<T> x) {
  return apply<op::softmax>(x, named_attribute("axis", x.rank() - 1));
}
template <class T> constexpr auto softmax(tensor<T> x, named_attribute a) {
  return apply<op::softmax>(x, a);
}
template <class T> constexpr auto log_softmax(tensor<T> x) {
  return apply<op::log_softmax>(x, named_attribute("axis", x.rank() - 1));
}
template <class T> constexpr auto log_softmax(tensor<T> x, named_attribute a) {
  return apply<op::log_softmax>(x, a);
}

// Shapes.
template <class T> constexpr auto concat(tensor<T> x, auto... a) {
  return apply<op::concat>(x, a...);
}
template <class T> constexpr auto expand(tensor<T> x, numbers extents) {
  return apply<op::expand>(x, list_of(x.where(), extents));
}
template <class T> constexpr auto flatten(tensor<T> x, auto... a) {
  return apply<op::flatten>(x, a...);
}
/// The parts of x along an axis that indices choose: gather(x, indices, axis = 1).
template <class T, class Index>
constexpr auto gather(tensor<T> x, tensor<Index> indices, auto... a) {
  return apply<op::gather>(x, indices, a...);
}
/// So many elements in front of each axis, then so many behind each, of that value.
template <class T> constexpr auto pad(tensor<T> x, numbers pads, T value = {}) {
  return apply<op::pad>(x, list_of(x.where(), pads), value);
}
/// 0 keeps an extent, one -1 takes what is left.   {2, 3, 4} to {0, -1} → {2, 12}
template <class T> constexpr auto reshape(tensor<T> x, numbers extents) {
  return apply<op::reshape>(x, list_of(x.where(), extents));
}
/// [first:last:step] along an axis, as Python slices.   {2, 7} along 1 from 1 to -1 → {2, 5}
template <class T>
constexpr auto slice(tensor<T> x, std::int64_t along, std::int64_t first, std::int64_t last,
                     std::int64_t step = 1) {
  auto& r = x.where();
  auto const from = list_of(r, {first});
  auto const to = list_of(r, {last});
  auto const axes = list_of(r, {along});
  if (step == 1) return apply<op::slice>(x, from, to, axes);
  return apply<op::slice>(x, from, to, axes, list_of(r, {step}));
}
/// `Parts` tensors of one size along an axis: auto [q, k, v] = split<3>(x, 2);
template <std::size_t Parts, class T>
constexpr std::array<tensor<T>, Parts> split(tensor<T> x, std::int64_t along) {
  auto& r = x.where();
  auto const input = x.id();
  named_attribute const given[] = {{"axis", along},
                                   {"num_outputs", static_cast<std::int64_t>(Parts)}};
  auto const first = r.add(id_of<op::split>, {}, span<value_id const>(&input, 1), given, Parts);
  std::array<tensor<T>, Parts> parts;
  for (std::size_t i = 0; i < Parts; ++i) {
    parts[i] = tensor<T>(r, first + static_cast<value_id>(i));
  }
  return parts;
}
template <class T> constexpr auto squeeze(tensor<T> x) { return apply<op::squeeze>(x); }
template <class T> constexpr auto squeeze(tensor<T> x, numbers axes) {
  return apply<op::squeeze>(x, list_of(x.where(), axes));
}
/// Axis i of the result is axis permutation[i] of x; all in reverse without one.
template <class T> constexpr auto transpose(tensor<T> x) { return apply<op::transpose>(x); }
template <class T> constexpr auto transpose(tensor<T> x, numbers permutation) {
  return apply<op::transpose>(x, named_attribute("perm", permutation));
}
template <class T> constexpr auto unsqueeze(tensor<T> x, numbers axes) {
  return apply<op::unsqueeze>(x, list_of(x.where(), axes));
}

// Reductions, over all axes or over those of a list.
template <class Operator, class T> constexpr auto reduce(tensor<T> x, numbers axes, auto... a) {
  return apply<Operator>(x, list_of(x.where(), axes), a...);
}
template <class T> constexpr auto reduce_l1(tensor<T> x, auto... a) {
  return apply<op::reduce_l1>(x, a...);
}
template <class T> constexpr auto reduce_l1(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_l1>(x, axes, a...);
}
template <class T> constexpr auto reduce_l2(tensor<T> x, auto... a) {
  return apply<op::reduce_l2>(x, a...);
}
template <class T> constexpr auto reduce_l2(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_l2>(x, axes, a...);
}
template <class T> constexpr auto reduce_log_sum(tensor<T> x, auto... a) {
  return apply<op::reduce_log_sum>(x, a...);
}
template <class T> constexpr auto reduce_log_sum(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_log_sum>(x, axes, a...);
}
template <class T> constexpr auto reduce_log_sum_exp(tensor<T> x, auto... a) {
  return apply<op::reduce_log_sum_exp>(x, a...);
}
template <class T> constexpr auto reduce_log_sum_exp(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_log_sum_exp>(x, axes, a...);
}
template <class T> constexpr auto reduce_max(tensor<T> x, auto... a) {
  return apply<op::reduce_max>(x, a...);
}
template <class T> constexpr auto reduce_max(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_max>(x, axes, a...);
}
template <class T> constexpr auto reduce_mean(tensor<T> x, auto... a) {
  return apply<op::reduce_mean>(x, a...);
}
template <class T> constexpr auto reduce_mean(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_mean>(x, axes, a...);
}
template <class T> constexpr auto reduce_min(tensor<T> x, auto... a) {
  return apply<op::reduce_min>(x, a...);
}
template <class T> constexpr auto reduce_min(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_min>(x, axes, a...);
}
template <class T> constexpr auto reduce_prod(tensor<T> x, auto... a) {
  return apply<op::reduce_prod>(x, a...);
}
template <class T> constexpr auto reduce_prod(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_prod>(x, axes, a...);
}
template <class T> constexpr auto reduce_sum(tensor<T> x, auto... a) {
  return apply<op::reduce_sum>(x, a...);
}
template <class T> constexpr auto reduce_sum(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_sum>(x, axes, a...);
}
template <class T> constexpr auto reduce_sum_square(tensor<T> x, auto... a) {
  return apply<op::reduce_sum_square>(x, a...);
}
template <class T> constexpr auto reduce_sum_square(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_sum_square>(x, axes, a...);
}

}  // namespace inlay::inline INLAY_VERSION::expr
