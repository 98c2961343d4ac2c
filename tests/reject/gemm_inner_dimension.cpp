// expect: .fc. \(Gemm\): the left operand has 8 columns, the right operand has 4 rows
// Weights that are not to be transposed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({1, 8}));
  auto const a = apply<op::relu>(b, "act", {x});
  auto const y = apply<op::gemm>(b, "fc", {a, zeros(b, "w", {8, 4})}, {{"transB", 1}});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
