// expect: node 0 'up' \(Resize\): the operator 'Resize' is not supported$
// An operator that is not in the list.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({1, 1, 8, 8}));
  auto const y = b.add(find_operator("", "Resize"), "Resize", "up", {x});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
