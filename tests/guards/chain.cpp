// A chain of INLAY_CHAIN_LENGTH nodes of a few structures, as a deep network has them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/inlay.hpp>

namespace {

constexpr inlay::graph build() {
  using namespace inlay;
  builder b("chain", newest_opset);
  float ones[64]{};
  for (auto& x : ones) x = 1;
  auto const weights = b.constant("weights", {8, 8}, span<float const>(ones));
  auto const bias = b.constant("bias", {1, 8}, span<float const>(ones, 8));
  auto x = b.input("x", {element_type::float32, {1, 8}});
  for (int i = 0; i < INLAY_CHAIN_LENGTH; ++i) {
    switch (i % 4) {
      case 0: x = apply<op::gemm>(b, {}, {x, weights, bias}); break;
      case 1: x = apply<op::relu>(b, {}, {x}); break;
      case 2: x = apply<op::matmul>(b, {}, {x, weights}); break;
      default: x = apply<op::add>(b, {}, {x, bias}); break;
    }
  }
  b.output(x, "y");
  return b.finish();
}

inline constexpr auto chain = [] { return build(); };

}  // namespace

float run(float const (&x)[8]);
float run(float const (&x)[8]) {
  inlay::model<chain> const model;
  inlay::model<chain>::context context;
  return model(context, x)[0];
}
