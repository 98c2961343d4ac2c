// A graph with all that a graph can hold, for the tests of its text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <string_view>

#include "inlay/graph/builder.hpp"

namespace inlay_test {

constexpr auto f32 = inlay::element_type::float32;

constexpr float nan_of(std::uint32_t bits) { return std::bit_cast<float>(bits); }

/// Adds an attribute of a kind that a builder has no words for.
template <class T>
constexpr void add_list(inlay::graph& g, std::string_view name, inlay::attribute_kind kind,
                        inlay::vector<T>& pool, std::initializer_list<T> elements) {
  inlay::range const r{static_cast<std::uint32_t>(pool.size()),
                       static_cast<std::uint32_t>(elements.size())};
  pool.append(elements.begin(), elements.size());
  g.attributes.push_back({name, kind, r});
  ++g.nodes.back().attributes.count;
}

constexpr inlay::graph everything() {
  using namespace inlay;
  using kind = attribute_kind;
  builder b("a \"net\" \\ of\ntwo lines", 28);
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
  auto const bytes = b.constant("", {element_type::uint8, {4}}, std::string_view("\0\1\2\3", 4));
  auto const none = b.constant("none", {f32, {0}}, std::string_view());
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
  add_list<std::string_view>(g, "texts", kind::texts, g.texts, {"", "plain", "\\"});
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
  return b.finish();
}

/// The numbers that `everything` gives its operators.
constexpr inlay::operator_id find_in_everything(std::string_view domain, std::string_view type) {
  if (domain.empty() && type == "Thing") return inlay::operator_id{7};
  return inlay::operator_id{static_cast<std::uint16_t>(type == "Split.2" ? 8 : 0)};
}

}  // namespace inlay_test
