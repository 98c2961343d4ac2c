// What shapes are computed with before a model runs: ranges, comparisons, choices.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/pass/shape_evaluator.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "golden.hpp"
#include "inlay/pass/infer_types.hpp"

namespace {
using namespace inlay_test;

/// The text of a graph once its types are inferred.
constexpr bool infers(std::string_view lines, std::string_view expected) {
  text_buffer text;
  text << "graph \"g\" opset 21\n" << lines;
  auto const g = infer_types(verify(parse(text.view(), find_operator)));
  text_buffer wanted;
  wanted << "graph \"g\" opset 21\n" << expected;
  return print(g, with_elements).view() == wanted.view();
}

static_assert(infers(R"(constant %0 : int32[] = AQAAAA==
constant %1 : int32[] = CAAAAA==
constant %2 : int32[] = AwAAAA==
%3 = Range(%0, %1, %2)
return %3
)",
                     R"(constant %0 : int32[] = AQAAAA==
constant %1 : int32[] = CAAAAA==
constant %2 : int32[] = AwAAAA==
constant %3 : int32[3] = AQAAAAQAAAAHAAAA
return %3
)"));

// As long as a dimension is, of elements that are known when it has a value.
static_assert(infers(R"(input %0 : float32[n]
constant %1 : int64[] = AAAAAAAAAAA=
constant %2 : int64[] = AQAAAAAAAAA=
%3 = Size(%0)
%4 = Range(%1, %3, %2)
return %4
)",
                     R"(input %0 : float32[n]
constant %1 : int64[] = AAAAAAAAAAA=
constant %2 : int64[] = AQAAAAAAAAA=
%3 = Size(%0) : int64[]
%4 = Range(%1, %3, %2) : int64[n]
return %4
)"));

// A step of 0 leads nowhere.
constexpr bool refuses_a_step_of_zero() {
  auto const g = infer_types(parse(R"(graph "g" opset 21
constant %0 : int32[] = AQAAAA==
constant %1 : int32[] = CAAAAA==
constant %2 : int32[] = AAAAAA==
%3 = Range(%0, %1, %2)
return %3
)",
                                   find_operator));
  return g.failure.text.view() == "node 0 (Range): the operator 'Range' is not supported";
}

/// Where an extent is -1, that of x: as frameworks write Expand.
constexpr std::string_view expanding = R"(input %0 : float32[n, 1]
constant %1 : int64[2] = //////////8EAAAAAAAAAA==
constant %2 : int64[] = //////////8=
%3 = Equal(%1, %2)
%4 = Shape(%0)
%5 = Where(%3, %4, %1)
%6 = Expand(%0, %5)
return %6
)";
constexpr bool chooses_dimensions() {
  text_buffer text;
  text << "graph \"g\" opset 21\n" << expanding;
  auto const g = infer_types(verify(parse(text.view(), find_operator)));
  return !g.failure && print(g, g.values[g.outputs[0]].type).view() == "float32[n, 4]";
}
static_assert(chooses_dimensions());

/// A dimension is never -1, whatever else it is.
static_assert(infers(R"(input %0 : float32[n]
constant %1 : int64[1] = //////////8=
%2 = Shape(%0)
%3 = Equal(%2, %1)
return %3
)",
                     R"(input %0 : float32[n]
constant %1 : int64[1] = //////////8=
constant %3 : bool[1] = AA==
%2 = Shape(%0) : int64[1]
return %3
)"));

}  // namespace

TEST_CASE("what shapes are computed with is known when the program runs, too") {
  CHECK(chooses_dimensions());
  CHECK(refuses_a_step_of_zero());
}
