// expect: 'fc\.weight' .* is not among the weights; the nearest name there is 'fc\.wieght'$
// A weight whose name is misspelt.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr float w[2][3]{};
inline constexpr float b[2]{};

inline constexpr auto net =
    inlay::network([](inlay::input<float, 1, 3> x) {
      return dense<2>(x, "fc");
    }).with(inlay::weights(inlay::named("fc.wieght", w), inlay::named("fc.bias", b)));

#include "must_fail_recording.hpp"
