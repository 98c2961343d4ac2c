// expect: the scale of shape 4 does not broadcast to the input of shape 2x8$
// A scale of another length than the rows.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({2, 8}));
  auto const scale = b.input("scale", floats({4}));
  b.output(apply<op::layer_norm>(b, "norm", {x, scale}), "y");
  return b.finish();
};

#include "must_fail.hpp"
