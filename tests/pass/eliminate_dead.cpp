// What no output needs goes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/pass/eliminate_dead.hpp"

#include <doctest/doctest.h>

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
