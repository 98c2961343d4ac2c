// Kernels and the element operators around them, as code: nothing is stored in between.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <vector>

#include "inlay/program/interpret-inl.hpp"
#include "rows_network.hpp"

using namespace inlay_test;

TEST_CASE("rows that are read through element operators have the bits of rows that are stored") {
  rows_input const in;
  auto const p = lower(optimize(rows()), {.fuses = false});
  REQUIRE(p.steps.size() == 18);
  std::vector<std::vector<float>> expected;
  for (auto const& y : p.outputs) expected.emplace_back(elements_of(y.type.shape));
  void const* const inputs[] = {in.x};
  std::vector<void*> outputs;
  for (auto& y : expected) outputs.push_back(y.data());
  interpret(p, inputs, {outputs.data(), outputs.size()});
  CHECK(results_of<inlay::model<rows>>(in.x) == expected);
}
