// expect: einsum 'bij,bjk->bik': 'j' is 4 and 5$
// A letter that stands for two extents.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net =
    inlay::network([](inlay::input<float, 2, 3, 4> x, inlay::input<float, 2, 5, 6> y) {
      return einsum("bij,bjk->bik", x, y);
    });

#include "must_fail_recording.hpp"
