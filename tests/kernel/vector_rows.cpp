// Softmax, reductions and normalizations through the machine's vectors: the bits of the scalar
// stage, and nothing beside the tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../stage/machine_stage.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "../stage/conformance.hpp"
#include "adding_tape.hpp"
#include "inlay/kernel/group_normalization-inl.hpp"
#include "inlay/kernel/reduction-inl.hpp"
#include "inlay/kernel/row_normalization-inl.hpp"
#include "inlay/kernel/softmax-inl.hpp"

namespace {
using namespace inlay;
using namespace inlay_test;

/// A contiguous tensor in memory with nothing behind it.
template <class T> class operand {
 public:
  explicit operand(shape const& s, int seed = 0)
      : extents_(s), memory_(static_cast<std::size_t>(elements_of(s)), false) {
    auto const x = numbers();
    auto const size = static_cast<std::size_t>(elements_of(s));
    for (std::size_t i = 0; i < size && seed != 0; ++i) {
      memory_.data()[i] = x[(i * 3 + static_cast<std::size_t>(seed) * 7) % x.size()];
    }
  }
  tensor<T const> read() const { return {memory_.data(), extents_, contiguous_strides(extents_)}; }
  tensor<T> write() const { return {memory_.data(), extents_, contiguous_strides(extents_)}; }
  int differences(operand const& other) const {
    int count = 0;
    for (std::int64_t i = 0; i < elements_of(extents_); ++i) {
      count += !is_same(memory_.data()[i], other.memory_.data()[i]);
    }
    return count;
  }

 private:
  static std::vector<T> numbers() {
    if constexpr (std::floating_point<T>) return small_numbers<T>(1009, 4);
    else return any_numbers<T>(1009);
  }
  shape extents_;
  guarded<T> memory_;
};

/// Runs `compute(stage, y)` in both stages; and where another tensor is added to the results: one
/// of as many elements, and one that repeats along the last axis.
template <class T, class Compute> void check(shape const& y, Compute const& compute) {
  operand<T> const found(y);
  operand<T> const wanted(y);
  exact_machine s;
  scalar reference;
  compute(s, found.write());
  compute(reference, wanted.write());
  CHECK(found.differences(wanted) == 0);
  operand<T> const numbers(y, 9);
  auto other = numbers.read();
  for (bool const repeats : {false, true}) {
    if (repeats) other.strides[y.size() - 1] = 0;
    compute(s, adding(found.write(), other));
    compute(reference, adding(wanted.write(), other));
    CHECK(found.differences(wanted) == 0);
  }
}

template <class T> void check_softmax(shape const& seen) {
  CAPTURE(seen[1]);
  CAPTURE(seen[2]);
  operand<T> const x(seen, 1);
  check<T>(seen, [&](auto& s, auto const& y) { run(s, softmax_normalization{}, x.read(), y); });
  check<T>(seen, [&](auto& s, auto const& y) { run(s, log_softmax_normalization{}, x.read(), y); });
}

/// Of x [2, 3, rows, columns], the columns of which are left or, if they are 1, the rows.
template <class T> void check_reductions(std::int64_t rows, std::int64_t columns) {
  CAPTURE(rows);
  CAPTURE(columns);
  operand<T> const x({2, 3, rows, columns}, 2);
  tensor<T const> from{x.read().data,
                       {3, 1, 1, 2, rows, columns},
                       {rows * columns, 0, 0, 3 * rows * columns, columns, 1}};
  if (columns == 1) from = {x.read().data, {3, 1, 1, 2, rows}, {rows, 0, 0, 3 * rows, 1}};
  for (auto const to : {reduced_to::sum, reduced_to::product, reduced_to::largest,
                        reduced_to::smallest, reduced_to::sum_of_magnitudes,
                        reduced_to::root_of_squares, reduced_to::mean, reduced_to::log_of_sum}) {
    check<T>({3, columns}, [&](auto& s, auto const& y) { run(s, reduction{to}, from, y); });
  }
  if constexpr (std::floating_point<T>) {
    check<T>({3, columns},
             [&](auto& s, auto const& y) { run(s, log_sum_exp_reduction{}, from, y); });
  }
}

template <class T> void check_normalizations(std::int64_t n) {
  CAPTURE(n);
  operand<T> const x({2, 3, 2, n}, 3);
  operand<T> const scale({2 * n}, 4);
  operand<T> const bias({2 * n}, 5);
  tensor<T const> const rows{x.read().data, {6, 2 * n}, {2 * n, 1}};
  check<T>({6, 2 * n}, [&](auto& s, auto const& y) {
    run(s, layer_normalization{}, rows, scale.read(), bias.read(), y);
  });
  check<T>({6, 2 * n}, [&](auto& s, auto const& y) {
    run(s, root_mean_square_normalization{}, rows, scale.read(), y);
  });
  operand<T> const weights({3, 2}, 6);
  check<T>({2, 3, 2, n}, [&](auto& s, auto const& y) {
    run(s, group_normalization{}, x.read(), weights.read(), weights.read(), y);
  });
}

}  // namespace

TEST_CASE("softmax has the bits of the scalar stage") {
  for (auto const n : {1, 3, 31, 32, 45, 100}) {
    for (auto const inner : {1, 2, 7, 33, 70}) {
      check_softmax<float>({2, n, inner});
    }
  }
}

TEST_CASE("reductions have the bits of the scalar stage") {
  for (auto const rows : {1, 5, 33, 100}) {
    for (auto const columns : {1, 2, 9, 66, 150}) {
      check_reductions<float>(rows, columns);
      check_reductions<std::int8_t>(rows, columns);
      if (rows == 33) check_reductions<double>(rows, columns);
    }
  }
}

TEST_CASE("normalizations have the bits of the scalar stage") {
  for (auto const n : {1, 8, 21, 50}) {
    check_normalizations<float>(n);
  }
}
