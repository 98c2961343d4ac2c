// Kernels for one kind of machine: products.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kernels.hpp"

INLAY_KERNEL_FAMILY(products, product_family)
