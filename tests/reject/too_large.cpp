// expect: 'sum' \(Add\): a result of shape 2147483648x2147483648 is too large$
// A tensor that no machine holds.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({1, std::int64_t{1} << 31}));
  auto const y = apply<op::add>(b, "sum", {x, b.input("z", floats({std::int64_t{1} << 31, 1}))});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
