// expect: 'sum' \(Add\): the shapes 1x8x3 and 4x3 do not broadcast: 8 and 4 stand on the same axis$
// Shapes that do not broadcast.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({1, 8, 3}));
  auto const y = apply<op::add>(b, "sum", {x, zeros(b, "c", {4, 3})});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
