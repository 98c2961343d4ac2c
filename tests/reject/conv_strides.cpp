// expect: 'conv1' \(Conv\): attribute 'strides' holds 0, where at least 1 is expected$
// A window that does not move.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("image", floats({1, 1, 28, 28}));
  auto const y =
      apply<op::conv>(b, "conv1", {x, zeros(b, "w", {8, 1, 5, 5})}, {{"strides", {1, 0}}});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
