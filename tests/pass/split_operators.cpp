// Operators of any number of inputs become chains.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/pass/split_operators.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "golden.hpp"
#include "inlay/pass/infer_types.hpp"
#include "inlay/program/lower.hpp"

namespace {
using namespace inlay_test;

constexpr auto pass = [](graph g) { return split_operators(infer_types(std::move(g))); };

constexpr std::string_view example = R"(
graph "example" opset 28
input %0 : float32[2, 3]
input %1 : float32[3]
input %2 : float32[4, 1, 1]
%3 = Max(%0, %1, %2)
return %3
)";
static_assert(becomes(pass, example, R"(
graph "example" opset 28
input %0 : float32[2, 3]
input %1 : float32[3]
input %2 : float32[4, 1, 1]
%4 = Max(%0, %1) : float32[2, 3]
%3 = Max(%4, %2) : float32[4, 2, 3]
return %3
)"));
static_assert(leaves_failures_alone(pass, example));

// A scale that repeats along an axis of the rows, and one that differs from row to row; a bias that
// the kernel takes goes with its scale.
static_assert(becomes(pass, R"(
graph "norms" opset 28
input %0 : float32[2, 3, 4]
input %1 : float32[3, 1]
input %2 : float32[4]
input %3 : float32[2, 1, 1]
%4 = LayerNormalization(%0, %1, %2)
%5 = LayerNormalization(%4, %2, %3) {epsilon = 0.25}
%6 = RMSNormalization(%5, %1) {axis = 1}
%7 = LayerNormalization(%6, %2, %2)
return %7
)",
                      R"(
graph "norms" opset 28
input %0 : float32[2, 3, 4]
input %1 : float32[3, 1]
input %2 : float32[4]
input %3 : float32[2, 1, 1]
constant %8 : float32[]
constant %12 : float32[]
%9 = LayerNormalization(%0, %8) : float32[2, 3, 4]
%10 = Mul(%9, %1) : float32[2, 3, 4]
%4 = Add(%10, %2) : float32[2, 3, 4]
%11 = LayerNormalization(%4, %2) {epsilon = 0x1.p-2} : float32[2, 3, 4]
%5 = Add(%11, %3) : float32[2, 3, 4]
%13 = RMSNormalization(%5, %12) {axis = 1} : float32[2, 3, 4]
%6 = Mul(%13, %1) : float32[2, 3, 4]
%7 = LayerNormalization(%6, %2, %2) : float32[2, 3, 4]
return %7
)"));

// One input is the output, two are what the operator takes; a mean of more is a quotient.
static_assert(becomes(pass, R"(
graph "numbers" opset 28
input %0 : float64[2]
%1 = Min(%0)
%2 = Mean(%0, %1)
%3 = Mean(%0, %1, %2)
%4 = Sum(%0, %1, %2, %3)
return %4
)",
                      R"(
graph "numbers" opset 28
input %0 : float64[2]
constant %7 : float64[]
%1 = Identity(%0) : float64[2]
%2 = Mean(%0, %1) : float64[2]
%6 = Sum(%0, %1) : float64[2]
%5 = Sum(%6, %2) : float64[2]
%3 = Div(%5, %7) : float64[2]
%8 = Sum(%0, %1) : float64[2]
%9 = Sum(%8, %2) : float64[2]
%4 = Sum(%9, %3) : float64[2]
return %4
)"));

// Limits that are left out.
static_assert(becomes(pass, R"(
graph "limits" opset 28
input %0 : int32[2]
input %1 : int32[]
%2 = Clip(%0, %1, %1)
%3 = Clip(%2, %1)
%4 = Clip(%3, none, %1)
%5 = Clip(%4)
return %5
)",
                      R"(
graph "limits" opset 28
input %0 : int32[2]
input %1 : int32[]
%2 = Clip(%0, %1, %1) : int32[2]
%3 = Max(%2, %1) : int32[2]
%4 = Min(%3, %1) : int32[2]
%5 = Identity(%4) : int32[2]
return %5
)"));

/// The operator of x to the power of a constant.
constexpr string_view power(float exponent, shape const& s) {
  builder b;
  auto const x = b.input("x", {element_type::float32, {2}});
  float const numbers[] = {exponent};
  b.output(apply<op::pow>(b, "", {x, b.constant("", s, span<float const>(numbers, 1))}));
  return pass(b.finish()).nodes[0].type;
}
static_assert(power(2, {}) == "Mul" && power(2, {1}) == "Mul");
static_assert(power(3, {}) == "Pow" && power(2, {1, 1}) == "Pow");

}  // namespace

TEST_CASE("a program says what it takes where operators are not split") {
  auto const p = lower(infer_types(parse(example, find_operator)));
  CHECK(p.failure.text.view() ==
        "node 0 (Max): it has 3 inputs, of which a program takes 2; split_operators makes nodes of "
        "so many");
  builder b;
  auto const x = b.input("x", {element_type::float32, {2, 3, 4}});
  auto const scale = b.input("scale", {element_type::float32, {3, 1}});
  b.output(apply<op::layer_norm>(b, "norm", {x, scale}));
  CHECK(lower(infer_types(b.finish())).failure.text.view() ==
        "node 0 'norm' (LayerNormalization): its kernel takes no inputs of such shapes; "
        "split_operators makes nodes of others");
}
