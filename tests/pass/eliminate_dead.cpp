// What no output needs goes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/pass/eliminate_dead.hpp"

#include <doctest/doctest.h>

#include <string_view>
#include <utility>

#include "inlay/graph/parse.hpp"
#include "inlay/graph/print.hpp"
#include "inlay/graph/verify.hpp"
#include "inlay/op/list.hpp"

namespace {
using namespace inlay;

constexpr tensor_type pair{element_type::float32, {2}};

constexpr bool keeps_the_example() {
  builder b;
  auto const x = b.input("x", pair);
  apply<op::relu>(b, "", {x});
  auto const sum = apply<op::add>(b, "", {x, x});
  b.output(sum);
  auto const g = eliminate_dead(b.finish());
  return g.nodes.size() == 1 && is<op::add>(g.nodes[0]) && g.outputs[0] == sum &&
         g.values.size() == 3 && g.outputs_of(g.nodes[0])[0] == sum;
}
static_assert(keeps_the_example());

constexpr bool whole_chains_go() {
  builder b;
  auto const x = b.input("x", pair);
  auto const live = apply<op::relu>(b, "live", {x});
  auto const dead = apply<op::relu>(b, "dead", {live});
  apply<op::add>(b, "deader", {dead, live});
  auto const optional = apply<op::gemm>(b, "with a hole", {live, live, no_value});
  b.output(optional);
  b.output(live);
  auto const g = eliminate_dead(b.finish());
  return g.nodes.size() == 2 && g.nodes[0].name == "live" && g.nodes[1].name == "with a hole";
}
static_assert(whole_chains_go());

constexpr bool a_second_output_keeps_its_node() {
  builder b;
  auto const x = b.input("x", pair);
  auto const y = b.add(operator_id{1}, "Two", "", {x});
  auto& g = b.unfinished();
  auto const second = b.add_value("", pair);
  g.nodes[0].outputs = {static_cast<std::uint32_t>(g.operands.size()), 2};
  g.operands.push_back(y);
  g.operands.push_back(second);
  b.output(second);
  return eliminate_dead(b.finish()).nodes.size() == 1;
}
static_assert(a_second_output_keeps_its_node());

/// What is left of a graph, as text, where all of it is still sound.
constexpr bool leaves(std::string_view before, std::string_view after) {
  auto const g = eliminate_dead(parse(before));
  return !verify(g).failure && print(g, with_elements).view() == after;
}

// What a body reads is needed, through all bodies; a node of a body that its results do not need
// goes, and so do the bodies of what goes, and what only they read.
static_assert(leaves(R"(graph "net" opset 28
input %0 : bool[]
%1 = Relu(%0)
note node "doc_string" = "dead"
%2 = Neg(%0)
%3 = Exp(%0)
%4 = Log(%3)
note node "doc_string" = "read by a body in a body"
%5 = If(%0) {body = graph "dead" {
  note body "doc_string" = "dead too"
  %6 = Relu(%2)
  note node "doc_string" = "dead three"
  return %6
}}
%7 = If(%0) {body = graph "outer" {
  constant %8 : int8[1] = AQ==
  %9 = Abs(%0)
  note node "doc_string" = "dead in a body"
  %10 = If(%0) {bodies = [graph "in" {
    %11 = Add(%4, %8)
    note node "doc_string" = "deep"
    return %11
  }, graph "dry" {
    return %0
  }]}
  %12 = If(%9) {body = graph {
    return %9
  }}
  note node "doc_string" = "dead as well"
  return %10
}}
note node "doc_string" = "alive"
return %7
function F {
  input %13 : undefined
  %14 = Neg(%13)
  %15 = Exp(%13)
  note node "doc_string" = "in a function"
  return %15
}
note %1 "doc_string" = "a value"
)",
                     R"(graph "net" opset 28
input %0 : bool[]
value %1 : undefined
value %2 : undefined
value %5 : undefined
value %6 : undefined
value %9 : undefined
value %12 : undefined
value %14 : undefined
%3 = Exp(%0)
%4 = Log(%3)
note node "doc_string" = "read by a body in a body"
%7 = If(%0) {body = graph "outer" {
  constant %8 : int8[1] = AQ==
  %10 = If(%0) {bodies = [graph "in" {
    %11 = Add(%4, %8)
    note node "doc_string" = "deep"
    return %11
  }, graph "dry" {
    return %0
  }]}
  return %10
}}
note node "doc_string" = "alive"
return %7
function F {
  input %13 : undefined
  %15 = Exp(%13)
  note node "doc_string" = "in a function"
  return %15
}
note %1 "doc_string" = "a value"
)"));

constexpr std::string_view all_is_needed = R"(graph "net" opset 28
input %0 : bool[]
%1 = If(%0) {body = graph {
  return %0
}}
note node "doc_string" = "alive"
return %1
)";
static_assert(leaves(all_is_needed, all_is_needed));

// A body that no node holds any more goes, though no node does.
constexpr bool a_loose_body_goes() {
  auto g = parse(all_is_needed);
  g.nodes[0].attributes.count = 0;
  g = eliminate_dead(std::move(g));
  return g.bodies.empty() && g.nodes.size() == 1 && g.attributes[0].values.count == 0;
}
static_assert(a_loose_body_goes());

constexpr bool a_failed_graph_is_left_alone() {
  builder b;
  apply<op::relu>(b, "", {b.input("x", pair)});
  b.unfinished().fail(make_error(rule::a_graph_must_have_an_output, "earlier"));
  return eliminate_dead(b.finish()).nodes.size() == 1;
}
static_assert(a_failed_graph_is_left_alone());

}  // namespace

TEST_CASE("ten thousand nodes of which every second is dead are halved") {
  builder b;
  auto x = b.input("x", pair);
  for (int i = 0; i < 5'000; ++i) {
    apply<op::relu>(b, "", {x});
    x = apply<op::add>(b, "", {x, x});
  }
  b.output(x);
  auto const g = eliminate_dead(b.finish());
  REQUIRE(g.nodes.size() == 5'000);
  for (auto const& n : g.nodes) REQUIRE(is<op::add>(n));
}
