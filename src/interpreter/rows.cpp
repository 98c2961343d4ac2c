// Kernels for one kind of machine: rows.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kernels.hpp"

INLAY_KERNEL_FAMILY(rows, family, op::batch_normalization, op::group_norm, op::instance_norm,
                    op::layer_norm, op::log_softmax, op::rms_norm, op::softmax)
