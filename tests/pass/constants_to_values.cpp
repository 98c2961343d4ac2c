// Nodes that only state a constant become constants.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/pass/constants_to_values.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "golden.hpp"

namespace {
using namespace inlay_test;

constexpr auto pass = [](graph g) { return constants_to_values(std::move(g)); };

constexpr std::string_view example = R"(
graph "example" opset 28
input %0 : float32[2]
%1 "shape" = Constant() {value_ints = [1, 2]}
%2 = Reshape(%0, %1)
return %2
)";
static_assert(becomes(pass, example, R"(
graph "example" opset 28
input %0 : float32[2]
constant %1 "shape" : int64[2]
%2 = Reshape(%0, %1)
return %2
)"));
static_assert(leaves_failures_alone(pass, example));

// Every form that a tensor of numbers has, with its elements.
static_assert(print(pass(parse(R"(
graph "forms" opset 28
constant %9 : int8[3] = AQID
%0 = Constant() {value = %9}
%1 = Constant() {value_float = 1.0}
%2 = Constant() {value_floats = [1.0, -0.5]}
%3 = Constant() {value_int = -2}
%4 = Constant() {value_ints = [1, 258]}
%5 = Constant() {value_ints = integers[]}
%6 = Gather(%0, %3)
%7 = Constant() {value_floats = reals[]}
return %6
return %7
value %8 : float32
)",
                               find_operator)),
                    with_elements)
                  .view() == R"(graph "forms" opset 28
constant %0 : int8[3] = AQID
constant %1 : float32[] = AACAPw==
constant %2 : float32[2] = AACAPwAAAL8=
constant %3 : int64[] = /v////////8=
constant %4 : int64[2] = AQAAAAAAAAACAQAAAAAAAA==
constant %5 : int64[0]
constant %7 : float32[0]
constant %9 : int8[3] = AQID
value %8 : float32
%6 = Gather(%0, %3)
return %6
return %7
)");

// A tensor of one element, as large as another tensor says.
static_assert(becomes(pass, R"(
graph "expanded" opset 28
input %0 : int64[2]
constant %1 : int8[1] = AQ==
%2 = ConstantOfShape(%0) {value = %1}
%3 = ConstantOfShape(%0)
return %2
return %3
)",
                      R"(
graph "expanded" opset 28
input %0 : int64[2]
constant %1 : int8[1]
constant %4 : int8[]
constant %5 : float32[]
%2 = Expand(%4, %0)
%3 = Expand(%5, %0)
return %2
return %3
)"));

// Texts, other domains, what is no constant, and a node that says more than one thing.
static_assert(stays(pass, R"(
graph "others" opset 28
input %0 : float32[2]
%1 = Constant() {value_string = "a"}
%2 = Constant() {value_strings = ["a", "b"]}
%3 = other.Constant() {value_int = 1}
%4 = Constant() {value_int = 1, value_float = 1.0}
%5 = Constant() {sparse_value = other}
%6 = Constant()
%7 = Constant() {value_ints = 1}
%8 = Constant() {value_int = [1]}
return %1
)"));

}  // namespace

TEST_CASE("a constant is an output like any other") {
  auto const g = pass(parse(R"(
graph "" opset 28
%0 "y" = Constant() {value_int = 7} "name"
return %0
)",
                            find_operator));
  CHECK(g.nodes.empty());
  REQUIRE(g.is_constant(0));
  CHECK(verify(g).failure.text.view() == "");
}
