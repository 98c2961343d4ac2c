// expect: node 0 \(Celu\): attribute 'beta' is unknown$
// An attribute that the operator does not have.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net = inlay::network(
    [](inlay::input<float, 1, 8> x) { return celu(x, inlay::attributes::beta = 0.5f); });

#include "must_fail_recording.hpp"
