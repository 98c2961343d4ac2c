// Functions of the model: their nodes in place of calls, on values of their own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/pass/inline_functions.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "inlay/graph/builder.hpp"
#include "inlay/graph/print.hpp"

namespace {
using namespace inlay;

constexpr tensor_type pair{element_type::float32, {2}};

/// Keeps the body that is open as a function; it takes the attributes from `defaults` on.
constexpr function& end_function(builder& b, std::string_view name, std::string_view domain = "f") {
  auto& g = b.unfinished();
  function f;
  f.name = name;
  f.domain = domain;
  f.body = b.end_body();
  g.functions.push_back(f);
  return g.functions.back();
}

/// Makes the node that was added last, in a body or not, one that calls a function.
constexpr value_id call(builder& b, std::string_view name, std::initializer_list<value_id> inputs,
                        std::initializer_list<named_attribute> attributes = {},
                        std::uint32_t outputs = 1) {
  auto& g = b.unfinished();
  node n;
  n.type = name;
  n.domain = "f";
  n.inputs = b.append(g.operands, span(inputs.begin(), inputs.size()));
  n.attributes.first = static_cast<std::uint32_t>(g.attributes.size());
  for (auto const& a : attributes) {
    g.attributes.push_back({a.name, a.kind, b.append(g.reals, span(&a.real, 1)), a.text});
  }
  n.attributes.count = static_cast<std::uint32_t>(attributes.size());
  n.outputs = {static_cast<std::uint32_t>(g.operands.size()), outputs};
  auto const first = static_cast<value_id>(g.values.size());
  for (std::uint32_t i = 0; i < outputs; ++i) g.operands.push_back(b.add_value({}, {}));
  b.add_node(n);
  return first;
}

/// Square(x) = { y = Mul(x, x) }, Fourth(x) = { Square(Square(x)) }, and a call of that.
constexpr graph fourth() {
  builder b("net", 17);
  auto const x = b.input("x", pair);
  b.output(call(b, "Fourth", {x}), "y");
  b.begin_body("Fourth", true);
  auto const f = b.input("x", {});
  b.output(call(b, "Square", {call(b, "Square", {f})}));
  end_function(b, "Fourth");
  b.begin_body("Square", true);
  auto const s = b.input("x", {});
  b.output(b.add({}, "Mul", "m", {s, s}));
  end_function(b, "Square");
  return b.finish();
}
constexpr bool calls_of_calls_are_inlined() {
  auto const g = inline_functions(fourth());
  if (g.failure || g.nodes.size() != 2 || !g.functions.empty() || !g.bodies.empty()) return false;
  auto const& first = g.nodes[0];
  auto const& second = g.nodes[1];
  auto const middle = g.outputs_of(first)[0];
  return g.inputs_of(first)[0] == g.inputs[0] && g.inputs_of(second)[0] == middle &&
         g.inputs_of(second)[1] == middle && g.outputs_of(second)[0] == g.outputs[0] &&
         first.name == "m" && g.values[g.outputs[0]].name == "y" && g.values[middle].name.empty();
}
static_assert(calls_of_calls_are_inlined());

constexpr bool a_graph_without_functions_stays() {
  builder b("net", 17);
  auto const x = b.input("x", pair);
  b.output(b.add({}, "Foo", {}, {x}));
  auto const g = inline_functions(b.finish());
  return g.nodes.size() == 1 && g.nodes[0].type == "Foo";
}
static_assert(a_graph_without_functions_stays());

/// Scale(x) with attributes a and b: one given, one by default, and one that nobody gives.
constexpr graph scale() {
  builder b("net", 17);
  auto const x = b.input("x", pair);
  auto const y = call(b, "Scale", {x}, {{"a", 3.0f}});
  b.output(y, "y");
  b.begin_body("Scale", true);
  auto const s = b.input("x", {});
  named_attribute given("alpha", 0.0f);
  named_attribute by_default("beta", 0.0f);
  named_attribute nowhere("gamma", 0.0f);
  given.text = "a";
  by_default.text = "b";
  nowhere.text = "c";
  b.output(call(b, "Gemm", {s}, {given, by_default, nowhere}));
  auto& f = end_function(b, "Scale");
  auto& g = b.unfinished();
  float const two = 2;
  f.default_attributes = {static_cast<std::uint32_t>(g.attributes.size()), 1};
  g.attributes.push_back({"b", attribute_kind::real, b.append(g.reals, span(&two, 1))});
  return b.finish();
}
constexpr bool references_have_values() {
  auto const g = inline_functions(scale());
  if (g.failure || g.nodes.size() != 1 || g.nodes[0].attributes.count != 2) return false;
  auto const a = g.attributes_of(g.nodes[0]);
  return a[0].name == "alpha" && a[0].reference.empty() && g.reals[a[0].values.first] == 3 &&
         a[1].name == "beta" && g.reals[a[1].values.first] == 2;
}
static_assert(references_have_values());

/// Both(x) = { return x, y, y where y = Neg(x) }: an input and the same value twice.
constexpr bool outputs_that_no_node_makes_are_copied() {
  builder b("net", 17);
  auto const x = b.input("x", pair);
  auto const first = call(b, "Both", {x}, {}, 3);
  for (value_id i = 0; i < 3; ++i) b.output(first + i);
  b.begin_body("Both", true);
  auto const s = b.input("x", {});
  b.output(s);
  auto const y = b.add({}, "Neg", {}, {s});
  b.output(y);
  b.output(y);
  end_function(b, "Both");
  auto const g = inline_functions(b.finish());
  return !g.failure && g.nodes.size() == 3 && g.nodes[0].type == "Neg" &&
         g.outputs_of(g.nodes[0])[0] == g.outputs[1] && g.nodes[1].type == "Identity" &&
         g.inputs_of(g.nodes[1])[0] == g.inputs[0] && g.outputs_of(g.nodes[1])[0] == g.outputs[0] &&
         g.inputs_of(g.nodes[2])[0] == g.outputs[1];
}
static_assert(outputs_that_no_node_makes_are_copied());

/// A function whose node holds a body that reads a value of the function, called twice.
constexpr graph function_with_body() {
  builder b("net", 17);
  auto const x = b.input("x", pair);
  auto const y = call(b, "Choose", {x});
  b.output(call(b, "Choose", {y}), "y");
  b.begin_body("Choose", true);
  auto const s = b.input("x", {});
  b.begin_body("then");
  auto const w = b.constant<float>("w", {1}, {1.0f});
  b.output(b.add({}, "Add", {}, {s, w}));
  auto const body = static_cast<std::int64_t>(b.end_body());
  b.output(b.add({}, "If", {}, {s}, {{"then_branch", body}}));
  b.unfinished().attributes.back().kind = attribute_kind::graph;
  end_function(b, "Choose");
  return b.finish();
}
constexpr bool bodies_are_copied() {
  auto const g = inline_functions(function_with_body());
  if (g.failure || g.nodes.size() != 2 || g.bodies.size() != 2 || g.body_nodes.size() != 2) {
    return false;
  }
  auto const& first = g.body_nodes[g.bodies[0].nodes.first];
  auto const& second = g.body_nodes[g.bodies[1].nodes.first];
  return g.inputs_of(first)[0] == g.inputs[0] &&
         g.inputs_of(second)[0] == g.outputs_of(g.nodes[0])[0] &&
         g.inputs_of(first)[1] != g.inputs_of(second)[1] && g.is_constant(g.inputs_of(second)[1]) &&
         g.operands[g.bodies[1].constants.first] == g.inputs_of(second)[1] &&
         g.integers[g.attributes_of(g.nodes[1])[0].values.first] == 1;
}
static_assert(bodies_are_copied());

/// Choose(x) {then} hands the graph of its call on to an If; the graph reads a value of the caller.
constexpr graph function_that_hands_on_a_graph(int times) {
  builder b("net", 17);
  auto const x = b.input("x", pair);
  b.begin_body("mine");
  b.output(b.add({}, "Neg", {}, {x}));
  auto const mine = static_cast<std::int64_t>(b.end_body());
  auto const y = call(b, "Choose", {x}, {{"then", 0.0f}});
  auto& g = b.unfinished();
  g.attributes.back().kind = attribute_kind::graph;
  g.attributes.back().values = b.append(g.integers, span(&mine, 1));
  b.output(y, "y");
  b.begin_body("Choose", true);
  auto s = b.input("x", {});
  for (int i = 0; i < times; ++i) {
    named_attribute branch("then_branch", 0.0f);
    branch.text = "then";
    s = call(b, "If", {s}, {branch});
    g.attributes.back().kind = attribute_kind::graph;
  }
  b.output(s);
  end_function(b, "Choose");
  return b.finish();
}
constexpr bool graphs_are_handed_on() {
  auto const g = inline_functions(function_that_hands_on_a_graph(1));
  if (g.failure || g.nodes.size() != 1 || g.bodies.size() != 1 || g.body_nodes.size() != 1) {
    return false;
  }
  auto const a = g.attributes_of(g.nodes[0]);
  return a.size() == 1 && a[0].name == "then_branch" && a[0].kind == attribute_kind::graph &&
         g.integers[a[0].values.first] == 0 && g.inputs_of(g.body_nodes[0])[0] == g.inputs[0];
}
static_assert(graphs_are_handed_on());

constexpr bool annotations_follow_their_nodes() {
  auto g = fourth();
  g.annotations = {{annotated::node, 0, "doc_string", "of the call"},
                   {annotated::body_node, 0, "doc_string", "of a call inside"},
                   {annotated::value, 0, "doc_string", "of x"}};
  builder b;
  g = inline_functions(g);
  return g.annotations.size() == 1 && g.annotations[0].text == "of x";
}
static_assert(annotations_follow_their_nodes());

std::string refusal(graph const& g) {
  auto const inlined = inline_functions(g);
  CHECK(inlined.nodes.size() == g.nodes.size());
  return std::string(inlined.failure.text.view());
}

/// A chain of functions, each of which calls the next one so many times.
graph chain(std::string const (&names)[70], std::size_t length, int times) {
  builder b("net", 17);
  auto const x = b.input("x", pair);
  b.output(call(b, names[0], {x}), "y");
  for (std::size_t i = 0; i < length; ++i) {
    b.begin_body({}, true);
    auto y = b.input("x", {});
    for (int k = 0; k < times; ++k) {
      y = i + 1 < length ? call(b, names[i + 1], {y}) : b.add({}, "Neg", {}, {y});
    }
    b.output(y);
    end_function(b, names[i]);
  }
  return b.finish();
}

TEST_CASE("functions that cannot be inlined are a sentence") {
  auto g = fourth();
  g.body_nodes[2].type = "Fourth";
  g.body_nodes[2].domain = "f";
  g.body_nodes[2].inputs.count = 1;
  CHECK(refusal(g) == "node 0 (Fourth): the function 'Fourth' calls itself");
  g = fourth();
  g.functions[0].operator_sets = {0, 1};
  g.functions[1].operator_sets = {0, 1};
  g.operator_sets = {{"", 13}};
  CHECK(refusal(g) ==
        "node 0 (Fourth): the function 'Square' is written for opset 13, the model for 17; they "
        "must be the same");
  auto const at = g.bodies[g.functions[1].body].nodes.first;
  g.body_nodes[at].op = id_of<op::softmax>;
  CHECK(!inline_functions(g).failure);
  g.operator_sets = {{"", 12}};
  CHECK(inline_functions(g).failure);
  g.body_nodes[at].op = id_of<op::add>;
  CHECK(!inline_functions(g).failure);
  g = fourth();
  g.bodies[0].inputs.count = 0;
  CHECK(refusal(g) == "node 0 (Fourth): the function 'Fourth' takes 0 inputs, not 1");
  CHECK(refusal(function_that_hands_on_a_graph(2)) ==
        "node 0 (Choose): attribute 'then_branch' of a node in the function 'Choose' hands on a "
        "graph that another node has; no more than one is supported");
  g = scale();
  g.attributes[0].kind = attribute_kind::reals;
  CHECK(refusal(g) ==
        "node 0 (Scale): attribute 'a' of the call is of another type than 'alpha', which refers "
        "to it");
}

TEST_CASE("functions come to a bounded number of nodes, and nest at most 64 deep") {
  std::string names[70];
  for (std::size_t i = 0; i < 70; ++i) names[i] = "f" + std::to_string(i);
  CHECK(inline_functions(chain(names, 64, 1)).nodes.size() == 1);
  CHECK(refusal(chain(names, 65, 1)) == "node 0 (f0): functions call each other more than 64 deep");
  CHECK(inline_functions(chain(names, 17, 2)).nodes.size() == 1 << 17);
  CHECK(refusal(chain(names, 60, 2)) ==
        "node 0 (f0): the functions of the model come to more than 262144 nodes, values or "
        "attributes");
}

TEST_CASE("an overload is another function") {
  auto g = fourth();
  // Square becomes an overload, which the first of the two calls names.
  g.functions[1].overload = "second";
  g.annotations = {{annotated::body_node, 0, "overload", "second"}};
  auto const inlined = inline_functions(g);
  REQUIRE(inlined.nodes.size() == 2);
  CHECK(inlined.nodes[0].type == "Mul");
  CHECK(inlined.nodes[1].type == "Square");
}

}  // namespace
