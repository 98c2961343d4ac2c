// expect: 'flat' \(Reshape\): the shape \(input 1\) is computed; only a constant is supported$
// A shape that is not known at compile time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({2, 3, 4}));
  auto const to = b.input("shape", {element_type::int64, {2}});
  auto const y = apply<op::reshape>(b, "flat", {x, to});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
