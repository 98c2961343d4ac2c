// expect: 'conv' \(Conv\): 10 output channels do not divide into 4 groups$
// Filters that the groups cannot share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net = inlay::network(
    [](inlay::input<float, 1, 8, 6, 6> x) { return conv<10, 3>(x, "conv", {.groups = 4}); });

#include "must_fail_recording.hpp"
