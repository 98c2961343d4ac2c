// expect: a condition is a tensor of truths, such as a comparison: x > 0
// A choice by numbers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net = inlay::network(
    [](inlay::input<float, 8> x, inlay::input<float, 8> y) { return where(x, x, y); });
inline constexpr auto graph_is_made = !net().failure;
