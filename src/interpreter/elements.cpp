// Kernels for one kind of machine: elements.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kernels.hpp"

INLAY_KERNEL_FAMILY(elements, element_family)
