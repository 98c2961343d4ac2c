// Old forms of operators become the newest.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/pass/convert_opset.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "golden.hpp"

namespace {
using namespace inlay_test;

constexpr auto pass = [](graph g) { return convert_opset(std::move(g)); };

constexpr std::string_view example = R"(
graph "example" opset 12
input %0 : float32[2, 3, 4]
%1 "y" = Softmax(%0) "softmax"
return %1
)";
static_assert(becomes(pass, example, R"(
graph "example" opset 28
input %0 : float32[2, 3, 4]
constant %4 : int64[3]
%2 = Flatten(%0) {axis = 1}
%3 = Softmax(%2) {axis = 1} "softmax"
%1 "y" = Reshape(%3, %4) : float32[2, 3, 4]
return %1
)"));
static_assert(leaves_failures_alone(pass, example));

constexpr bool keeps_the_shape() {
  auto const g = pass(parse(example, find_operator));
  auto const bytes = g.bytes_of(g.constants[0]);
  return read_little_endian<std::int64_t>(bytes, 0) == 2 &&
         read_little_endian<std::int64_t>(bytes, 1) == 3 &&
         read_little_endian<std::int64_t>(bytes, 2) == 4;
}
static_assert(keeps_the_shape());

// Along the last axis both forms are one; without elements, zeros are extents.
static_assert(becomes(pass, R"(
graph "axes" opset 11
input %0 : float32[2, 3]
input %1 : float32[2, 0, 3]
%2 = Softmax(%0)
%3 = Softmax(%2) {axis = -1}
%4 = Softmax(%1) {axis = -3}
%5 = Relu(%4)
return %3
return %5
)",
                      R"(
graph "axes" opset 28
input %0 : float32[2, 3]
input %1 : float32[2, 0, 3]
constant %8 : int64[3]
%2 = Softmax(%0) {axis = 1} : float32[2, 3]
%3 = Softmax(%2) {axis = 1} : float32[2, 3]
%6 = Flatten(%1) {axis = 0}
%7 = Softmax(%6) {axis = 1}
%4 = Reshape(%7, %8) {allowzero = 1} : float32[2, 0, 3]
%5 = Relu(%4) : float32[2, 0, 3]
return %3
return %5
)"));

// From 13 on the form is the newest.
static_assert(becomes(pass, R"(
graph "new" opset 13
input %0 : float32[2, 3, 4]
%1 = Softmax(%0)
return %1
)",
                      R"(
graph "new" opset 28
input %0 : float32[2, 3, 4]
%1 = Softmax(%0)
return %1
)"));
static_assert(stays(pass, R"(
graph "newest" opset 28
input %0 : float32[2, 3, 4]
%1 = Softmax(%0)
return %1
)"));
// Nobody knows what a newer opset would make of other operators.
static_assert(stays(pass, R"(
graph "others" opset 13
input %0 : float32[2, 3, 4]
%1 = Hardmax(%0) {axis = 1}
return %1
)"));

static_assert(becomes(pass, R"(
graph "normalization" opset 7
input %0 : float32[2, 3]
input %1 : float32[3]
%2, none, none, none, none = BatchNormalization(%0, %1, %1, %1, %1) {epsilon = 0.5, spatial = 1}
%3 = BatchNormalization(%2, %1, %1, %1, %1) {spatial = 2}
return %3
)",
                      R"(
graph "normalization" opset 28
input %0 : float32[2, 3]
input %1 : float32[3]
%2 = BatchNormalization(%0, %1, %1, %1, %1) {epsilon = 0x1.p-1}
%3 = BatchNormalization(%2, %1, %1, %1, %1)
return %3
)"));

// Axes of an attribute become an input; no axes are all of extent 1.
constexpr std::string_view old_axes = R"(
graph "axes" opset 11
input %0 : float32[2, 1, 3]
%1 = Squeeze(%0) {axes = [-2]} "squeeze"
%2 = Unsqueeze(%1) {axes = [0, 3]}
%3 = Squeeze(%2)
return %3
)";
static_assert(becomes(pass, old_axes, R"(
graph "axes" opset 28
input %0 : float32[2, 1, 3]
constant %4 : int64[1]
constant %5 : int64[2]
%1 = Squeeze(%0, %4) "squeeze"
%2 = Unsqueeze(%1, %5)
%3 = Squeeze(%2)
return %3
)"));
constexpr bool infers_old_axes() {
  auto const g = infer_types(pass(parse(old_axes, find_operator)));
  return !g.failure && g.values[1].type.shape == shape{2, 3} &&
         g.values[2].type.shape == shape{1, 2, 3, 1} && g.values[3].type.shape == shape{2, 3};
}
static_assert(infers_old_axes());

// Before a softmax, which needs the types; and in a graph that keeps its opset.
static_assert(becomes(pass, R"(
graph "both" opset 11
input %0 : float32[2, 3]
%1 = Unsqueeze(%0) {axes = [0]}
%2 = Softmax(%1) {axis = 2}
return %2
)",
                      R"(
graph "both" opset 28
input %0 : float32[2, 3]
constant %3 : int64[1]
%1 = Unsqueeze(%0, %3) : float32[1, 2, 3]
%2 = Softmax(%1) {axis = 2} : float32[1, 2, 3]
return %2
)"));
static_assert(becomes(pass, R"(
graph "others" opset 11
input %0 : float32[2, 3]
%1 = Unsqueeze(%0) {axes = [0]}
%2 = Hardmax(%1)
return %2
)",
                      R"(
graph "others" opset 11
input %0 : float32[2, 3]
constant %3 : int64[1]
%1 = Unsqueeze(%0, %3)
%2 = Hardmax(%1)
return %2
)"));

// Reductions: the sum's axes in opset 13, the others' in opset 18. A logarithm of a softmax is as a
// softmax.
static_assert(becomes(pass, R"(
graph "reductions" opset 13
input %0 : float32[2, 3]
%1 = ReduceMax(%0) {axes = [1], keepdims = 0}
%2 = LogSoftmax(%1)
%3 = ReduceMean(%2)
return %3
)",
                      R"(
graph "reductions" opset 28
input %0 : float32[2, 3]
constant %4 : int64[1]
%1 = ReduceMax(%0, %4) {keepdims = 0}
%2 = LogSoftmax(%1)
%3 = ReduceMean(%2)
return %3
)"));
static_assert(becomes(pass, R"(
graph "logarithm" opset 11
input %0 : float32[2, 3]
%1 = LogSoftmax(%0) {axis = -1}
%2 = ReduceSum(%1) {axes = [0]}
return %2
)",
                      R"(
graph "logarithm" opset 28
input %0 : float32[2, 3]
constant %3 : int64[1]
%1 = LogSoftmax(%0) {axis = 1} : float32[2, 3]
%2 = ReduceSum(%1, %3) : float32[1, 3]
return %2
)"));
// What attributes said are inputs.
static_assert(becomes(pass, R"(
graph "parts" opset 9
input %0 : float32[2, 3]
%1 = Slice(%0) {axes = [1], ends = [2], starts = [1]}
%2, %3 = Split(%1) {split = [1, 1]}
return %2
)",
                      R"(
graph "parts" opset 28
input %0 : float32[2, 3]
constant %4 : int64[1]
constant %5 : int64[1]
constant %6 : int64[1]
constant %7 : int64[2]
%1 = Slice(%0, %4, %5, %6)
%2, %3 = Split(%1, %7)
return %2
)"));
static_assert(becomes(pass, R"(
graph "pads" opset 10
input %0 : float64[3]
%1 = Relu(%0)
%2 = Pad(%1) {mode = "constant", pads = [1, 0], value = 0.5}
%3 = Pad(%2) {pads = [0, 1]}
return %3
)",
                      R"(
graph "pads" opset 28
input %0 : float64[3]
constant %4 : int64[2]
constant %5 : int64[2]
constant %6 : float64[]
%1 = Relu(%0) : float64[3]
%2 = Pad(%1, %4, %6) {mode = "constant"} : float64[4]
%3 = Pad(%2, %5) : float64[5]
return %3
)"));
// The same shapes would mean something else, or what is too new would not be found.
static_assert(stays(pass, R"(
graph "groups" opset 20
input %0 : float32[1, 4, 3]
input %1 : float32[2]
%2 = GroupNormalization(%0, %1, %1) {num_groups = 2}
return %2
)"));
static_assert(stays(pass, R"(
graph "rows" opset 16
input %0 : float32[2, 3]
input %1 : float32[3]
%2 = LayerNormalization(%0, %1)
return %2
)"));

constexpr bool fails(std::string_view text, std::string_view sentence) {
  return pass(parse(text, find_operator)).failure.text.view() == sentence;
}
static_assert(
    fails(R"(
graph "" opset 8
input %0 : float32[2, 3]
input %1 : float32[3]
%2 = BatchNormalization(%0, %1, %1, %1, %1) {spatial = 0} "bn"
return %2
)",
          "node 0 'bn' (BatchNormalization): attribute 'spatial' is 0; only statistics of "
          "whole channels are supported"));
static_assert(fails(R"(
graph "" opset 12
input %0 : float32[5]
%1 = Softmax(%0) "list"
return %1
)",
                    "node 0 'list' (Softmax): axis 1 is outside of the input's 1 axes"));

// Limits become inputs of the type that they limit.
// A graph that keeps its opset may come again: limits that are inputs stay.
constexpr std::string_view kept = R"(
graph "kept" opset 9
input %0 : float32[1, 1, 2, 2]
%1 = ConvTranspose(%0, %0)
%2 = Clip(%1) {max = 6.0}
return %2
)";
constexpr bool limits_stay() {
  auto const once = pass(parse(kept, find_operator));
  auto const twice = pass(once);
  return once.opset == 9 && node_view(once, once.nodes[1]).has_input(2) &&
         print(once).view() == print(twice).view();
}
static_assert(limits_stay());

constexpr std::string_view clips = R"(
graph "clips" opset 9
input %0 : float64[2]
%1 = Clip(%0) {max = 6.0, min = 0.0}
%2 = Clip(%1) {min = 1.5}
return %2
)";
static_assert(becomes(pass, clips, R"(
graph "clips" opset 28
input %0 : float64[2]
constant %3 : float64[]
constant %4 : float64[]
constant %5 : float64[]
%1 = Clip(%0, %3, %4) : float64[2]
%2 = Clip(%1, %5, none) : float64[2]
return %2
)"));
constexpr bool keeps_the_limits() {
  auto const g = pass(parse(clips, find_operator));
  auto const limit = [&](std::size_t i) {
    return read_little_endian<double>(g.bytes_of(g.constants[i]), 0);
  };
  return limit(0) == 0 && limit(1) == 6 && limit(2) == 1.5;
}
static_assert(keeps_the_limits());
static_assert(fails(R"(
graph "whole" opset 7
input %0 : int32[2]
%1 = Clip(%0) {max = 6.0} "clip"
return %1
)",
                    "node 0 'clip' (Clip): element type int32 has limits since opset 11 only, and "
                    "this is opset 7"));

constexpr bool annotations_follow_their_nodes() {
  auto g = parse(example, find_operator);
  auto const y = g.outputs[0];
  g.nodes.push_back(g.nodes[0]);
  node& second = g.nodes[1];
  second.op = id_of<op::relu>;
  second.inputs = g.nodes[0].outputs;
  second.outputs = {static_cast<std::uint32_t>(g.operands.size()), 1};
  g.operands.push_back(static_cast<value_id>(g.values.size()));
  g.values.push_back({});
  g.outputs[0] = y + 1;
  g.annotations.push_back({annotated::node, 1, "doc", "of Relu"});
  g = pass(std::move(g));
  return g.nodes.size() == 4 && g.annotations[0].index == 3;
}
static_assert(annotations_follow_their_nodes());

}  // namespace

TEST_CASE("a graph with bodies keeps its opset, for they keep their forms") {
  auto g = parse(example, find_operator);
  g.bodies.push_back({});
  g = convert_opset(std::move(g));
  CHECK(g.opset == 12);
  CHECK(g.nodes.size() == 3);
}
