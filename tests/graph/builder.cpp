// Graphs, node by node.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/builder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace {
using namespace inlay;

constexpr tensor_type pair{element_type::float32, {2}};

constexpr graph all_there_is() {
  builder b("net", 13);
  auto const x = b.input("x", pair);
  auto const w = b.constant<float>("w", {2}, {0.5f, -1.0f});
  auto const i = b.constant("i", {element_type::int8, {2}}, std::string_view("\1\2"));
  auto const first = b.add(operator_id{7}, "Thing", "first", {x, no_value, w},
                           {{"integer", 3},
                            {"large", std::int64_t{1} << 40},
                            {"real", 0.25f},
                            {"text", "SAME"},
                            {"list", {1, -2, 3}}});
  auto const second = b.add(operator_id{8}, "Other", {}, {first, i});
  b.output(second, "y");
  b.output(x);
  return b.finish();
}

constexpr bool holds_what_was_built() {
  auto const g = all_there_is();
  if (g.failure || g.name != "net" || g.opset != 13) return false;
  if (g.values.size() != 5 || g.nodes.size() != 2 || g.constants.size() != 2) return false;
  if (g.inputs.size() != 1 || g.inputs[0] != 0) return false;
  if (g.outputs.size() != 2 || g.outputs[0] != 4 || g.outputs[1] != 0) return false;
  if (g.values[0].name != "x" || !(g.values[0].type == pair)) return false;
  if (g.values[3].name != "" || g.values[3].type.has_shape) return false;
  if (g.values[4].name != "y") return false;

  auto const& n = g.nodes[0];
  auto const inputs = g.inputs_of(n);
  if (n.op != operator_id{7} || n.type != "Thing" || n.name != "first") return false;
  if (inputs.size() != 3 || inputs[0] != 0 || inputs[1] != no_value || inputs[2] != 1) return false;
  if (g.outputs_of(n).size() != 1 || g.outputs_of(n)[0] != 3) return false;
  return g.inputs_of(g.nodes[1])[0] == 3 && g.outputs_of(g.nodes[1])[0] == 4;
}
static_assert(holds_what_was_built());

constexpr bool attributes_have_their_kinds() {
  auto const g = all_there_is();
  auto const a = g.attributes_of(g.nodes[0]);
  if (a.size() != 5 || !g.attributes_of(g.nodes[1]).empty()) return false;
  return a[0].name == "integer" && a[0].kind == attribute_kind::integer &&
         g.integers[a[0].values.first] == 3 && a[0].values.count == 1 &&
         a[1].kind == attribute_kind::integer &&
         g.integers[a[1].values.first] == std::int64_t{1} << 40 &&
         a[2].kind == attribute_kind::real && g.reals[a[2].values.first] == 0.25f &&
         a[3].kind == attribute_kind::text && g.texts[a[3].values.first] == "SAME" &&
         a[4].name == "list" && a[4].kind == attribute_kind::integers && a[4].values.count == 3 &&
         g.integers[a[4].values.first] == 1 && g.integers[a[4].values.first + 1] == -2 &&
         g.integers[a[4].values.first + 2] == 3;
}
static_assert(attributes_have_their_kinds());

constexpr bool constants_have_their_bytes() {
  auto const g = all_there_is();
  // 0.5 is 0x3f000000, -1 is 0xbf800000.
  return g.is_constant(1) && g.is_constant(2) && !g.is_constant(0) && !g.is_constant(3) &&
         !g.is_constant(no_value) &&
         g.bytes_of(g.constants[0]) == std::string_view("\0\0\0\x3f\0\0\x80\xbf", 8) &&
         g.bytes_of(g.constants[1]) == "\1\2" && g.storage.size() == 8 &&
         g.values[1].type == tensor_type(element_type::float32, {2});
}
static_assert(constants_have_their_bytes());

constexpr bool finds_by_name() {
  builder b;
  auto const x = b.input("x", pair);
  auto const y = b.constant<float>("y", {1}, {1.0f});
  return b.find("x") == x && b.find("y") == y && b.find("z") == no_value && b.find("") == no_value;
}
static_assert(finds_by_name());

constexpr error two_of_one_name() {
  builder b;
  b.input("x", pair);
  b.input("x", pair);
  b.constant<float>("y", {1}, {1.0f});
  b.input("y", pair);
  return b.finish().failure;
}
static_assert(two_of_one_name().broken == rule::a_name_must_be_defined_once);
static_assert(two_of_one_name().text.view() == "the name 'x' is defined twice");

