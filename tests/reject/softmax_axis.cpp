// expect: 'probabilities' \(Softmax\): axis -3 is outside of the input's 2 axes$
// An axis that there is not, counted from the end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({1, 10}));
  auto const y = apply<op::softmax>(b, "probabilities", {x}, {{"axis", -3}});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
