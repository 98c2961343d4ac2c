// Rows that indices choose, in every stage.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/kernel/row_gathering-inl.hpp"

#include <doctest/doctest.h>

#include "strict.hpp"

namespace {
using namespace inlay_test;

template <class S> constexpr bool counts_from_the_end_and_keeps_to_the_axis() {
  pattern<float, 24> const x(1);  // 2x4x3
  std::int64_t const n[] = {3, -4, 0, -1, 9, INT64_MIN};
  int const rows[] = {3, 0, 0, 3, 3, 0};
  float y[36]{};
  S s;
  run(s, row_gathering{}, dense<float const>(x.elements, {2, 4, 3}),
      dense<std::int64_t const>(n, {6}), dense(y, {2, 6, 3}));
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 6; ++j) {
      for (int l = 0; l < 3; ++l) {
        if (y[(i * 6 + j) * 3 + l] != x.elements[(i * 4 + rows[j]) * 3 + l]) return false;
      }
    }
  }
  return true;
}
static_assert(counts_from_the_end_and_keeps_to_the_axis<scalar>());
static_assert(counts_from_the_end_and_keeps_to_the_axis<strict>());

}  // namespace

TEST_CASE("rows are gathered when the program runs") {
  CHECK(counts_from_the_end_and_keeps_to_the_axis<scalar>());
}
