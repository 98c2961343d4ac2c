// expect: the parameter 'fc\.weight' is float32 of shape 2x3, the weight is float32 of shape 3x2$
// Weights of a layer, transposed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr float w[3][2]{};
inline constexpr float b[2]{};

inline constexpr auto net =
    inlay::network([](inlay::input<float, 1, 3> x) {
      return dense<2>(x, "fc");
    }).with(inlay::weights(inlay::named("fc.weight", w), inlay::named("fc.bias", b)));

#include "must_fail_recording.hpp"
