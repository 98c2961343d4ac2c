// A graph with all that a graph can hold, for the tests of its text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string_view>

#include "inlay/graph/builder.hpp"

namespace inlay_test {

constexpr auto f32 = inlay::element_type::float32;

constexpr float nan_of(std::uint32_t bits) { return std::bit_cast<float>(bits); }

/// Adds an attribute of a kind that a builder has no words for.
template <class T>
constexpr void add_list(inlay::graph& g, inlay::string_view name, inlay::attribute_kind kind,
                        inlay::vector<T>& pool, std::initializer_list<T> elements) {
  inlay::range const r{static_cast<std::uint32_t>(pool.size()),
                       static_cast<std::uint32_t>(elements.size())};
  pool.append(elements.begin(), elements.size());
  g.attributes.push_back({name, kind, r});
  ++g.nodes.back().attributes.count;
}

/// Values 0 to 10 and nodes 0 to 2: what a plain network is made of.
constexpr void add_plain_things(inlay::builder& b) {
  using namespace inlay;
  using kind = attribute_kind;
  auto const batch = b.symbol("batch");
  auto const odd = b.symbol("odd name");
  auto const one = b.nameless_symbol();
  auto const two = b.nameless_symbol();
  auto& g = b.unfinished();
  g.symbols.push_back("batch");  // another dimension of the same name
  auto const again = -static_cast<std::int64_t>(g.symbols.size());
  // Not in the order in which they are printed.
  auto const w = b.constant<float>("w", {2}, {0.5f, -1.0f});
  auto const x = b.input("x", {f32, {batch, odd, one, 8}});
  auto const y = b.input("\xc3\xa9t\xc3\xa9 \xff\x01", {element_type::int8, {two, one, again}});
  auto const bytes = b.constant("", {element_type::uint8, {4}}, inlay::string_view("\0\1\2\3", 4));
  auto const none = b.constant("none", {f32, {0}}, inlay::string_view());
  auto const scalar = b.input("s", {f32, {}});
  b.add_value("unused", {f32, {2, batch}});
  auto const first = b.add(operator_id{7}, "Thing", "first", {x, no_value, w, y},
                           {{"integer", -3},
                            {"least", std::numeric_limits<std::int64_t>::min()},
                            {"real", 0.1f},
                            {"text", "a \"b\"\t"},
                            {"list", {1, -2, 3}}});
  add_list<float>(g, "reals", kind::reals, g.reals,
                  {2.0f, -0.0f, 1e-45f, -std::numeric_limits<float>::infinity(),
                   nan_of(0x7fc0'0000), nan_of(0xffc0'0001)});
  add_list<inlay::string_view>(g, "texts", kind::texts, g.texts, {"", "plain", "\\"});
  add_list<std::int64_t>(g, "tensor", kind::tensor, g.integers, {bytes});
  add_list<std::int64_t>(g, "tensors", kind::tensors, g.integers, {w, none, no_value});
  add_list<std::int64_t>(g, "empty", kind::integers, g.integers, {});
  add_list<float>(g, "no reals", kind::reals, g.reals, {});
  add_list<std::int64_t>(g, "graph", kind::graph, g.integers, {});
  add_list<std::int64_t>(g, "", kind::other, g.integers, {});
  add_list<std::int64_t>(g, "graphs", kind::graphs, g.integers, {});
  g.values[first].type = {f32, {batch, 2}};

  // Several outputs, one of them left out.
  auto const second = b.add(operator_id{8}, "Split.2", "", {first, scalar});
  auto& n = g.nodes.back();
  n.domain = "com.example";
  n.offset = 1234;
  auto const third = b.add_value("third", {element_type::boolean, {}});
  value_id const outputs[] = {second, no_value, third};
  n.outputs = b.append(g.operands, span<value_id const>(outputs));
  b.add(operator_id{}, "Print", "", {third});
  g.nodes.back().outputs.count = 0;
  g.nodes.back().domain = "my domain";
  b.output(third);
  b.output(second, "y");
  b.output(x);
}

using ids = std::initializer_list<inlay::value_id>;

/// A node that its owner has still to hold.
constexpr inlay::node loose_node(inlay::builder& b, inlay::string_view type, ids inputs,
                                 ids outputs) {
  using namespace inlay;
  node n;
  n.type = type;
  n.inputs = b.append(b.unfinished().operands, span(inputs.begin(), inputs.size()));
  n.outputs = b.append(b.unfinished().operands, span(outputs.begin(), outputs.size()));
  return n;
}

/// Gives attributes to a node; those of its earlier call must be the last of the graph.
constexpr void hold(inlay::graph& g, inlay::node& n, inlay::attribute const& a) {
  if (n.attributes.count == 0) n.attributes.first = static_cast<std::uint32_t>(g.attributes.size());
  ++n.attributes.count;
  g.attributes.push_back(a);
}
constexpr inlay::attribute holding(inlay::graph& g, inlay::string_view name,
                                   inlay::attribute_kind kind,
                                   std::initializer_list<std::int64_t> indices) {
  inlay::range const r{static_cast<std::uint32_t>(g.integers.size()),
                       static_cast<std::uint32_t>(indices.size())};
  g.integers.append(indices.begin(), indices.size());
  return {name, kind, r};
}

constexpr std::uint32_t add_body(inlay::builder& b, inlay::string_view name, ids inputs,
                                 ids constants, std::initializer_list<inlay::node> nodes,
                                 ids outputs) {
  using namespace inlay;
  auto& g = b.unfinished();
  body made;
  made.name = name;
  made.inputs = b.append(g.operands, span(inputs.begin(), inputs.size()));
  made.constants = b.append(g.operands, span(constants.begin(), constants.size()));
  made.nodes = b.append(g.body_nodes, span(nodes.begin(), nodes.size()));
  made.outputs = b.append(g.operands, span(outputs.begin(), outputs.size()));
  g.bodies.push_back(made);
  return static_cast<std::uint32_t>(g.bodies.size() - 1);
}

/// Values 11 to 20: constants of every kind, and inputs that are no tensors.
constexpr void add_values_of_all_kinds(inlay::builder& b) {
  using namespace inlay;
  auto& g = b.unfinished();
  auto const words = b.constant("words", {element_type::string, {2}}, {});  // 11
  g.texts.append(std::initializer_list<inlay::string_view>{"a, ]", ""}.begin(), 2);
  g.constants[g.values[words].constant].texts = {static_cast<std::uint32_t>(g.texts.size() - 2), 2};
  b.constant("no words", {element_type::string, {0}}, {});
  b.constant("far", {f32, {2}}, {});
  g.constants.back().external = 0;
  g.externals.push_back({"weights.bin", 64, 8, "abc"});
  b.constant("loaded", {element_type::int8, {3}}, inlay::string_view("\1\2\3", 3));
  g.constants.back().external = 1;
  g.externals.push_back({"a \"b\".bin", 0, -1, {}});
  b.constant("sparse", {f32, {3, 4}}, {});
  g.constants.back().sparse_values = 16;
  g.constants.back().sparse_indices = 17;
  b.constant<float>("", {2}, {1.0f, 2.0f});
  b.constant<std::int64_t>("", {2}, {1, 11});
  auto const list = b.input("list", {f32, {-1, 2}});  // 18
  g.containers.push_back({container_kind::optional, {}, not_contained, {}, {}});
  g.containers.push_back({container_kind::map, element_type::int64, 0, {}, {}});
  g.containers.push_back({container_kind::sequence, {}, 1, {}, {}});
  g.values[list].container = 2;
  auto const secret = b.input("secret", {});
  g.containers.push_back({container_kind::opaque, {}, not_contained, "com.example", "a \"thing\""});
  g.values[secret].container = 3;
  auto const holes = b.input("holes", {f32, {3, 4}});  // 20
  g.containers.push_back({container_kind::sparse_tensor, {}, not_contained, {}, {}});
  g.values[holes].container = 4;
}

/// Values 21 to 29 and nodes 3 and 4: bodies in bodies, and the remaining kinds of attributes.
constexpr void add_bodies(inlay::builder& b) {
  using namespace inlay;
  using kind = attribute_kind;
  auto& g = b.unfinished();
  // In the body of the loop, which stands in the branch.
  for (auto const name : {"i", "state", "next"}) b.add_value(name, {f32, {2}});  // 21 to 23
  auto next = loose_node(b, "Add", {22, 0}, {23});
  next.name = "next";
  next.offset = 99;
  auto const loop_body = add_body(b, "loop", {21, 22}, {}, {next}, {23, 22});
  // In the branch.
  b.constant<float>("c", {1}, {3.0f});  // 24
  b.add_value("looped", {});
  b.add_value("", {f32, {2}});  // 26
  auto loop = loose_node(b, "Loop", {7, no_value, 24}, {25, 26});
  hold(g, loop, holding(g, "body", kind::graph, {loop_body}));
  auto const then_body =
      add_body(b, "then", {}, {24}, {loop, loose_node(b, "Neg", {26}, {27})}, {27});
  b.add_value("", {});  // 27
  auto const else_body = add_body(b, "", {}, {}, {}, {7});
  auto choice = loose_node(b, "If", {9}, {28});
  b.add_value("chosen", {f32, {2}});  // 28
  hold(g, choice, holding(g, "then_branch", kind::graph, {then_body}));
  hold(g, choice, holding(g, "else_branch", kind::graph, {else_body}));
  g.nodes.push_back(choice);

  // All that no operator of ONNX has.
  auto const one = add_body(b, "one", {}, {}, {}, {28});
  auto const two = add_body(b, "two \"x\"", {}, {}, {}, {28});
  auto all = loose_node(b, "All", {18, 19, 20}, {29});
  b.add_value("all", {});  // 29
  g.values[29].container = 2;
  hold(g, all, holding(g, "graphs", kind::graphs, {one, two}));
  hold(g, all, holding(g, "sparse", kind::sparse_tensor, {15}));
  hold(g, all, holding(g, "sparses", kind::sparse_tensors, {15, 15}));
  g.types.push_back({{f32, {-1, 7}}, 2});
  g.types.push_back({{element_type::string, {}}, not_contained});
  g.types.push_back({{}, 3});
  hold(g, all, {"type", kind::type, {0, 1}});
  hold(g, all, {"types", kind::types, {1, 2}});
  hold(g, all, {"no type", kind::type, {}});
  hold(g, all, {"no types", kind::types, {}});
  hold(g, all, {"no sparse", kind::sparse_tensor, {}});
  hold(g, all, {"no sparses", kind::sparse_tensors, {}});
  g.nodes.push_back(all);
  g.outputs.push_back(29);
}

/// Values 30 to 32: two functions, one of which has a body in an attribute.
constexpr void add_functions(inlay::builder& b) {
  using namespace inlay;
  using kind = attribute_kind;
  auto& g = b.unfinished();
  g.operator_sets.append(
      std::initializer_list<operator_set>{
          {"com.example", 3}, {"my domain", 1}, {"", 28}, {"com.example", 2}}
          .begin(),
      4);
  g.graph_facts::operator_sets = {0, 2};
  b.add_value("in", {});                               // 30
  b.add_value("scaled", {element_type::float32, {}});  // 31
  b.add_value("negated", {});                          // 32
  auto inner = loose_node(b, "Scale", {30}, {31});
  hold(g, inner, {"alpha", kind::real, {}, "alpha"});
  hold(g, inner, {"an axis", kind::integers, {}, "the axes"});
  hold(g, inner, holding(g, "value", kind::tensor, {0}));
  auto const branch = add_body(b, "", {}, {}, {loose_node(b, "Neg", {31}, {32})}, {32});
  auto choice = loose_node(b, "Call", {31}, {33});
  b.add_value("", {});  // 33
  hold(g, choice, holding(g, "branch", kind::graph, {branch}));
  function f;
  f.name = "Split.2";
  f.domain = "com.example";
  f.overload = "two";
  f.body = add_body(b, "", {30}, {}, {inner, choice}, {33});
  f.attributes = {static_cast<std::uint32_t>(g.texts.size()), 2};
  g.texts.append(std::initializer_list<inlay::string_view>{"alpha", "the axes"}.begin(), 2);
  f.default_attributes.first = static_cast<std::uint32_t>(g.attributes.size());
  f.default_attributes.count = 2;
  auto const beta = holding(g, "beta", kind::integer, {7});
  g.attributes.push_back(beta);
  g.attributes.push_back({"gamma", kind::texts, {}});
  f.operator_sets = {2, 2};
  g.functions.push_back(f);
  function empty;
  empty.name = "Nothing";
  empty.body = add_body(b, "a body", {}, {}, {}, {});
  g.functions.push_back(empty);
}

constexpr void add_annotations(inlay::graph& g) {
  using what = inlay::annotated;
  // Not in the order in which they are printed.
  g.annotations.append(
      std::initializer_list<inlay::annotation>{{what::value, 23, "metadata:unit", "m"},
                                               {what::function, 1, "doc_string", "does nothing"},
                                               {what::function, 0, "doc_string", "splits"},
                                               {what::body_node, 1, "doc_string", "a loop"},
                                               {what::body_node, 0, "overload", "plus"},
                                               {what::body, 0, "doc_string", "inner"},
                                               {what::body, 1, "doc_string", "outer"},
                                               {what::node, 3, "metadata:b", "2"},
                                               {what::node, 3, "metadata:a", "1"},
                                               {what::value, 0, "doc_string", "weights\nof it"},
                                               {what::graph, 0, "doc_string", "the graph"},
                                               {what::model, 0, "producer_name", "inlay"},
                                               {what::model, 0, "metadata:license", ""},
                                               {what::node, 0, "doc_string", "the first"}}
          .begin(),
      14);
}

/// A graph with all that a graph can hold.
constexpr inlay::graph everything() {
  inlay::builder b("a \"net\" \\ of\ntwo lines", 28);
  b.unfinished().ir_version = 13;
  add_plain_things(b);
  add_values_of_all_kinds(b);
  add_bodies(b);
  add_functions(b);
  add_annotations(b.unfinished());
  return b.finish();
}

/// The numbers that `everything` gives its operators.
constexpr inlay::operator_id find_in_everything(inlay::string_view domain,
                                                inlay::string_view type) {
  if (domain.empty() && type == "Thing") return inlay::operator_id{7};
  return inlay::operator_id{static_cast<std::uint16_t>(type == "Split.2" ? 8 : 0)};
}

}  // namespace inlay_test
