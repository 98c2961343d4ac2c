// Every rule of attributes, broken once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/verify_attribute.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string_view>
#include <utility>

#include "everything.hpp"
#include "inlay/graph/verify.hpp"

namespace {
using namespace inlay;

constexpr auto out_of_range = rule::an_index_must_be_in_range;

/// What is said of all that a graph can hold after `change`.
template <class Change> constexpr bool breaks(rule expected, std::string_view text, Change change) {
  auto g = inlay_test::everything();
  g.nodes[2].outputs.count = 1;
  change(g);
  auto const e = verify(std::move(g)).failure;
  return e.broken == expected && e.text.view() == text;
}
constexpr attribute& attribute_of(graph& g, std::size_t node, std::uint32_t i) {
  return g.attributes[g.nodes[node].attributes.first + i];
}
/// What is said where the values of attribute `i` of node 0 begin behind all there are.
constexpr bool must_be_in_range(std::uint32_t i, std::string_view text) {
  return breaks(out_of_range, text,
                [&](graph& g) { attribute_of(g, 0, i).values.first = 0xffff'ffff; });
}
static_assert(must_be_in_range(0,
                               "node 0 'first' (Thing): attribute 'integer' has values out of "
                               "range"));
static_assert(must_be_in_range(2,
                               "node 0 'first' (Thing): attribute 'real' has values out of "
                               "range"));
static_assert(must_be_in_range(3,
                               "node 0 'first' (Thing): attribute 'text' has values out of "
                               "range"));
static_assert(must_be_in_range(4,
                               "node 0 'first' (Thing): attribute 'list' has values out of "
                               "range"));
static_assert(must_be_in_range(5,
                               "node 0 'first' (Thing): attribute 'reals' has values out of "
                               "range"));
static_assert(must_be_in_range(6,
                               "node 0 'first' (Thing): attribute 'texts' has values out of "
                               "range"));
static_assert(must_be_in_range(7,
                               "node 0 'first' (Thing): attribute 'tensor' has values out of "
                               "range"));
static_assert(breaks(out_of_range, "node 4 (All): attribute 'types' has values out of range",
                     [](graph& g) { ++attribute_of(g, 4, 4).values.count; }));
static_assert(
    breaks(out_of_range, "node 0 (Loop) of body 'then': attribute 'body' has values out of range",
           [](graph& g) { g.attributes[g.body_nodes[1].attributes.first].values.first = 99; }));
static_assert(breaks(rule::an_attribute_must_hold_what_its_type_says,
                     "node 0 'first' (Thing): attribute 'integer' has more than one value",
                     [](graph& g) { attribute_of(g, 0, 0).values.count = 2; }));

/// What is said where the first value of an attribute is `index`.
constexpr bool may_not_hold(std::size_t node, std::uint32_t i, std::int64_t index,
                            std::string_view text) {
  return breaks(out_of_range, text,
                [&](graph& g) { g.integers[attribute_of(g, node, i).values.first] = index; });
}
static_assert(may_not_hold(0, 7, 99,
                           "node 0 'first' (Thing): attribute 'tensor' holds a tensor that is no "
                           "constant"));
static_assert(may_not_hold(0, 7, -1,
                           "node 0 'first' (Thing): attribute 'tensor' holds a tensor that is no "
                           "constant"));
static_assert(may_not_hold(0, 7, 1,
                           "node 0 'first' (Thing): attribute 'tensor' holds a tensor that is no "
                           "constant"));
static_assert(may_not_hold(4, 1, 0,
                           "node 4 (All): attribute 'sparse' holds a dense tensor as a sparse "
                           "one"));
static_assert(may_not_hold(4, 0, 99,
                           "node 4 (All): attribute 'graphs' holds a body that does not exist"));

static_assert(breaks(rule::only_attributes_in_functions_may_refer_to_others,
                     "node 0 'first' (Thing): attribute 'integer' refers to 'alpha', but is in no "
                     "function",
                     [](graph& g) { attribute_of(g, 0, 0).reference = "alpha"; }));
static_assert(breaks(rule::only_attributes_in_functions_may_refer_to_others,
                     "attribute 'beta' refers to 'alpha', but is in no function", [](graph& g) {
                       g.attributes[g.functions[0].default_attributes.first].reference = "alpha";
                     }));

static_assert(breaks(rule::a_reference_must_name_an_attribute_of_its_function,
                     "node 0 (Scale) of function 'Split.2': attribute 'alpha' refers to 'delta', "
                     "which the function 'Split.2' does not have",
                     [](graph& g) {
                       g.attributes[g.body_nodes[4].attributes.first].reference = "delta";
                     }));

constexpr bool refers_without_functions() {
  builder b("net");
  auto const x = b.input("x", {element_type::float32, {2}});
  b.output(b.add(operator_id{1}, "Relu", "", {x}, {{"a", 1}}));
  auto& g = b.unfinished();
  g.attributes[0].values.count = 0;
  g.attributes[0].reference = "b";
  return verify(b.finish()).failure.broken ==
         rule::only_attributes_in_functions_may_refer_to_others;
}
static_assert(refers_without_functions());

}  // namespace

TEST_CASE("an attribute that nothing holds is verified too") {
  auto g = inlay_test::everything();
  g.nodes[2].outputs.count = 1;
  g.attributes.push_back({"loose", attribute_kind::graph, {0, 1}});
  g.integers[0] = 99;
  CHECK(verify(g).failure.text.view() == "attribute 'loose' holds a body that does not exist");
}
