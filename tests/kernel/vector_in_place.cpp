// Kernels that write over their input, in both stages: the bits of those that do not.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../stage/machine_stage.hpp"

#include <doctest/doctest.h>

#include <cstdint>

#include "inlay/kernel/elementwise-inl.hpp"
#include "inlay/kernel/group_normalization-inl.hpp"
#include "inlay/kernel/normalization-inl.hpp"
#include "inlay/kernel/row_normalization-inl.hpp"
#include "inlay/kernel/softmax-inl.hpp"
#include "inlay/op/activation.hpp"
#include "inlay/op/arithmetic.hpp"
#include "operand.hpp"

namespace {
using namespace inlay;
using namespace inlay_test;

/// Runs `compute(stage, x, y)` with y apart from x, and with y where x is in both stages.
template <class T, class Compute> void check(shape const& seen, Compute const& compute) {
  auto const size = elements_of(seen);
  operand<T> const x(size, 3);
  operand<T> const wanted(size, 5);
  operand<T> const in_vectors(size, 3);
  operand<T> const in_scalar(size, 3);
  scalar reference;
  exact_machine s;
  compute(reference, x.constant(seen), wanted.view(seen));
  compute(s, in_vectors.constant(seen), in_vectors.view(seen));
  compute(reference, in_scalar.constant(seen), in_scalar.view(seen));
  CHECK(in_vectors.differences(wanted) == 0);
  CHECK(in_scalar.differences(wanted) == 0);
}

template <class T> void check_elements(std::int64_t n) {
  operand<T> const other(3 * n, 7);
  tensor<T const> const row{other.data(), {3, n}, {0, 1}};
  check<T>({3 * n},
           [&](auto& s, auto const& x, auto const& y) { elementwise<op::relu, T>(s, {}, y, x); });
  check<T>({3 * n},
           [&](auto& s, auto const& x, auto const& y) { elementwise<op::add, T>(s, {}, y, x, x); });
  check<T>({3, n}, [&](auto& s, auto const& x, auto const& y) {
    elementwise<op::add, T>(s, {}, y, row, x);
  });
}

void check_rows(std::int64_t n) {
  operand<float> const all_factors(2 * n, 11);
  auto const factors = all_factors.constant({n});
  auto const channels = all_factors.constant({2});
  auto const groups = all_factors.constant({2, 1});
  shape const rows{3, n};
  check<float>({3, n, 1}, [&](auto& s, auto const& x, auto const& y) {
    run(s, softmax_normalization{}, x, y);
  });
  check<float>({3, n, 1}, [&](auto& s, auto const& x, auto const& y) {
    run(s, log_softmax_normalization{}, x, y);
  });
  check<float>(rows, [&](auto& s, auto const& x, auto const& y) {
    run(s, layer_normalization{}, x, factors, factors, y);
  });
  check<float>(rows, [&](auto& s, auto const& x, auto const& y) {
    run(s, root_mean_square_normalization{}, x, factors, y);
  });
  check<float>({2, 2, 1, n}, [&](auto& s, auto const& x, auto const& y) {
    run(s, group_normalization{}, x, groups, groups, y);
  });
  check<float>({2, 2, n}, [&](auto& s, auto const& x, auto const& y) {
    auto const one = all_factors.constant({2});
    tensor<float const> const variance{one.data, {2}, {0}};
    run(s, channel_normalization{1}, x, channels, channels, channels, variance, y);
  });
}

}  // namespace

TEST_CASE("element operators write over an input, of 1 to 70 elements a row") {
  for (std::int64_t n = 1; n <= 70; ++n) {
    CAPTURE(n);
    check_elements<float>(n);
    check_elements<double>(n);
    check_elements<std::int32_t>(n);
  }
}

TEST_CASE("normalizations of rows write over their input, of 1 to 70 elements a row") {
  for (std::int64_t n = 1; n <= 70; ++n) {
    CAPTURE(n);
    check_rows(n);
  }
}
