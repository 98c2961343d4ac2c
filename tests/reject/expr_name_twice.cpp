// expect: the name 'fc\.weight' is defined twice$
// Two layers of one name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net = inlay::network(
    [](inlay::input<float, 1, 8> x) { return dense<8>(relu(dense<8>(x, "fc")), "fc"); });

#include "must_fail_recording.hpp"
