// expect: 'norm' \(GroupNormalization\): the input's 10 channels do not divide into 4 groups$
// Channels that the groups cannot share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net =
    inlay::network([](inlay::input<float, 1, 10, 4, 4> x) { return group_norm<4>(x, "norm"); });

#include "must_fail_recording.hpp"
