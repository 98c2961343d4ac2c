// expect: 'conv1' \(Conv\): the window reaches over 5 rows, the padded input has 4$
// A convolution over a smaller image.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net = inlay::network(
    [](inlay::input<float, 1, 3, 4, 8> image) { return relu(conv<8, 5>(image, "conv1")); });

#include "must_fail_recording.hpp"
