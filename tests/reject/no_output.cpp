// expect: the graph 'net' has no output$
// A graph that computes nothing.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({1, 8}));
  apply<op::relu>(b, "act", {x});
  return b.finish();
};

#include "must_fail.hpp"
