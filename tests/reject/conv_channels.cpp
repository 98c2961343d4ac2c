// expect: 'conv1' \(Conv\): the input has 1 channels in 1 group, the weights expect 3 in each$
// Weights for colour images on a grey one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("image", floats({1, 1, 28, 28}));
  auto const y = apply<op::conv>(b, "conv1", {x, zeros(b, "w", {8, 3, 5, 5})});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
