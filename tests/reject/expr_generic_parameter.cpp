// expect: the parameters of a network have types: input<float, 1, 8>, not auto
// A parameter of any type.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net = inlay::network([](auto x) { return relu(x); });
