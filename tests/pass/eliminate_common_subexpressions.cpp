// Everything is computed once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/pass/eliminate_common_subexpressions.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "golden.hpp"

namespace {
using namespace inlay_test;

constexpr auto pass = [](graph g) { return eliminate_common_subexpressions(std::move(g)); };

constexpr std::string_view example = R"(
graph "example" opset 28
input %0 : float32[2]
%1 = Relu(%0) "first" : float32[2]
%2 = Relu(%0) "second" : float32[2]
%3 = Add(%1, %2) : float32[2]
return %3
)";
static_assert(becomes(pass, example, R"(
graph "example" opset 28
input %0 : float32[2]
%1 = Relu(%0) "first" : float32[2]
%3 = Add(%1, %1) : float32[2]
return %3
)"));
static_assert(leaves_failures_alone(pass, example));

// What reads merged values is merged in turn.
static_assert(becomes(pass, R"(
graph "trees" opset 28
input %0 : float32[2, 2]
%1 = Relu(%0) : float32[2, 2]
%2 = Softmax(%1) {axis = 1} : float32[2, 2]
%3 = Add(%2, %0) : float32[2, 2]
%4 = Relu(%0) : float32[2, 2]
%5 = Softmax(%4) {axis = 1} : float32[2, 2]
%6 = Add(%5, %0) : float32[2, 2]
%7 = MatMul(%3, %6) : float32[2, 2]
return %7
)",
                      R"(
graph "trees" opset 28
input %0 : float32[2, 2]
%1 = Relu(%0) : float32[2, 2]
%2 = Softmax(%1) {axis = 1} : float32[2, 2]
%3 = Add(%2, %0) : float32[2, 2]
%7 = MatMul(%3, %3) : float32[2, 2]
return %7
)"));

// Nodes that differ in anything, and operators that nobody knows.
static_assert(stays(pass, R"(
graph "different" opset 28
input %0 : float32[2, 2]
input %1 : float32[2, 2]
%2 = Softmax(%0) {axis = 0} : float32[2, 2]
%3 = Softmax(%0) {axis = 1} : float32[2, 2]
%4 = Softmax(%0) : float32[2, 2]
%5 = Add(%0, %1) : float32[2, 2]
%6 = Add(%1, %0) : float32[2, 2]
%7 = Gemm(%0, %1) {alpha = 0.0} : float32[2, 2]
%8 = Gemm(%0, %1) {alpha = -0.0} : float32[2, 2]
%9 = Gemm(%0, %1) {beta = 0.0} : float32[2, 2]
%10 = Gemm(%0, %1, none) {alpha = 0.0} : float32[2, 2]
%11 = RandomUniform()
%12 = RandomUniform()
%13 = MaxPool(%0) : float32[2, 2]
%14, %15 = MaxPool(%0) : float32[2, 2], int64[2, 2]
return %2
)"));

// Outputs of the graph stay two values.
static_assert(becomes(pass, R"(
graph "outputs" opset 28
input %0 : float32[2]
%1 "hidden" = Relu(%0) : float32[2]
%2 "y" = Relu(%0) : float32[2]
%3 "z" = Relu(%0) "again" : float32[2]
%4 = Add(%1, %3) : float32[2]
return %2
return %3
return %4
)",
                      R"(
graph "outputs" opset 28
input %0 : float32[2]
%2 "y" = Relu(%0) : float32[2]
%3 "z" = Identity(%2) "again" : float32[2]
%4 = Add(%2, %3) : float32[2]
return %2
return %3
return %4
)"));
static_assert(stays(pass, R"(
graph "copies" opset 28
input %0 : float32[2]
%1 "y" = Identity(%0) : float32[2]
%2 "z" = Identity(%0) : float32[2]
return %1
return %2
)"));

}  // namespace

TEST_CASE("ten thousand equal sums are one") {
  builder b("", 28);
  tensor_type const pair{element_type::float32, {2}};
  auto const x = b.input("x", pair);
  auto y = x;
  for (int i = 0; i < 10'000; ++i) y = apply<op::add>(b, "", {x, x});
  b.output(y, "y");
  auto const g = eliminate_common_subexpressions(b.finish());
  REQUIRE(g.nodes.size() == 1);
  CHECK(g.outputs_of(g.nodes[0])[0] == y);
}
