// What computes nothing goes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/pass/eliminate_identities.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "golden.hpp"

namespace {
using namespace inlay_test;

constexpr auto pass = [](graph g) { return eliminate_identities(std::move(g)); };

constexpr std::string_view example = R"(
graph "example" opset 28
input %0 : float32[2]
%1 = Relu(%0) : float32[2]
%2 = Identity(%1) : float32[2]
%3 = Add(%2, %2) : float32[2]
return %3
)";
static_assert(becomes(pass, example, R"(
graph "example" opset 28
input %0 : float32[2]
%1 = Relu(%0) : float32[2]
%3 = Add(%1, %1) : float32[2]
return %3
)"));
static_assert(leaves_failures_alone(pass, example));

static_assert(becomes(pass, R"(
graph "views to the same shape" opset 28
input %0 : float32[2, 3]
constant %1 : int64[2] = /////////////////////w==
%2 = Flatten(%0) : float32[2, 3]
%3 = Reshape(%2, %1) : float32[2, 3]
%4 = Reshape(%3, %1) : float32[3, 2]
%5 = Relu(%4) : float32[3, 2]
%6 = Relu(%3) : float32[2, 3]
return %5
return %6
)",
                      R"(
graph "views to the same shape" opset 28
input %0 : float32[2, 3]
constant %1 : int64[2]
%4 = Reshape(%0, %1) : float32[3, 2]
%5 = Relu(%4) : float32[3, 2]
%6 = Relu(%0) : float32[2, 3]
return %5
return %6
)"));

static_assert(becomes(pass, R"(
graph "axes that stay" opset 28
input %0 : float32[1, 2, 1, 2]
%1 = Transpose(%0) {perm = [2, 1, 0, 3]} : float32[1, 2, 1, 2]
%2 = Transpose(%1) {perm = [0, 3, 2, 1]} : float32[1, 2, 1, 2]
%3 = Transpose(%2) {perm = [1, 0, 2, 3]} : float32[2, 1, 1, 2]
return %3
)",
                      R"(
graph "axes that stay" opset 28
input %0 : float32[1, 2, 1, 2]
%2 = Transpose(%0) {perm = [0, 3, 2, 1]} : float32[1, 2, 1, 2]
%3 = Transpose(%2) {perm = [1, 0, 2, 3]} : float32[2, 1, 1, 2]
return %3
)"));

static_assert(becomes(pass, R"(
graph "rectified once" opset 28
input %0 : float32[2]
%1 = Relu(%0) : float32[2]
%2 = Identity(%1) : float32[2]
%3 = Relu(%2) : float32[2]
%4 = Relu(%3) : float32[2]
%5 = Add(%4, %0) : float32[2]
return %5
)",
                      R"(
graph "rectified once" opset 28
input %0 : float32[2]
%1 = Relu(%0) : float32[2]
%5 = Add(%1, %0) : float32[2]
return %5
)"));

// Zeros of integers change nothing; of floats, only -0 does. Those that make the other one larger
// stay.
static_assert(becomes(pass, R"(
graph "zeros" opset 28
input %0 : int32[2]
input %1 : float32[2]
constant %2 : int32[] = AAAAAA==
constant %3 : float32[] = AAAAgA==
constant %4 : float32[] = AAAAAA==
constant %5 : int32[2, 1] = AAAAAAAAAAA=
constant %6 : int32[2] = AAAAAAEAAAA=
constant %7 : float32[0]
%8 = Add(%0, %2) : int32[2]
%9 = Add(%2, %8) : int32[2]
%10 = Add(%9, %5) : int32[2, 2]
%11 = Add(%9, %6) : int32[2]
%12 = Add(%3, %1) : float32[2]
%13 = Add(%12, %4) : float32[2]
%14 = Add(%9, %9) : int32[2]
return %10
return %11
return %13
return %14
)",
                      R"(
graph "zeros" opset 28
input %0 : int32[2]
input %1 : float32[2]
constant %2 : int32[]
constant %3 : float32[]
constant %4 : float32[]
constant %5 : int32[2, 1]
constant %6 : int32[2]
constant %7 : float32[0]
%10 = Add(%0, %5) : int32[2, 2]
%11 = Add(%0, %6) : int32[2]
%13 = Add(%1, %4) : float32[2]
%14 = Add(%0, %0) : int32[2]
return %10
return %11
return %13
return %14
)"));

// An output keeps its number and its name: the node that made the other value makes it.
static_assert(becomes(pass, R"(
graph "outputs" opset 28
input %0 "x" : float32[2]
%1 "hidden" = Relu(%0) : float32[2]
%2 = Identity(%1) : float32[2]
%3 "y" = Identity(%2) : float32[2]
%4 = Add(%1, %2) : float32[2]
%5 "z" = Identity(%4) : float32[2]
return %3
return %5
)",
                      R"(
graph "outputs" opset 28
input %0 "x" : float32[2]
%3 "y" = Relu(%0) : float32[2]
%5 "z" = Add(%3, %3) : float32[2]
return %3
return %5
)"));
// Inputs, constants and other outputs are copied.
static_assert(becomes(pass, R"(
graph "copies" opset 28
input %0 "x" : float32[2]
constant %1 "w" : float32[1] = AAAAAA==
%2 "of x" = Identity(%0) : float32[2]
%3 "of w" = Identity(%1) : float32[1]
%4 "y" = Relu(%0) : float32[2]
%5 "y again" = Identity(%4) : float32[2]
return %2
return %3
return %4
return %5
)",
                      R"(
graph "copies" opset 28
input %0 "x" : float32[2]
constant %1 "w" : float32[1]
%2 "of x" = Identity(%0) : float32[2]
%3 "of w" = Identity(%1) : float32[1]
%4 "y" = Relu(%0) : float32[2]
%5 "y again" = Identity(%4) : float32[2]
return %2
return %3
return %4
return %5
)"));

// A body reads values of the graph around it.
constexpr bool bodies_read_what_remains() {
  builder b("", 28);
  tensor_type const pair{element_type::float32, {2}};
  auto const x = b.input("x", pair);
  auto const y = apply<op::relu>(b, "", {x});
  auto const z = apply<op::identity>(b, "", {y});
  auto const inner = b.add_value("", {});
  auto& g = b.unfinished();
  g.values[y].type = g.values[z].type = pair;
  node read;
  read.inputs = b.append(g.operands, span<value_id const>(&z, 1));
  read.outputs = b.append(g.operands, span<value_id const>(&inner, 1));
  g.body_nodes.push_back(read);
  g.bodies.push_back({"then", {0, 1}, {}, read.outputs, {}});
  b.output(b.add(operator_id::unlisted, "If", "", {x}));
  g.annotations.push_back({annotated::node, 1, "doc", "gone"});
  g.annotations.push_back({annotated::node, 2, "doc", "kept"});
  auto const after = eliminate_identities(b.finish());
  return after.nodes.size() == 2 && after.inputs_of(after.body_nodes[0])[0] == y &&
         after.outputs_of(after.body_nodes[0])[0] == inner && after.annotations.size() == 1 &&
         after.annotations[0].index == 1 && after.annotations[0].text == "kept";
}
static_assert(bodies_read_what_remains());

}  // namespace

TEST_CASE("ten thousand identities in a row are none") {
  builder b("", 28);
  tensor_type const pair{element_type::float32, {2}};
  auto x = apply<op::relu>(b, "", {b.input("x", pair)});
  for (int i = 0; i < 10'000; ++i) x = apply<op::identity>(b, "", {x});
  b.output(x, "y");
  auto g = b.finish();
  for (auto& v : g.values) v.type = pair;
  g = eliminate_identities(std::move(g));
  REQUIRE(g.nodes.size() == 1);
  CHECK(g.outputs_of(g.nodes[0])[0] == x);
  CHECK(g.values[g.outputs[0]].name == "y");
}
