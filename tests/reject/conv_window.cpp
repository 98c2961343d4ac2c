// expect: 'conv1' \(Conv\): the window reaches over 9 rows, the padded input has 6$
// A window larger than the image.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("image", floats({1, 1, 4, 28}));
  auto const y = apply<op::conv>(b, "conv1", {x, zeros(b, "w", {8, 1, 5, 5})},
                                 {{"dilations", {2, 2}}, {"pads", {1, 1, 1, 1}}});
  b.output(y, "y");
  return b.finish();
};

#include "must_fail.hpp"
