// expect: node 0 \(Add\): input 1 is float64, input 0 is float32$
// A sum of floats and doubles.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net =
    inlay::network([](inlay::input<float, 8> x, inlay::input<double, 8> y) { return x + y; });

#include "must_fail_recording.hpp"
