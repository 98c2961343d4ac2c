// expect: of shape 8x1x5x5x5 need 3 axes each, or 4; only sequences and images are supported$
// A convolution over three axes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("scan", floats({1, 1, 28, 28, 28}));
  auto const y = apply<op::conv>(b, "conv1", {x, zeros(b, "w", {8, 1, 5, 5, 5})});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
