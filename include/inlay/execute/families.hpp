// The operators of the compiled libraries: a family of kernels a translation unit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <type_traits>

#include "inlay/op/list.hpp"

namespace inlay::inline INLAY_VERSION {

using product_family = operator_list<op::gemm, op::matmul>;
using convolution_family = operator_list<op::conv, op::conv_transpose>;
using window_family =
    operator_list<op::average_pool, op::global_average_pool, op::global_max_pool, op::max_pool>;
using row_family = operator_list<op::batch_normalization, op::group_norm, op::instance_norm,
                                 op::layer_norm, op::log_softmax, op::rms_norm, op::softmax>;
using reduction_family =
    operator_list<op::reduce_l1, op::reduce_l2, op::reduce_log_sum, op::reduce_log_sum_exp,
                  op::reduce_max, op::reduce_mean, op::reduce_min, op::reduce_prod, op::reduce_sum,
                  op::reduce_sum_square>;

namespace detail {
template <class Kept, class List> struct with_elementwise;
template <class... Kept, class First, class... Rest>
struct with_elementwise<operator_list<Kept...>, operator_list<First, Rest...>>
    : std::conditional_t<is_elementwise<First>(),
                         with_elementwise<operator_list<Kept..., First>, operator_list<Rest...>>,
                         with_elementwise<operator_list<Kept...>, operator_list<Rest...>>> {};
template <class... Kept> struct with_elementwise<operator_list<Kept...>, operator_list<>> {
  using type = operator_list<Kept...>;
};

template <class Operator, class... Of> constexpr bool is_one_of(operator_list<Of...>) {
  return (std::is_same_v<Operator, Of> || ...);
}
/// Whether an operator is in a family, if it has a kernel.
template <class Operator, class... Family> constexpr bool has_family() {
  return !is_step<Operator>() || (is_one_of<Operator>(Family{}) || ...);
}
}  // namespace detail

/// What moves elements, and all operators that compute element by element.
using element_family =
    detail::with_elementwise<operator_list<op::gather, op::transpose>, operators>::type;

namespace detail {
template <class... Operator> constexpr bool have_families(operator_list<Operator...>) {
  return (has_family<Operator, product_family, convolution_family, window_family, row_family,
                     reduction_family, element_family>() &&
          ...);
}
}  // namespace detail
static_assert(detail::have_families(operators{}), "an operator with a kernel is in no family");

}  // namespace inlay::inline INLAY_VERSION
