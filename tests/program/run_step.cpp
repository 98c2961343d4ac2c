// From an operator and its words to its kernel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/program/run_step-inl.hpp"

#include <doctest/doctest.h>

#include "inlay/op/list.hpp"
#include "inlay/stage/scalar.hpp"

namespace {
using namespace inlay;

// As many as the kernel has operands, those that may be left out among them.
static_assert(step_inputs<op::conv>() == 3 && step_inputs<op::gemm>() == 3);
static_assert(step_inputs<op::matmul>() == 3 && step_inputs<op::max_pool>() == 1);
static_assert(step_inputs<op::softmax>() == 1 && step_inputs<op::add>() == 2);
static_assert(step_inputs<op::relu>() == 1 && step_inputs<op::identity>() == 1);

template <class T> constexpr tensor<T> dense(T* data, shape const& s) {
  return {data, s, contiguous_strides(s)};
}

constexpr bool reads_its_parameters() {
  vector<std::int64_t> words;
  append_words(words, matrix_product{2.0, -1.0});
  float const a[] = {1, 2};
  float const b[] = {3, 4};
  float const c[] = {10};
  float y[1]{};
  scalar s;
  run_step<op::gemm, float>(s, kernel_of<op::gemm>(words.data()), dense(y, {1, 1}),
                            dense<float const>(a, {1, 2}), dense<float const>(b, {2, 1}),
                            dense<float const>(c, {1, 1}));
  return y[0] == 2 * 11 - 10;
}
static_assert(reads_its_parameters());

constexpr bool needs_none_for_elements() {
  std::int8_t const x[] = {-5, 5};
  std::int8_t y[2]{};
  scalar s;
  run_step<op::relu, std::int8_t>(s, kernel_of<op::relu>(nullptr), dense(y, {2}),
                                  dense<std::int8_t const>(x, {2}));
  return y[0] == 0 && y[1] == 5;
}
static_assert(needs_none_for_elements());

}  // namespace

TEST_CASE("a step runs when the program runs") {
  CHECK(reads_its_parameters());
  CHECK(needs_none_for_elements());
}
