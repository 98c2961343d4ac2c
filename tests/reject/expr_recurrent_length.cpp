// expect: layer 'gru': axis 1 of its input of shape 1x\?x16 has no value, and the layer
// A recurrent layer over a sequence whose length has no value.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net = inlay::network(
    [](inlay::input<float, 1, inlay::dim<"time">, 16> x) { return gru<8>(x, "gru"); });

#include "must_fail_recording.hpp"
