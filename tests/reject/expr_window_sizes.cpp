// expect: a window has one size, or one for its rows and one for its columns
// A window of three sizes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net =
    inlay::network([](inlay::input<float, 1, 1, 8, 8> x) { return max_pool<2, 2, 2>(x); });
inline constexpr auto graph_is_made = !net().failure;
