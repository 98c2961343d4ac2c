// expect: \(Add\): the shapes 1x8x6x6 and 1x8x4x4 do not broadcast: 6 and 4 stand on the same
// A sum with what a convolution without padding has made smaller.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net =
    inlay::network([](inlay::input<float, 1, 8, 6, 6> x) { return x + conv<8, 3>(x, "conv"); });

#include "must_fail_recording.hpp"
