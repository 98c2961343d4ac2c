// The transposition, against where each element belongs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/kernel/transposition-inl.hpp"

#include <doctest/doctest.h>

#include <cstdint>

#include "strict.hpp"

namespace {
using namespace inlay_test;

// [2, 3] of strides {1, 2}, that is the columns of [3, 2], in blocks of one element.
template <class S> constexpr bool turns() {
  float const x[] = {1, 2, 3, 4, 5, 6};
  float y[6]{};
  S s;
  run(s, transposition{}, tensor<float const>{x, {2, 3}, {1, 2}}, tensor<float>{y, {2, 3}, {3, 1}});
  float const expected[] = {1, 3, 5, 2, 4, 6};
  for (int i = 0; i < 6; ++i) {
    if (y[i] != expected[i]) return false;
  }
  return true;
}
static_assert(turns<scalar>() && turns<strict>());

// Neither of the last axes is contiguous in x: [2, 2, 2] of strides {1, 4, 2}.
template <class S> constexpr bool goes_by_lanes() {
  std::int8_t const x[] = {0, 1, 2, 3, 4, 5, 6, 7};
  std::int8_t y[8]{};
  S s;
  run(s, transposition{}, tensor<std::int8_t const>{x, {2, 2, 2}, {1, 4, 2}},
      tensor<std::int8_t>{y, {2, 2, 2}, {4, 2, 1}});
  std::int8_t const expected[] = {0, 2, 4, 6, 1, 3, 5, 7};
  for (int i = 0; i < 8; ++i) {
    if (y[i] != expected[i]) return false;
  }
  return true;
}
static_assert(goes_by_lanes<scalar>() && goes_by_lanes<strict>());

}  // namespace

TEST_CASE("a batch of nothing is transposed to nothing") {
  float y[1] = {-7};
  scalar s;
  run(s, transposition{}, tensor<float const>{y, {0, 4, 5}, {20, 1, 4}},
      tensor<float>{y, {0, 4, 5}, {20, 5, 1}});
  CHECK(y[0] == -7);
}
