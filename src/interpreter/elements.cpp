// Kernels for one kind of machine: elements.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kernels.hpp"

INLAY_KERNEL_FAMILY(elements, op::abs, op::add, op::ceil, op::div, op::erf, op::exp, op::floor,
                    op::identity, op::log, op::mul, op::neg, op::pow, op::reciprocal, op::relu,
                    op::round, op::sigmoid, op::sign, op::softplus, op::softsign, op::sqrt, op::sub,
                    op::tanh, op::transpose)
