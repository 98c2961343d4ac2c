// A first network: two layers that know when exactly one of two inputs is 1.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdio>
#include <inlay/frontend/expr.hpp>
#include <inlay/inlay.hpp>

// A network is a function on tensors. Layers have names, and know the shapes of their weights from
// what they are applied to.
inline constexpr auto described = inlay::network([](inlay::input<float, 1, 2> x) {
  auto const hidden = relu(dense<2>(x, "hidden"));
  return dense<1>(hidden, "output");
});

// The first hidden unit counts the ones, the second one those behind the first: 2 - 2 · 1 is 0.
inline constexpr float hidden_weight[2][2] = {{1, 1}, {1, 1}};
inline constexpr float hidden_bias[2] = {0, -1};
inline constexpr float output_weight[1][2] = {{1, -2}};
inline constexpr float output_bias[1] = {0};

// With weights it is a constant of the program, like a network from an ONNX file. A weight that is
// missing, or of another shape, is an error of the compiler.
inline constexpr auto net = described.with(inlay::weights(
    inlay::named("hidden.weight", hidden_weight), inlay::named("hidden.bias", hidden_bias),
    inlay::named("output.weight", output_weight), inlay::named("output.bias", output_bias)));

constexpr float exactly_one(float a, float b) {
  float const x[] = {a, b};
  inlay::model<net> const model;
  inlay::model<net>::context context;
  return model(context, x)[0];
}

// It runs in the compiler, too.
static_assert(exactly_one(0, 0) == 0 && exactly_one(1, 1) == 0);
static_assert(exactly_one(0, 1) == 1 && exactly_one(1, 0) == 1);

int main() {
  for (int i = 0; i < 4; ++i) {
    auto const a = static_cast<float>(i / 2);
    auto const b = static_cast<float>(i % 2);
    std::printf("%.0f %.0f  %.0f\n", static_cast<double>(a), static_cast<double>(b),
                static_cast<double>(exactly_one(a, b)));
  }
}
