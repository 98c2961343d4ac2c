// expect: 'heads' \(Transpose\): perm names axis 1 twice$
// An axis goes to two places.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({2, 3, 4}));
  auto const y = apply<op::transpose>(b, "heads", {x}, {{"perm", {0, 1, 1}}});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
