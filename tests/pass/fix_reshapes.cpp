// Shapes that dimensions without a value decide become constants.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/pass/fix_reshapes.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "golden.hpp"
#include "inlay/core/bytes.hpp"
#include "inlay/pass/eliminate_dead.hpp"
#include "inlay/pass/infer_types.hpp"

namespace {
using namespace inlay_test;

constexpr auto pass = [](graph g) {
  return eliminate_dead(fix_reshapes(infer_types(std::move(g))));
};

/// What stands in the shape of the last node, a Reshape.
constexpr std::int64_t list_after(std::string_view before, std::size_t i) {
  auto const g = pass(parse(before, find_operator));
  auto const list = g.inputs_of(g.nodes[g.nodes.size() - 1])[1];
  return read_little_endian<std::int64_t>(g.bytes_of(g.constants[g.values[list].constant]), i);
}

// view(x.size(0), -1) as PyTorch exports it. The list is 0, 12.
constexpr std::string_view view_of_batch = R"(
graph "view" opset 21
input %0 : float32[n, 3, 4]
constant %1 : int64[] = AAAAAAAAAAA=
constant %2 : int64[1] = AAAAAAAAAAA=
constant %3 : int64[1] = //////////8=
%4 = Shape(%0)
%5 = Gather(%4, %1) {axis = 0}
%6 = Unsqueeze(%5, %2)
%7 = Concat(%6, %3) {axis = 0}
%8 = Reshape(%0, %7)
return %8
)";
static_assert(becomes(pass, view_of_batch, R"(
graph "view" opset 21
input %0 : float32[n, 3, 4]
constant %1 : int64[]
constant %2 : int64[1]
constant %3 : int64[1]
constant %9 : int64[2]
%8 = Reshape(%0, %9) : float32[n, 12]
return %8
)"));
static_assert(list_after(view_of_batch, 0) == 0 && list_after(view_of_batch, 1) == 12);
static_assert(leaves_failures_alone(pass, view_of_batch));

// A product of sizes is what is left: -1, 4.
constexpr std::string_view rows = R"(
graph "rows" opset 21
input %0 : float32[n, m, 4]
constant %1 : int64[1] = BAAAAAAAAAA=
%2 = Shape(%0) {start = 0, end = 1}
%3 = Shape(%0) {start = 1, end = 2}
%4 = Mul(%2, %3)
%5 = Concat(%4, %1) {axis = 0}
%6 = Reshape(%0, %5)
return %6
)";
static_assert(becomes(pass, rows, R"(
graph "rows" opset 21
input %0 : float32[n, m, 4]
constant %1 : int64[1]
constant %7 : int64[2]
%6 = Reshape(%0, %7) : float32[m*n, 4]
return %6
)"));
static_assert(list_after(rows, 0) == -1 && list_after(rows, 1) == 4);

// Two dimensions that change places: no list of numbers says so.
constexpr std::string_view swapped = R"(
graph "swapped" opset 21
input %0 : float32[n, m]
%1 = Shape(%0) {start = 0, end = 1} : int64[1]
%2 = Shape(%0) {start = 1, end = 2} : int64[1]
%3 = Concat(%2, %1) {axis = 0} : int64[2]
%4 = Reshape(%0, %3) : float32[m, n]
return %4
)";
static_assert(stays(pass, swapped));

// Where 0 is an extent like others, one dimension is left, not two.
static_assert(stays(pass, R"(
graph "zeros" opset 21
input %0 : float32[n, m, 2]
%1 = Shape(%0) : int64[3]
%2 = Reshape(%0, %1) {allowzero = 1} : float32[n, m, 2]
return %2
)"));

}  // namespace
