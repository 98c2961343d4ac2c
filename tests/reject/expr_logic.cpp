// expect: && takes two tensors of truths, such as comparisons: x > 0 && y > 0
// A logical operator on numbers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net =
    inlay::network([](inlay::input<float, 8> x, inlay::input<float, 8> y) { return x && y; });
inline constexpr auto graph_is_made = !net().failure;
