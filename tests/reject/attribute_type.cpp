// expect: 'flat' \(Flatten\): attribute 'axis' has another type than Flatten expects$
// A number with a fraction where an axis is expected.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({1, 8}));
  auto const y = apply<op::flatten>(b, "flat", {x}, {{"axis", 1.0f}});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
