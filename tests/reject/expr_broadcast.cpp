// expect: node 0 \(Add\): the shapes 2x10 and 9 do not broadcast: 10 and 9 stand on the same axis$
// A bias of another length than the rows.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net =
    inlay::network([](inlay::input<float, 2, 10> x, inlay::input<float, 9> b) { return x + b; });

#include "must_fail_recording.hpp"
