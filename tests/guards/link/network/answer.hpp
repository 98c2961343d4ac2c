// A tiny network, for translation units that define all of it again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <inlay/inlay.hpp>

/// Softmax of a product of 1x4 and 4x4, whose probabilities are all 0.25.
inline constexpr auto tiny = [] {
  using namespace inlay;
  builder b("tiny", newest_opset);
  auto const x = b.input("x", {element_type::float32, {1, 4}});
  vector<float> const ones(16, 1.0f);
  auto const w = b.constant("w", {4, 4}, span<float const>(ones.data(), ones.size()));
  b.output(apply<op::softmax>(b, "s", {apply<op::matmul>(b, "m", {x, w})}), "y");
  return b.finish();
};

static float answer() {
  inlay::model<tiny> const model;
  inlay::model<tiny>::context context;
  float const x[] = {1, 2, 3, 4};
  auto const y = model(context, x);
  return y[0] + y[1] + y[2] + y[3];
}
