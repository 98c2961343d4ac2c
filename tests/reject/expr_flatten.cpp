// expect: layer 'fc': axis -1 of its input of shape 2x\? has no value, and the layer
// A dense layer over columns without a number.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net = inlay::network(
    [](inlay::input<float, 2, inlay::dim<"columns">> x) { return dense<10>(x, "fc"); });

#include "must_fail_recording.hpp"
