// Kernels that read what element operators make of vectors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../stage/machine_stage.hpp"
//
#include <doctest/doctest.h>

#include "rows_network.hpp"

using namespace inlay_test;

TEST_CASE("rows that are read through element operators have the scalar stage's bits") {
  rows_input const in;
  auto const expected = results_of<inlay::model<rows>>(in.x);
  auto const found = results_of<inlay::model<rows, machine>>(in.x);
  if (machine::same_bits) CHECK(found == expected);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    REQUIRE(found[i].size() == expected[i].size());
    for (std::size_t j = 0; j < found[i].size(); ++j) {
      CHECK(found[i][j] == doctest::Approx(expected[i][j]).epsilon(1e-5));
    }
  }
}
