// expect: 'conv1' \(Conv\): the input of shape 1x784 .*; only sequences and images are supported$
// A convolution of images over rows of numbers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net =
    inlay::network([](inlay::input<float, 1, 784> x) { return conv<8, 5>(x, "conv1"); });

#include "must_fail_recording.hpp"
