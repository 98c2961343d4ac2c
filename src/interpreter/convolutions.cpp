// Kernels for one kind of machine: convolutions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kernels.hpp"

INLAY_KERNEL_FAMILY(convolutions, convolution_family)
