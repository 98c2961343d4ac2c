// expect: 'pool1' \(MaxPool\): attribute 'kernel_shape' has 0 values, where 2 are expected$
// A pooling without a window.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("image", floats({1, 1, 28, 28}));
  auto const y = apply<op::max_pool>(b, "pool1", {x}, {{"strides", {2, 2}}});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
