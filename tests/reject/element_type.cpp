// expect: input 'x': element type float16 is not supported$
// An element type that no kernel has.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", {element_type::float16, {1, 8}});
  auto const y = apply<op::relu>(b, "act", {x});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
