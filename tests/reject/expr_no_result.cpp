// expect: a network returns a tensor, or several of them: inlay::pack
// A function that returns nothing.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net = inlay::network([](inlay::input<float, 1, 8> x) { relu(x); });
inline constexpr auto graph_is_made = !net().failure;
