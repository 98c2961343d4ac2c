// expect: the 64 columns of an input of shape 1x10x64 do not divide into 6 heads$
// Columns that the heads cannot share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net = inlay::network(
    [](inlay::input<float, 1, 10, 64> x) { return multi_head_attention<6>(x, "attention"); });

#include "must_fail_recording.hpp"
