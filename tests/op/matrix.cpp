// Gemm and MatMul: their types and what they hand to the kernel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/matrix.hpp"

#include <doctest/doctest.h>

#include "one_node.hpp"

namespace {
using namespace inlay_test;

constexpr auto a23 = float32({2, 3});
constexpr auto a32 = float32({3, 2});
constexpr auto b34 = float32({3, 4});
constexpr auto b43 = float32({4, 3});

static_assert(infers<op::gemm>({2, 4}, {a23, b34}));
static_assert(infers<op::gemm>({2, 4}, {a32, b34}, {{"transA", 1}}));
static_assert(infers<op::gemm>({2, 4}, {a23, b43}, {{"transB", 1}}));
static_assert(infers<op::gemm>({2, 4}, {a32, b43}, {{"transA", 1}, {"transB", -1}}));
// The addend broadcasts one way only.
static_assert(infers<op::gemm>({2, 4}, {a23, b34, float32({2, 4})}));
static_assert(infers<op::gemm>({2, 4}, {a23, b34, float32({4})}));
static_assert(infers<op::gemm>({2, 4}, {a23, b34, float32({2, 1})}));
static_assert(infers<op::gemm>({2, 4}, {a23, b34, float32({})}));
static_assert(infers<op::gemm>({0, 4}, {float32({0, 3}), b34}));

static_assert(refuses<op::gemm>(rule::the_rank_must_match_the_operator,
                                "the shapes 2x3x1 and 3x4 are not those of two matrices",
                                {float32({2, 3, 1}), b34}));
static_assert(refuses<op::gemm>(rule::the_rank_must_match_the_operator,
                                "the shapes 2x3 and 3 are not those of two matrices",
                                {a23, float32({3})}));
static_assert(refuses<op::gemm>(rule::columns_of_left_must_equal_rows_of_right,
                                "the left operand has 3 columns, the right operand has 4 rows",
                                {a23, b43}));
static_assert(
    refuses<op::gemm>(rule::columns_of_left_must_equal_rows_of_right,
                      "the left operand has 2 columns (transposed), the right operand has 3 rows",
                      {a23, b34}, {{"transA", 1}}));
static_assert(
    refuses<op::gemm>(rule::columns_of_left_must_equal_rows_of_right,
                      "the left operand has 3 columns, the right operand has 4 rows (transposed)",
                      {a23, b34}, {{"transB", 1}}));
static_assert(refuses<op::gemm>(rule::shapes_must_broadcast,
                                "the addend of shape 3 does not broadcast to the result's 2x4",
                                {a23, b34, float32({3})}));
static_assert(refuses<op::gemm>(rule::shapes_must_broadcast,
                                "the addend of shape 1x2x4 does not broadcast to the result's 2x4",
                                {a23, b34, float32({1, 2, 4})}));

constexpr matrix_product parameters(lowering const& l) {
  return from_words<matrix_product>(l.words.data());
}

constexpr bool gemm_lowers_plain() {
  auto const l = lowered<op::gemm>({a23, b34});
  return looks(l.inputs[0], {2, 3}, {3, 1}) && looks(l.inputs[1], {3, 4}, {4, 1}) &&
         l.inputs.size() == 3 && l.inputs[2].element == element_type::undefined &&
         looks(l.outputs[0], {2, 4}, {4, 1}) && parameters(l).alpha == 1 &&
         parameters(l).beta == 1 && l.multiply_adds == 2 * 3 * 4;
}
static_assert(gemm_lowers_plain());

constexpr bool gemm_lowers_transposed() {
  auto const l = lowered<op::gemm>(
      {a32, b43, float32({4})}, {{"transA", 1}, {"transB", 1}, {"alpha", 0.5f}, {"beta", -2.0f}});
  return looks(l.inputs[0], {2, 3}, {1, 2}) && looks(l.inputs[1], {3, 4}, {1, 3}) &&
         looks(l.inputs[2], {2, 4}, {0, 1}) && parameters(l).alpha == 0.5 &&
         parameters(l).beta == -2 && l.multiply_adds == 24;
}
static_assert(gemm_lowers_transposed());

// onnx.shape_inference of MatMul.
static_assert(infers<op::matmul>({2, 4}, {a23, b34}));
static_assert(infers<op::matmul>({}, {float32({3}), float32({3})}));
static_assert(infers<op::matmul>({4}, {float32({3}), b34}));
static_assert(infers<op::matmul>({2}, {a23, float32({3})}));
static_assert(infers<op::matmul>({5, 2, 4}, {float32({5, 2, 3}), b34}));
static_assert(infers<op::matmul>({5, 2, 4}, {a23, float32({5, 3, 4})}));
static_assert(infers<op::matmul>({5, 4}, {float32({3}), float32({5, 3, 4})}));
static_assert(infers<op::matmul>({5, 2}, {float32({5, 2, 3}), float32({3})}));
static_assert(infers<op::matmul>({6, 5, 2, 4}, {float32({6, 1, 2, 3}), float32({5, 3, 4})}));
static_assert(infers<op::matmul>({6, 5, 2, 4}, {float32({1, 5, 2, 3}), float32({6, 1, 3, 4})}));
static_assert(infers<op::matmul>({2, 3, 1, 1, 1, 1, 2, 4}, {float32({2, 1, 1, 1, 1, 1, 2, 3}),
                                                            float32({3, 1, 1, 1, 1, 3, 4})}));
static_assert(infers<op::matmul>({2, 4},
                                 {{element_type::int64, {2, 3}}, {element_type::int64, {3, 4}}}));

static_assert(refuses<op::matmul>(rule::the_rank_must_match_the_operator,
                                  "a scalar is no operand of a matrix product",
                                  {float32({}), b34}));
static_assert(refuses<op::matmul>(rule::the_rank_must_match_the_operator,
                                  "a scalar is no operand of a matrix product",
                                  {a23, float32({})}));
static_assert(refuses<op::matmul>(rule::columns_of_left_must_equal_rows_of_right,
                                  "the left operand has 3 columns, the right operand has 4 rows",
                                  {a23, b43}));
static_assert(refuses<op::matmul>(rule::columns_of_left_must_equal_rows_of_right,
                                  "the left operand has 2 columns, the right operand has 3 rows",
                                  {float32({2}), float32({3})}));
static_assert(
    refuses<op::matmul>(rule::shapes_must_broadcast,
                        "the shapes 5 and 6 do not broadcast: 5 and 6 stand on the same axis",
                        {float32({5, 2, 3}), float32({6, 3, 4})}));

constexpr bool matmul_lowers_batches() {
  auto const l = lowered<op::matmul>({float32({6, 1, 2, 3}), float32({5, 3, 4})});
  return looks(l.inputs[0], {6, 5, 2, 3}, {6, 0, 3, 1}) &&
         looks(l.inputs[1], {6, 5, 3, 4}, {0, 12, 4, 1}) &&
         looks(l.outputs[0], {6, 5, 2, 4}, {40, 8, 4, 1}) && l.inputs.size() == 3 &&
         l.inputs[2].element == element_type::undefined && l.multiply_adds == 6 * 5 * 2 * 3 * 4;
}
static_assert(matmul_lowers_batches());

constexpr bool matmul_lowers_lists() {
  auto const left = lowered<op::matmul>({float32({3}), float32({5, 3, 4})});
  auto const right = lowered<op::matmul>({float32({5, 2, 3}), float32({3})});
  auto const both = lowered<op::matmul>({float32({3}), float32({3})});
  return looks(left.inputs[0], {5, 1, 3}, {0, 3, 1}) &&
         looks(left.inputs[1], {5, 3, 4}, {12, 4, 1}) &&
         looks(left.outputs[0], {5, 1, 4}, {4, 4, 1}) && left.multiply_adds == 60 &&
         looks(right.inputs[0], {5, 2, 3}, {6, 3, 1}) &&
         looks(right.inputs[1], {5, 3, 1}, {0, 1, 1}) &&
         looks(right.outputs[0], {5, 2, 1}, {2, 1, 1}) && right.multiply_adds == 30 &&
         looks(both.outputs[0], {1, 1}, {1, 1}) && both.multiply_adds == 3;
}
static_assert(matmul_lowers_lists());

}  // namespace

TEST_CASE("a product over no elements is still one") {
  CHECK(infers<op::matmul>({2, 4}, {float32({2, 0}), float32({0, 4})}));
  CHECK(lowered<op::matmul>({float32({2, 0}), float32({0, 4})}).multiply_adds == 0);
}
