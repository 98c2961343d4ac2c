// expect: node 0 'sum' \(Add\): element type bool is not supported$
// An element type that an operator has no kernel for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", {element_type::boolean, {1, 8}});
  auto const y = apply<op::add>(b, "sum", {x, x});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
