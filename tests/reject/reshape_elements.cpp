// expect: 'flat' \(Reshape\): the input of shape 2x3x4 has 24 elements, the new shape 5x5 has 25$
// A new shape of another size.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({2, 3, 4}));
  auto const to = b.constant<std::int64_t>("shape", {2}, {5, 5});
  auto const y = apply<op::reshape>(b, "flat", {x, to});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
