// A graph becomes a constant and comes back whole.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/freeze.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "everything.hpp"
#include "inlay/graph/builder.hpp"

namespace {
using namespace inlay;

constexpr auto network = [] {
  builder b("net", 21);
  auto const n = b.symbol("N");
  auto const x = b.input("x", {element_type::float32, {n, 2}});
  auto const w = b.constant<float>("w", {2}, {1.0f, 2.0f});
  auto const c = b.constant("c", {element_type::uint8, {3}}, std::string_view("abc"));
  auto const y = b.add(operator_id{3}, "Thing", "first", {x, w, no_value},
                       {{"i", 3}, {"r", 0.5f}, {"t", "text"}, {"l", {7, 8}}});
  b.output(b.add(operator_id{4}, "Other", "second", {y, c}), "y");
  return b.finish();
};
using constants = frozen_graph<network>;

constexpr bool same(std::int64_t a, std::int64_t b) { return a == b; }
constexpr bool same(std::uint32_t a, std::uint32_t b) { return a == b; }
constexpr bool same(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
}
constexpr bool same(char a, char b) { return a == b; }
constexpr bool same(std::string_view a, std::string_view b) { return a == b; }
constexpr bool same(range a, range b) { return a.first == b.first && a.count == b.count; }
constexpr bool same(value const& a, value const& b) {
  return a.name == b.name && a.type == b.type && a.constant == b.constant &&
         a.container == b.container;
}
constexpr bool same(attribute const& a, attribute const& b) {
  return a.name == b.name && a.kind == b.kind && same(a.values, b.values) &&
         a.reference == b.reference;
}
constexpr bool same(constant const& a, constant const& b) {
  return a.bytes == b.bytes && a.stored_at == b.stored_at && a.stored_size == b.stored_size &&
         a.external == b.external && same(a.texts, b.texts) && a.sparse_values == b.sparse_values &&
         a.sparse_indices == b.sparse_indices;
}
constexpr bool same(external_data const& a, external_data const& b) {
  return a.location == b.location && a.offset == b.offset && a.length == b.length &&
         a.checksum == b.checksum;
}
constexpr bool same(container const& a, container const& b) {
  return a.kind == b.kind && a.key == b.key && a.inner == b.inner && a.domain == b.domain &&
         a.name == b.name;
}
constexpr bool same(contained_type const& a, contained_type const& b) {
  return a.tensor == b.tensor && a.container == b.container;
}
constexpr bool same(node const& a, node const& b) {
  return a.op == b.op && a.type == b.type && a.domain == b.domain && a.name == b.name &&
         same(a.inputs, b.inputs) && same(a.outputs, b.outputs) &&
         same(a.attributes, b.attributes) && a.offset == b.offset;
}
constexpr bool same(body const& a, body const& b) {
  return a.name == b.name && same(a.nodes, b.nodes) && same(a.inputs, b.inputs) &&
         same(a.outputs, b.outputs) && same(a.constants, b.constants);
}
constexpr bool same(operator_set const& a, operator_set const& b) {
  return a.domain == b.domain && a.version == b.version;
}
constexpr bool same(function const& a, function const& b) {
  return a.name == b.name && a.domain == b.domain && a.overload == b.overload && a.body == b.body &&
         same(a.attributes, b.attributes) && same(a.default_attributes, b.default_attributes) &&
         same(a.operator_sets, b.operator_sets);
}
constexpr bool same(annotation const& a, annotation const& b) {
  return a.what == b.what && a.index == b.index && a.key == b.key && a.text == b.text;
}
constexpr bool same(dimension_definition const& a, dimension_definition const& b) {
  return a.kind == b.kind && same(a.left, b.left) && same(a.right, b.right);
}
constexpr bool same(dimension_term const& a, dimension_term const& b) {
  return a.coefficient == b.coefficient && a.degree == b.degree &&
         std::equal(std::begin(a.factors), std::end(a.factors), std::begin(b.factors));
}
template <class T> constexpr bool same(vector<T> const& a, vector<T> const& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!same(a[i], b[i])) return false;
  }
  return true;
}
template <auto... Member>
constexpr bool same_arrays(graph const& a, graph const& b, member_list<Member...>) {
  return (same(a.*Member, b.*Member) && ...);
}
constexpr bool same(graph const& a, graph const& b) {
  return a.name == b.name && a.opset == b.opset && a.ir_version == b.ir_version &&
         same(a.graph_facts::operator_sets, b.graph_facts::operator_sets) &&
         a.failure.broken == b.failure.broken && a.failure.text == b.failure.text &&
         a.failure.offset == b.failure.offset && same_arrays(a, b, graph_arrays{});
}

static_assert(same(thaw<constants>(), network()));
static_assert(constants::facts.name == "net" && constants::facts.opset == 21);
static_assert(constants::get<&graph::nodes>().size() == 2);
static_assert(constants::get<&graph::storage>().size() == 8);
static_assert(constants::get<&graph::constants>()[1].bytes == "abc");

// An error survives as well.
constexpr auto broken = [] {
  builder b;
  b.input("x", {});
  b.input("x", {});
  return b.finish();
};
static_assert(same(thaw<frozen_graph<broken>>(), broken()));
static_assert(frozen_graph<broken>::facts.failure.text.view() == "the name 'x' is defined twice");

// Whatever a graph can hold.
constexpr auto everything = [] { return inlay_test::everything(); };
static_assert(same(thaw<frozen_graph<everything>>(), inlay_test::everything()));

constexpr auto empty = [] { return graph{}; };
static_assert(same(thaw<frozen_graph<empty>>(), graph{}));

}  // namespace

TEST_CASE("a frozen graph is built again at run time") {
  CHECK(same(thaw<constants>(), network()));
}
