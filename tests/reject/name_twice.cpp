// expect: the name 'x' is defined twice$
// Two inputs of one name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({1, 8}));
  auto const y = apply<op::add>(b, "sum", {x, b.input("x", floats({1, 8}))});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
