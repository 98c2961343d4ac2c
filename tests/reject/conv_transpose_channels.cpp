// expect: 'up' \(ConvTranspose\): the input has 4 channels, the weights expect 8$
// Weights as those of a convolution, outputs first.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("image", floats({1, 4, 7, 7}));
  auto const y = apply<op::conv_transpose>(b, "up", {x, zeros(b, "w", {8, 4, 2, 2})});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
