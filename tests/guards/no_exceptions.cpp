// Inlay without exceptions and without run-time type information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/inlay.hpp>

inline constexpr auto net = [] {
  using namespace inlay;
  builder b("net", newest_opset);
  auto const x = b.input("x", {element_type::float32, {2, 2}});
  b.output(apply<op::relu>(b, "act", {x}), "y");
  return b.finish();
};

float run(float const (&x)[4]);
float run(float const (&x)[4]) {
  inlay::model<net> const model;
  inlay::model<net>::context context;
  return model(context, x)[3];
}

inlay::result<float> run_view(inlay::view<float const> x);
inlay::result<float> run_view(inlay::view<float const> x) {
  inlay::model<net> const model;
  inlay::model<net>::context context;
  auto const y = model.try_run(context, x);
  if (!y) return y.failure();
  return (*y)[3];
}
