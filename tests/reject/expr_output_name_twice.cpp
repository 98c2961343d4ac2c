// expect: the name 'y' is defined twice$
// Two outputs of one name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net = inlay::network(
    [](inlay::input<float, 4> x) { return inlay::pack{relu(x).named("y"), neg(x).named("y")}; });

#include "must_fail_recording.hpp"
