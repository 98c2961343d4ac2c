// Kernels for one kind of machine: reductions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kernels.hpp"

INLAY_KERNEL_FAMILY(reductions, reduction_family)
