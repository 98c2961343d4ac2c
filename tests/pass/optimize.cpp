// The whole middle end: verified, typed, without what is dead.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/pass/optimize.hpp"

#include <doctest/doctest.h>

namespace {
using namespace inlay;

constexpr tensor_type pair{element_type::float32, {2}};

constexpr bool does_all_of_it() {
  builder b;
  auto const x = b.input("x", pair);
  apply<op::add>(b, "dead", {x, x});
  b.output(apply<op::relu>(b, "live", {x}));
  auto const g = optimize(b.finish());
  return !g.failure && g.nodes.size() == 1 && g.nodes[0].name == "live" &&
         g.values[g.outputs[0]].type == pair;
}
static_assert(does_all_of_it());

constexpr graph failed() {
  builder b("net", 13);
  auto const x = b.input("x", {});
  apply<op::relu>(b, "dead", {x});
  b.unfinished().fail(make_error(rule::the_file_must_not_be_truncated, "earlier"));
  return b.finish();
}
constexpr bool leaves_a_failed_graph_untouched() {
  auto const g = optimize(failed());
  return g.failure.text.view() == "earlier" && g.nodes.size() == 1 && g.outputs.empty() &&
         g.values.size() == 2 && !g.values[1].type.has_shape;
}
static_assert(leaves_a_failed_graph_untouched());

constexpr bool what_is_no_graph_is_not_typed() {
  builder b;
  auto const x = b.input("x", pair);
  apply<op::add>(b, "wrong", {x});
  auto const g = optimize(b.finish());
  return g.failure.broken == rule::a_graph_must_have_an_output;
}
static_assert(what_is_no_graph_is_not_typed());

}  // namespace

TEST_CASE("a dead node is checked before it goes") {
  builder b;
  auto const x = b.input("x", pair);
  b.add(operator_id::unlisted, "Hardmax", "dead", {x});
  b.output(apply<op::relu>(b, "", {x}));
  CHECK(optimize(b.finish()).failure.text.view() ==
        "node 0 'dead' (Hardmax): the operator 'Hardmax' is not supported");
}
