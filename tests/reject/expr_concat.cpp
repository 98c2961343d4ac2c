// expect: input 1 of shape 1x3x4x4 differs from input 0 of shape 1x3x8x8 along another axis than 1$
// Images of different sizes, one behind the other.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net =
    inlay::network([](inlay::input<float, 1, 3, 8, 8> x, inlay::input<float, 1, 3, 4, 4> y) {
      return concat(x, y, inlay::attributes::axis = 1);
    });

#include "must_fail_recording.hpp"
