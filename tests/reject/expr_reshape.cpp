// expect: node 0 \(Reshape\): the input of shape 4x4 has 16 elements, the new shape 3x5 has 15$
// A reshape to fewer elements.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net =
    inlay::network([](inlay::input<float, 4, 4> x) { return reshape(x, {3, 5}); });

#include "must_fail_recording.hpp"
