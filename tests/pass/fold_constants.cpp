// What no input changes is computed once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/pass/fold_constants-inl.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "golden.hpp"
#include "inlay/pass/infer_types.hpp"

namespace {
using namespace inlay_test;

constexpr auto pass = [](graph g) { return fold_constants(std::move(g)); };

/// The text with elements.
constexpr bool folds(std::string_view before, std::string_view after) {
  auto g = verify(parse(before, find_operator));
  return print(verify(pass(std::move(g))), with_elements).view() == after.substr(1);
}

constexpr std::string_view example = R"(
graph "example" opset 28
constant %0 : uint8[2] = AQI=
%1 "sum" = Add(%0, %0) : uint8[2]
return %1
)";
static_assert(folds(example, R"(
graph "example" opset 28
constant %0 : uint8[2] = AQI=
constant %1 "sum" : uint8[2] = AgQ=
return %1
)"));
static_assert(leaves_failures_alone(pass, example));

// The kernel of a reduction does not see the axes.
static_assert(folds(R"(
graph "axes" opset 28
constant %0 : int32[2, 2] = AQAAAAIAAAADAAAABAAAAA==
constant %1 : int64[1] = AQAAAAAAAAA=
%2 = ReduceSum(%0, %1) {keepdims = 0} : int32[2]
return %2
)",
                    R"(
graph "axes" opset 28
constant %0 : int32[2, 2] = AQAAAAIAAAADAAAABAAAAA==
constant %1 : int64[1] = AQAAAAAAAAA=
constant %2 : int32[2] = AwAAAAcAAAA=
return %2
)"));

// Parts and other orders of the elements.   numpy
static_assert(folds(R"(
graph "parts" opset 28
constant %0 : uint8[2, 3] = AAECAwQF
constant %1 : int64[1] = //////////8=
constant %2 : int64[1] = 9/////////8=
constant %3 : int64[1] = AQAAAAAAAAA=
constant %4 : int64[2] = AgAAAAAAAAACAAAAAAAAAA==
%5 = Transpose(%0) : uint8[3, 2]
%6 = Slice(%0, %1, %2, %3, %1) : uint8[2, 3]
%7, %8 = Split(%0) {axis = 0} : uint8[1, 3], uint8[1, 3]
%9 = Expand(%3, %4) : int64[2, 2]
return %5
return %6
return %7
return %8
return %9
)",
                    R"(
graph "parts" opset 28
constant %0 : uint8[2, 3] = AAECAwQF
constant %1 : int64[1] = //////////8=
constant %2 : int64[1] = 9/////////8=
constant %3 : int64[1] = AQAAAAAAAAA=
constant %4 : int64[2] = AgAAAAAAAAACAAAAAAAAAA==
constant %5 : uint8[3, 2] = AAMBBAIF
constant %6 : uint8[2, 3] = AgEABQQD
constant %7 : uint8[1, 3] = AAEC
constant %8 : uint8[1, 3] = AwQF
constant %9 : int64[2, 2] = AQAAAAAAAAABAAAAAAAAAAEAAAAAAAAAAQAAAAAAAAA=
return %5
return %6
return %7
return %8
return %9
)"));

static_assert(folds(R"(
graph "whole" opset 28
constant %0 : uint8[2, 3] = AAECAwQF
constant %1 : int64[4] = AQAAAAAAAAD//////////wAAAAAAAAAAAQAAAAAAAAA=
constant %2 : uint8[] = Bw==
constant %3 : int64[4] = AAAAAAAAAAACAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAA=
%4 = Concat(%0, %0) {axis = 1} : uint8[2, 6]
%5 = Pad(%0, %1, %2) : uint8[3, 3]
%6 = Pad(%0, %3) {mode = "reflect"} : uint8[3, 5]
return %4
return %5
return %6
)",
                    R"(
graph "whole" opset 28
constant %0 : uint8[2, 3] = AAECAwQF
constant %1 : int64[4] = AQAAAAAAAAD//////////wAAAAAAAAAAAQAAAAAAAAA=
constant %2 : uint8[] = Bw==
constant %3 : int64[4] = AAAAAAAAAAACAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAA=
constant %4 : uint8[2, 6] = AAECAAECAwQFAwQF
constant %5 : uint8[3, 3] = BwcHAQIHBAUH
constant %6 : uint8[3, 5] = AgEAAQIFBAMEBQIBAAEC
return %4
return %5
return %6
)"));

// Chains, views, optional inputs, parameters, several types.
static_assert(folds(R"(
graph "chains" opset 28
input %0 : float32[2, 2]
constant %1 : float32[2, 2] = AACAPwAAAMAAAEBAAACAwA==
constant %2 : int64[1] = BAAAAAAAAAA=
%3 = Relu(%1) : float32[2, 2]
%4 = Gemm(%3, %3, none) {alpha = 0.5, transB = 1} : float32[2, 2]
%5 = Reshape(%4, %2) : float32[4]
%6 = Add(%5, %5) : float32[4]
%7 = Add(%0, %4) : float32[2, 2]
%8 = MatMul(%2, %2) : int64[]
%9 = Hardmax(%1) : float32[2, 2]
%10 = Add(%1, %0) : float32[2, 2]
return %7
return %6
return %8
return %9
return %10
)",
                    R"(
graph "chains" opset 28
input %0 : float32[2, 2]
constant %1 : float32[2, 2] = AACAPwAAAMAAAEBAAACAwA==
constant %2 : int64[1] = BAAAAAAAAAA=
constant %3 : float32[2, 2] = AACAPwAAAAAAAEBAAAAAAA==
constant %4 : float32[2, 2] = AAAAPwAAwD8AAMA/AACQQA==
constant %5 : float32[4] = AAAAPwAAwD8AAMA/AACQQA==
constant %6 : float32[4] = AACAPwAAQEAAAEBAAAAQQQ==
constant %8 : int64[] = EAAAAAAAAAA=
%7 = Add(%0, %4) : float32[2, 2]
%9 = Hardmax(%1) : float32[2, 2]
%10 = Add(%1, %0) : float32[2, 2]
return %7
return %6
return %8
return %9
return %10
)"));

static_assert(folds(R"(
graph "nothing" opset 28
constant %0 : float32[0, 3]
%1 = Relu(%0) : float32[0, 3]
%2 = Flatten(%1) : float32[0, 3]
return %2
)",
                    R"(
graph "nothing" opset 28
constant %0 : float32[0, 3]
constant %1 : float32[0, 3]
constant %2 : float32[0, 3]
return %2
)"));

// In a constant expression, 1024 elements are the most.
constexpr std::size_t nodes_left(std::int64_t size) {
  builder b("", 28);
  vector<float> const ones(static_cast<std::size_t>(size), 1.0f);
  auto const x = b.constant("", {size}, span<float const>(ones.data(), ones.size()));
  b.output(apply<op::relu>(b, "", {x}));
  return fold_constants(infer_types(b.finish())).nodes.size();
}
static_assert(nodes_left(100) == 0 && nodes_left(600) == 1);

constexpr bool finds(std::string_view text) {
  return has_constant_nodes(parse(text, find_operator));
}
static_assert(finds(example));
static_assert(finds("graph \"\" opset 28\n%0 = Constant()\n%1 = Relu(%0)\nreturn %1\n"));
static_assert(!finds("graph \"\" opset 28\n%0 = Constant()\nreturn %0\n"));
static_assert(!finds(R"(
graph "" opset 28
input %0 : float32[2]
constant %1 : float32[1] = AAAAAA==
%2 = Add(%1, %0)
%3 = Relu(%2)
return %3
)"));

}  // namespace

TEST_CASE("what is too large, or takes too long, is left for the program") {
  auto const left = [](std::int64_t rows, std::int64_t columns, std::int64_t window) {
    builder b("", 28);
    vector<float> const zeros(static_cast<std::size_t>(rows * columns), 0.0f);
    auto const elements = span<float const>(zeros.data(), zeros.size());
    auto const x = b.constant("", {1, 1, rows, columns}, elements);
    auto const y = b.constant("", {1, 1, columns, rows}, elements);
    b.output(apply<op::matmul>(b, "", {x, y}));
    b.output(apply<op::max_pool>(b, "", {x}, {{"kernel_shape", {1, window}}}));
    auto const g = fold_constants(infer_types(b.finish()));
    CHECK_FALSE(g.failure);
    return g.nodes.size();
  };
  CHECK(left(100, 100, 3) == 0);
  CHECK(left(3000, 1, 1) == 1);          // 36 MB
  CHECK(left(1, 100'000, 50'000) == 1);  // 2.5 · 10^9 comparisons
  CHECK(left(1, 100'000, 100'000) == 0);
}

TEST_CASE("at run time there is more room than in a constant expression") {
  CHECK(nodes_left(600) == 0);
  CHECK(nodes_left(100'000) == 0);
}

TEST_CASE("constants that stand elsewhere are not known") {
  auto g = parse(example, find_operator);
  g.constants[0].external = 0;
  CHECK(fold_constants(g).nodes.size() == 1);
  g.constants[0].external = not_external;
  g.constants[0].stored_size = 1;
  CHECK(fold_constants(g).nodes.size() == 1);
}
