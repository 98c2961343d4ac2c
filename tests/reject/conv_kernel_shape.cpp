// expect: 'conv1' \(Conv\): attribute 'kernel_shape' does not equal the weights' 5x5$
// A window that is not that of the weights.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("image", floats({1, 1, 28, 28}));
  auto const y =
      apply<op::conv>(b, "conv1", {x, zeros(b, "w", {8, 1, 5, 5})}, {{"kernel_shape", {3, 3}}});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
