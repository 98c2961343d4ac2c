// expect: 'conv1' \(Conv\): 8 output channels do not divide into 3 groups$
// Groups that do not divide the channels.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("image", floats({1, 3, 28, 28}));
  auto const y = apply<op::conv>(b, "conv1", {x, zeros(b, "w", {8, 1, 5, 5})}, {{"group", 3}});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
