// expect: 'total' \(ReduceSum\): axis 2 is outside of 2 axes$
// An axis that there is not.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({1, 10}));
  auto const axes = b.constant<std::int64_t>("axes", {1}, {std::int64_t{2}});
  b.output(apply<op::reduce_sum>(b, "total", {x, axes}), "y");
  return b.finish();
};

#include "must_fail.hpp"
