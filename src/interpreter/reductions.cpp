// Kernels for one kind of machine: reductions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kernels.hpp"

INLAY_KERNEL_FAMILY(reductions, family, op::reduce_l1, op::reduce_l2, op::reduce_log_sum,
                    op::reduce_log_sum_exp, op::reduce_max, op::reduce_mean, op::reduce_min,
                    op::reduce_prod, op::reduce_sum, op::reduce_sum_square)
