// expect: 'act' \(Relu\): attribute 'slope' is unknown$
// An attribute of another operator.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({1, 8}));
  auto const y = apply<op::relu>(b, "act", {x}, {{"slope", 0.1f}});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
