// expect: an operator takes tensors, numbers and attributes: axis = 1
// A text where a tensor belongs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net = inlay::network([](inlay::input<float, 1, 8> x) { return max(x, "0"); });
inline constexpr auto graph_is_made = !net().failure;
