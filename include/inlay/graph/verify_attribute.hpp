// Whether attributes hold what their kinds say.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/graph/attribute_kind.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// An error of an attribute: the node that has it, its name, then the rest of the arguments.
template <class Graph, class... Part>
constexpr void refuse_attribute(Graph& g, attribute const& a, rule broken, Part... what) {
  auto const at = static_cast<std::size_t>(&a - g.attributes.data());
  auto const e = make_error(broken, "attribute '", a.name, "' ", what...);
  auto const has = [&](node const& n) {
    return n.attributes.first <= at && at - n.attributes.first < n.attributes.count;
  };
  for (auto const& n : g.nodes) {
    if (has(n)) return fail(g, n, e);
  }
  for (auto const& n : g.body_nodes) {
    if (has(n)) return fail(g, n, e);
  }
  g.fail(e);
}

template <class Graph> constexpr void refuse_reference(Graph& g, attribute const& a) {
  if (a.reference.empty() || g.failure) return;
  refuse_attribute(g, a, rule::only_attributes_in_functions_may_refer_to_others, "refers to '",
                   a.reference, "', but is in no function");
}

/// One value of an attribute that holds indices.
template <class Graph>
constexpr void verify_index(Graph& g, attribute const& a, std::int64_t index) {
  constexpr auto broken = rule::an_index_must_be_in_range;
  auto const element = kind_of_elements(a.kind);
  auto const at = static_cast<std::uint64_t>(index);
  if (element == attribute_kind::graph) {
    if (at < g.bodies.size()) return;
    return refuse_attribute(g, a, broken, "holds a body that does not exist");
  }
  if (at == no_value) return;
  auto const constant =
      at < g.values.size() ? g.values[static_cast<std::size_t>(at)].constant : not_constant;
  if (constant >= g.constants.size()) {
    refuse_attribute(g, a, broken, "holds a tensor that is no constant");
  } else if (element == attribute_kind::sparse_tensor &&
             g.constants[constant].sparse_values == no_value) {
    refuse_attribute(g, a, broken, "holds a dense tensor as a sparse one");
  }
}

template <class Graph> constexpr void verify_attribute(Graph& g, attribute const& a) {
  using enum attribute_kind;
  if (g.failure) return;
  if (g.functions.empty()) refuse_reference(g, a);
  if (a.kind == other || a.values.count == 0) return;
  auto const element = kind_of_elements(a.kind);
  if (element == a.kind && a.values.count != 1) {
    return refuse_attribute(g, a, rule::an_attribute_must_hold_what_its_type_says,
                            "has more than one value");
  }
  auto const size = element == real   ? g.reals.size()
                    : element == text ? g.texts.size()
                    : element == type ? g.types.size()
                                      : g.integers.size();
  if (std::uint64_t{a.values.first} + a.values.count > size) {
    return refuse_attribute(g, a, rule::an_index_must_be_in_range, "has values out of range");
  }
  if (element != tensor && element != sparse_tensor && element != attribute_kind::graph) return;
  for (std::uint32_t i = 0; i < a.values.count; ++i) {
    verify_index(g, a, g.integers[a.values.first + i]);
  }
}

/// All attributes, whoever holds them. Those that hold indices, nothing or too much are looked at
/// one by one; the others take one expression each, since constant evaluation counts statements.
template <class Graph> constexpr void verify_attributes(Graph& g) {
  // Indexed by attribute_kind.
  std::uint64_t const sizes[] = {g.integers.size(),
                                 g.reals.size(),
                                 g.texts.size(),
                                 0,
                                 0,
                                 g.integers.size(),
                                 g.reals.size(),
                                 g.texts.size(),
                                 0,
                                 0,
                                 0,
                                 0,
                                 g.types.size(),
                                 g.types.size(),
                                 0};
  constexpr auto any = ~std::uint32_t{0};
  constexpr std::uint32_t most[] = {1, 1, 1, 1, 1, any, any, any, any, any, 1, any, 1, any, any};
  for (auto const& a : g.attributes) {
    if (std::uint64_t{a.values.first} + a.values.count > sizes[static_cast<int>(a.kind)] ||
        a.values.count - 1 >= most[static_cast<int>(a.kind)]) {
      verify_attribute(g, a);
    }
  }
}

}  // namespace inlay::inline INLAY_VERSION::detail
