// expect: node 0 \(MatMul\): the left operand has 8 columns, the right operand has 4 rows$
// A product of matrices that do not fit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net = inlay::network(
    [](inlay::input<float, 4, 8> x, inlay::input<float, 4, 8> y) { return matmul(x, y); });

#include "must_fail_recording.hpp"
