// expect: node 0 'fc' \(MatMul\): the left operand has 8 columns, the right operand has 32 rows$
// Weights for another number of features.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({1, 8}));
  auto const y = apply<op::matmul>(b, "fc", {x, zeros(b, "w", {32, 4})});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
