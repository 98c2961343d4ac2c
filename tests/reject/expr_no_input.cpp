// expect: the parameters of a network are inputs: input<float, 1, 28, 28>
// A parameter that is a number.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net =
    inlay::network([](inlay::input<float, 1, 8> x, float scale) { return x * scale; });
inline constexpr auto graph_is_made = !net().failure;
