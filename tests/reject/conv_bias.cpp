// expect: 'conv1' \(Conv\): the bias has shape 1x8, the weights make 8 channels$
// A bias that is not a list.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("image", floats({1, 1, 28, 28}));
  auto const y =
      apply<op::conv>(b, "conv1", {x, zeros(b, "w", {8, 1, 5, 5}), zeros(b, "b", {1, 8})});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
