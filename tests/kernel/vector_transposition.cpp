// Transpositions through the machine's vectors: each element where it belongs, and nothing beside
// the tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../stage/machine_stage.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>

#include "../stage/conformance.hpp"
#include "inlay/kernel/transposition-inl.hpp"

namespace {
using namespace inlay;
using namespace inlay_test;

template <class T> void check(std::int64_t batch, std::int64_t rows, std::int64_t columns) {
  CAPTURE(rows);
  CAPTURE(columns);
  auto const count = static_cast<std::size_t>(batch * rows * columns);
  guarded<T> const x(count, false);
  guarded<T> const y(count, false);
  auto const from = any_numbers<T>(count);
  for (std::size_t i = 0; i < count; ++i) x.data()[i] = from[i];
  exact_machine s;
  shape const extents{batch, columns, rows};
  run(s, transposition{}, tensor<T const>{x.data(), extents, {rows * columns, 1, columns}},
      tensor<T>{y.data(), extents, {rows * columns, rows, 1}});
  int wrong = 0;
  for (std::int64_t n = 0; n < batch; ++n) {
    for (std::int64_t i = 0; i < rows; ++i) {
      for (std::int64_t j = 0; j < columns; ++j) {
        auto const plane = n * rows * columns;
        auto const& is = y.data()[plane + j * rows + i];
        wrong += !is_same(is, x.data()[plane + i * columns + j]);
      }
    }
  }
  CHECK(wrong == 0);
}

template <class T> void check_all() {
  for (std::int64_t const rows : {1, 3, 16, 33, 70}) {
    for (std::int64_t const columns : {1, 5, 16, 64, 71, 130}) check<T>(2, rows, columns);
  }
}

}  // namespace

TEST_CASE("a transposed matrix has each element where it belongs") {
  check_all<float>();
  check_all<double>();
  check_all<std::int8_t>();
  check_all<std::int16_t>();
  check_all<std::uint64_t>();
}
