// expect: 'sum' \(Add\): input 1 is int32, input 0 is float32$
// Two element types in one sum.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({4}));
  auto const c = b.constant<std::int32_t>("c", {4}, {1, 2, 3, 4});
  auto const y = apply<op::add>(b, "sum", {x, c});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