constexpr bool nameless_values_are_no_duplicates() {
  builder b;
  b.add_value("", pair);
  b.add_value("", pair);
  auto const g = b.finish();
  return !g.failure && g.values.size() == 2;
}
static_assert(nameless_values_are_no_duplicates());

constexpr bool symbols_are_shared_by_name() {
  builder b;
  auto const n = b.symbol("N");
  auto const m = b.symbol("M");
  auto const again = b.symbol("N");
  auto const one = b.nameless_symbol();
  auto const other = b.nameless_symbol();
  auto const g = b.finish();
  return n == -1 && m == -2 && again == n && one == -3 && other == -4 && g.symbols.size() == 4 &&
         g.symbols[0] == "N" && g.symbols[1] == "M" && g.symbols[2].empty();
}
static_assert(symbols_are_shared_by_name());

constexpr bool room_changes_nothing() {
  builder b;
  auto const x = b.input("x", pair);
  b.reserve(10, 1'000);
  auto const y = b.input("y", pair);
  return b.find("x") == x && b.find("y") == y && b.finish().values.size() == 2;
}
static_assert(room_changes_nothing());

/// if (c) { t = f(x) } else { t = g(x), with a body inside of it }, over names of each scope.
constexpr graph nested_bodies() {
  builder b("net", 13);
  auto const x = b.input("x", pair);
  b.begin_body("outer");
  b.add_value("t", pair);
  auto const w = b.constant<float>("w", {1}, {1.0f});
  auto const first = b.add({}, "First", {}, {b.find("x"), w});
  b.begin_body("inner");
  auto const i = b.input("x", pair);
  b.output(b.add({}, "Inner", {}, {b.find("x"), b.find("t")}, {}, 2));
  auto const inner = b.end_body();
  b.output(b.add({}, "Second", {}, {first, b.find("x")}));
  auto const outer = b.end_body();
  b.begin_body("sibling");
  auto const t = b.add_value("t", pair);
  b.output(t);
  b.end_body();
  b.begin_body("function", true);
  auto const unseen = b.find("x");
  b.input("x", pair);
  b.end_body();
  auto const y = b.add({}, "If", {}, {x});
  b.output(y, "y");
  auto g = b.finish();
  if (inner != 0 || outer != 1 || i == x || t == 1 || unseen != no_value) g.name = "wrong";
  return g;
}

constexpr bool bodies_stand_together() {
  auto const g = nested_bodies();
  if (g.failure || g.name != "net" || g.bodies.size() != 4 || g.nodes.size() != 1) return false;
  auto const& inner = g.bodies[0];
  auto const& outer = g.bodies[1];
  if (inner.name != "inner" || inner.nodes.first != 0 || inner.nodes.count != 1) return false;
  if (outer.name != "outer" || outer.nodes.first != 1 || outer.nodes.count != 2) return false;
  if (outer.constants.count != 1 || inner.constants.count != 0) return false;
  auto const& n = g.body_nodes[0];
  if (n.type != "Inner" || n.outputs.count != 2) return false;
  // Its own x, and the t of the body around it.
  auto const own = g.operands[inner.inputs.first];
  if (g.inputs_of(n)[0] != own || g.inputs_of(n)[1] != 1 || own == 0) return false;
  return g.body_nodes[1].type == "First" && g.inputs_of(g.body_nodes[2])[1] == 0 &&
         g.inputs.size() == 1 && g.outputs.size() == 1 && g.bodies[3].inputs.count == 1;
}
static_assert(bodies_stand_together());

constexpr error two_of_one_name_in_a_body() {
  builder b;
  b.input("x", pair);
  b.begin_body();
  b.input("x", pair);
  b.input("x", pair);
  b.end_body();
  return b.finish().failure;
}
static_assert(two_of_one_name_in_a_body().text.view() == "the name 'x' is defined twice");

constexpr bool a_new_name_is_found() {
  builder b;
  auto const x = b.input({}, pair);
  b.rename(x, "x");
  return b.find("x") == x && !b.finish().failure;
}
static_assert(a_new_name_is_found());

constexpr error a_name_that_is_taken() {
  builder b;
  b.input("x", pair);
  b.rename(b.input({}, pair), "x");
  return b.finish().failure;
}
static_assert(a_name_that_is_taken().text.view() == "the name 'x' is defined twice");

}  // namespace

TEST_CASE("ten thousand names are found again") {
  std::vector<std::string> names;
  for (int i = 0; i < 10'000; ++i) names.push_back("value_" + std::to_string(i));
  builder b;
  for (auto const& name : names) b.add_value(name, {});
  for (value_id i = 0; i < names.size(); ++i) REQUIRE(b.find(names[i]) == i);
  CHECK_FALSE(b.finish().failure);
}
