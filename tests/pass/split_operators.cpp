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
}
