// Kernels for one kind of machine: rows.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kernels.hpp"

INLAY_KERNEL_FAMILY(rows, row_family)
