// What stands in what.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/nesting.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string_view>

#include "everything.hpp"

namespace {
using namespace inlay;
using inlay_test::everything;

constexpr std::uint32_t sum_of_bodies(std::size_t node) {
  auto const g = everything();
  std::uint32_t sum = 0;
  for_each_body(g, g.nodes[node].attributes, [&](std::uint32_t b) { sum = sum * 10 + b; });
  return sum;
}
static_assert(sum_of_bodies(0) == 0 && sum_of_bodies(3) == 12 && sum_of_bodies(4) == 34);

template <class Change> constexpr std::uint32_t held_after(Change change) {
  auto g = everything();
  change(g);
  std::uint32_t bits = 0;
  for (auto const h : held_bodies(g)) bits = bits * 2 + (h != 0 ? 1 : 0);
  return bits;
}
static_assert(held_after([](graph&) {}) == 0b1111'1111);
// Without the node that holds them two bodies are loose, and the one in one of them.
static_assert(held_after([](graph& g) { g.nodes[3].attributes.count = 0; }) == 0b0001'1111);
static_assert(held_after([](graph& g) { g.functions.clear(); }) == 0b1111'1000);
static_assert(held_bodies(graph{}).empty());

constexpr bool finds_inner_constants() {
  auto g = everything();
  auto const is_inner = inner_constants(g);
  for (value_id id = 0; id < g.values.size(); ++id) {
    if ((is_inner[id] != 0) != (id == 24)) return false;
  }
  // Of a body that nothing holds, its constants are the graph's.
  g.nodes[3].attributes.count = 0;
  return inner_constants(g)[24] == 0 && inner_constants(graph{}).empty();
}
static_assert(finds_inner_constants());

constexpr bool says(annotated what, std::size_t index, std::string_view keys) {
  auto const g = everything();
  detail::annotation_index const index_of(g);
  sentence found;
  auto i = index_of.first(what, index);
  for (; i != detail::annotation_index::nothing; i = index_of.next(i)) {
    found << g.annotations[i].key << " ";
  }
  return found.view() == keys;
}
static_assert(says(annotated::node, 3, "metadata:b metadata:a "));
static_assert(says(annotated::model, 0, "producer_name metadata:license "));
static_assert(says(annotated::value, 23, "metadata:unit ") && says(annotated::value, 1, ""));
static_assert(says(annotated::body, 99, ""));

}  // namespace

TEST_CASE("annotations of what does not exist are of nothing") {
  auto g = everything();
  for (auto& a : g.annotations) a.index = 999;
  detail::annotation_index const index(g);
  CHECK(index.first(annotated::node, 999) == detail::annotation_index::nothing);
  // There is one model and one graph, whatever the index.
  CHECK(index.first(annotated::model, 0) == 11);
}
