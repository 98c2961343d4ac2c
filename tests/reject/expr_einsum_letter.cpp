// expect: einsum 'ij->ik': the result has a letter that no operand has$
// A letter of the result that no input has.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net =
    inlay::network([](inlay::input<float, 2, 3> x) { return einsum("ij->ik", x); });

#include "must_fail_recording.hpp"
