// expect: 'fc' \(Gemm\): the addend of shape 3 does not broadcast to the result's 1x4$
// A bias of another layer.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({1, 8}));
  auto const y = apply<op::gemm>(b, "fc", {x, zeros(b, "w", {8, 4}), zeros(b, "b", {3})});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
