// expect: 'flat' \(Flatten\): axis 5 is outside of the input's 3 axes$
// An axis that there is not.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({2, 3, 4}));
  auto const y = apply<op::flatten>(b, "flat", {x}, {{"axis", 5}});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
