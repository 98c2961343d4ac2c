// expect: input 'x': dimension 0 'batch' has no value; give it one$
// A dimension that nobody gave a value.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({b.symbol("batch"), 8}));
  auto const y = apply<op::relu>(b, "act", {x});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
