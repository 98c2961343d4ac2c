// expect: 'fc' \(MatMul\): a scalar is no operand of a matrix product$
// A dense layer of a number.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net = inlay::network([](inlay::input<float> x) { return dense<4>(x, "fc"); });

#include "must_fail_recording.hpp"
