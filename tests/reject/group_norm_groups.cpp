// expect: 'norm' \(GroupNormalization\): the input's 6 channels do not divide into 4 groups$
// Groups that do not have a channel each as often.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"

inline constexpr auto net = [] {
  builder b("net", newest_opset);
  auto const x = b.input("x", floats({1, 6, 4}));
  auto const scale = b.input("scale", floats({6}));
  b.output(apply<op::group_norm>(b, "norm", {x, scale, scale}, {{"num_groups", 4}}), "y");
  return b.finish();
};

#include "must_fail.hpp"
