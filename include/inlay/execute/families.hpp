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
template <class Operator, class... Of> constexpr bool is_one_of(operator_list<Of...>) {
  return (std::is_same_v<Operator, Of> || ...);
}
/// Whether an operator has steps, and none of these families has it.
template <class Operator, class... Family> constexpr bool is_left() {
  return is_step<Operator>() && !(is_one_of<Operator>(Family{}) || ...);
}
template <class Kept, class List> struct all_left;
template <class... Kept, class First, class... Rest>
struct all_left<operator_list<Kept...>, operator_list<First, Rest...>>
    : std::conditional_t<is_left<First, product_family, convolution_family, window_family,
                                 row_family, reduction_family>(),
                         all_left<operator_list<Kept..., First>, operator_list<Rest...>>,
                         all_left<operator_list<Kept...>, operator_list<Rest...>>> {};
template <class... Kept> struct all_left<operator_list<Kept...>, operator_list<>> {
  using type = operator_list<Kept...>;
};
}  // namespace detail

/// All others: what moves elements, what computes element by element, and the kernels of a program.
using element_family = detail::all_left<operator_list<>, operators>::type;

}  // namespace inlay::inline INLAY_VERSION
