// expect: node 0 \(Slice\): axis 2 is outside of the input's 2 axes$
// A slice along an axis that is not there.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net =
    inlay::network([](inlay::input<float, 1, 10> x) { return slice(x, 2, 0, 5); });

#include "must_fail_recording.hpp"
