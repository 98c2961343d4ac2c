// A network parts of which no input changes: they are computed with the network, not by it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include "inlay/execute/model.hpp"
#include "networks.hpp"

namespace {
using namespace inlay_test;

/// y = Relu(x · (w + w) + Relu(c))
constexpr auto half_constant = [] {
  builder b("", 28);
  auto const x = b.input("x", {float32, {1, 2}});
  auto const w = b.constant<float>("w", {2, 2}, {1.0f, 2.0f, 3.0f, 4.0f});
  auto const c = b.constant<float>("c", {2}, {-1.0f, 0.5f});
  auto const twice = apply<op::add>(b, "", {w, w});
  auto const positive = apply<op::relu>(b, "", {c});
  auto const fc = apply<op::gemm>(b, "fc", {x, twice, positive});
  b.output(apply<op::relu>(b, "", {fc}), "y");
  return b.finish();
};
using folded = model<half_constant>;
static_assert(folded::steps == 1);

constexpr bool computes() {
  folded const net;
  folded::context context;
  float const x[] = {1, -0.25f};
  auto const y = net(context, x);
  return y.data()[0] == 0.5f && y.data()[1] == 2.5f;
}
static_assert(computes());

}  // namespace

TEST_CASE("a folded network gives the same at run time") { CHECK(computes()); }
