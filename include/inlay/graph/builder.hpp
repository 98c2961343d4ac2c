// Builds a graph node by node. Every frontend goes through it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "inlay/core/index_table.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/name_scopes.hpp"
#include "inlay/graph/store_constant.hpp"

namespace inlay::inline INLAY_VERSION {

/// An attribute as a caller writes it: `{"axis", 1}`, `{"strides", {2, 2}}`, `{"alpha", 0.5f}`.
struct named_attribute {
  string_view name;
  attribute_kind kind = attribute_kind::integer;
  std::int64_t integer = 0;
  float real = 0;
  string_view text{};
  span<std::int64_t const> integers{};

  constexpr named_attribute() = default;
  constexpr named_attribute(string_view n, int x)
      : name(n), kind(attribute_kind::integer), integer(x) {}
  constexpr named_attribute(string_view n, std::int64_t x)
      : name(n), kind(attribute_kind::integer), integer(x) {}
  constexpr named_attribute(string_view n, float x)
      : name(n), kind(attribute_kind::real), real(x) {}
  constexpr named_attribute(string_view n, char const* x)
      : name(n), kind(attribute_kind::text), text(x) {}
  constexpr named_attribute(string_view n, std::initializer_list<std::int64_t> x)
      : name(n), kind(attribute_kind::integers), integers(x.begin(), x.size()) {}
  constexpr named_attribute(string_view n, span<std::int64_t const> x)
      : name(n), kind(attribute_kind::integers), integers(x) {}
};

namespace detail {

/// Moves what stands in `from` behind `first` to the end of `to`.
template <class T> constexpr range move_from(vector<T>& from, std::size_t first, vector<T>& to) {
  range const moved{static_cast<std::uint32_t>(to.size()),
                    static_cast<std::uint32_t>(from.size() - first)};
  to.append(from.data() + first, moved.count);
  from.truncate(first);
  return moved;
}

}  // namespace detail

/// A graph under construction. A mistake is kept as the graph's first error, and what follows is
/// built all the same.
template <class Graph> class basic_builder {
 public:
  constexpr explicit basic_builder(string_view name = {}, std::int64_t opset = 0) {
    graph_.name = name;
    graph_.opset = opset;
  }

  constexpr Graph& unfinished() { return graph_; }
  constexpr Graph finish() { return std::move(graph_); }

  /// Appends `elements` to one of the graph's arrays.
  template <class Vector, class T> constexpr range append(Vector& to, span<T> elements) {
    range r{static_cast<std::uint32_t>(to.size()), static_cast<std::uint32_t>(elements.size())};
    for (auto const& e : elements) to.push_back(e);
    return r;
  }

  /// Makes room, where the numbers are known before.
  constexpr void reserve(std::size_t nodes, std::size_t values) {
    graph_.nodes.reserve(nodes);
    graph_.values.reserve(values);
    names_.reserve(values);
  }

  /// From here on inputs, constants, nodes and outputs belong to a body: a graph inside the graph,
  /// or inside the body that is open already. It sees the names around it and may define them
  /// again; that of a function sees none.
  constexpr void begin_body(string_view name = {}, bool is_function = false) {
    open_.push_back({name, open_nodes_.size(), open_inputs_.size(), open_outputs_.size(),
                     open_constants_.size()});
    names_.open(is_function);
  }

  /// Ends the body that was begun last; returns its index in `graph::bodies`.
  constexpr std::uint32_t end_body() {
    auto const& from = open_.back();
    body b;
    b.name = from.name;
    b.nodes = detail::move_from(open_nodes_, from.nodes, graph_.body_nodes);
    b.inputs = detail::move_from(open_inputs_, from.inputs, graph_.operands);
    b.outputs = detail::move_from(open_outputs_, from.outputs, graph_.operands);
    b.constants = detail::move_from(open_constants_, from.constants, graph_.operands);
    names_.close();
    open_.pop_back();
    graph_.bodies.push_back(b);
    return static_cast<std::uint32_t>(graph_.bodies.size() - 1);
  }

  constexpr bool is_in_body() const { return !open_.empty(); }
  /// The name of the open body; there must be one.
  constexpr string_view body_name() const { return open_.back().name; }
  /// How many nodes the open body, or the graph, has so far.
  constexpr std::size_t nodes_here() const {
    return open_.empty() ? graph_.nodes.size() : open_nodes_.size() - open_.back().nodes;
  }

  /// A node whose operands and attributes stand in the graph already.
  constexpr void add_node(node const& n) {
    (open_.empty() ? graph_.nodes : open_nodes_).push_back(n);
  }

  /// A new value. A name that is taken is an error; an empty name is not looked up.
  constexpr value_id add_value(string_view name, tensor_type const& type) {
    auto const id = static_cast<value_id>(graph_.values.size());
    if (!name.empty()) define(name, id);
    graph_.values.push_back({name, type});
    return id;
  }
  /// Gives a value another name, which must not be empty. One that is taken is an error.
  constexpr void rename(value_id id, string_view name) {
    if (graph_.values[id].name == name) return;
    define(name, id);
    graph_.values[id].name = name;
  }

  /// The value of that name, or `no_value`.
  constexpr value_id find(string_view name) const {
    return names_.find(graph_.values, name, hash_text(name));
  }
  /// The same, without the names around the body that is open.
  constexpr value_id find_here(string_view name) const {
    return names_.find_here(graph_.values, name, hash_text(name));
  }

  constexpr value_id input(string_view name, tensor_type const& type) {
    auto const id = add_value(name, type);
    (open_.empty() ? graph_.inputs : open_inputs_).push_back(id);
    return id;
  }

  /// A constant whose little-endian bytes outlive the graph.
  constexpr value_id constant(string_view name, tensor_type const& type, string_view bytes) {
    auto const id = attached_constant(name, type, bytes);
    if (!open_.empty()) open_constants_.push_back(id);
    return id;
  }
  /// The same for what an attribute or another constant holds: no initializer of a body.
  constexpr value_id attached_constant(string_view name, tensor_type const& type,
                                       string_view bytes) {
    auto const id = add_value(name, type);
    graph_.values[id].constant = static_cast<std::uint32_t>(graph_.constants.size());
    graph_.constants.push_back({bytes});
    return id;
  }

  /// A constant whose elements are copied into the graph.
  template <class T>
  constexpr value_id constant(string_view name, shape const& s, span<T const> elements) {
    auto const id = add_value(name, {element_of<T>, s});
    graph_.values[id].constant = store_elements(graph_, elements);
    if (!open_.empty()) open_constants_.push_back(id);
    return id;
  }
  template <class T>
  constexpr value_id constant(string_view name, shape const& s, std::initializer_list<T> elements) {
    return constant(name, s, span<T const>(elements.begin(), elements.size()));
  }

  /// A node; returns its first output, and the others are the values after it.
  constexpr value_id add(operator_id op, string_view type, string_view name,
                         std::initializer_list<value_id> inputs,
                         std::initializer_list<named_attribute> attributes = {},
                         std::uint32_t outputs = 1) {
    return add(op, type, name, span<value_id const>(inputs.begin(), inputs.size()),
               span<named_attribute const>(attributes.begin(), attributes.size()), outputs);
  }
  constexpr value_id add(operator_id op, string_view type, string_view name,
                         span<value_id const> inputs, span<named_attribute const> attributes,
                         std::uint32_t outputs = 1, string_view domain = {}) {
    node n;
    n.op = op;
    n.type = type;
    n.domain = domain;
    n.name = name;
    n.inputs = append(graph_.operands, inputs);
    n.attributes.first = static_cast<std::uint32_t>(graph_.attributes.size());
    for (auto const& a : attributes) add_attribute(a);
    n.attributes.count = static_cast<std::uint32_t>(graph_.attributes.size()) - n.attributes.first;
    n.outputs.first = static_cast<std::uint32_t>(graph_.operands.size());
    n.outputs.count = outputs;
    auto const first = static_cast<value_id>(graph_.values.size());
    for (std::uint32_t i = 0; i < outputs; ++i) graph_.operands.push_back(add_value({}, {}));
    add_node(n);
    return first;
  }

  constexpr void output(value_id id, string_view name = {}) {
    if (!name.empty()) graph_.values[id].name = name;
    (open_.empty() ? graph_.outputs : open_outputs_).push_back(id);
  }

  /// A dimension without a value, as an extent. The same name is the same dimension.
  constexpr std::int64_t symbol(string_view name) {
    auto const hash = hash_text(name);
    auto const found =
        symbols_.find(hash, [&](std::uint32_t i) { return graph_.symbols[i] == name; });
    if (found != index_table::absent) return -1 - static_cast<std::int64_t>(found);
    symbols_.insert(hash, static_cast<std::uint32_t>(graph_.symbols.size()));
    graph_.symbols.push_back(name);
    return -static_cast<std::int64_t>(graph_.symbols.size());
  }
  /// A dimension without a value or a name, which equals no other.
  constexpr std::int64_t nameless_symbol() {
    graph_.symbols.push_back({});
    return -static_cast<std::int64_t>(graph_.symbols.size());
  }

 private:
  /// A body that is not ended yet, and where its parts begin in the arrays of what is open.
  struct open_body {
    string_view name;
    std::size_t nodes = 0;
    std::size_t inputs = 0;
    std::size_t outputs = 0;
    std::size_t constants = 0;
  };

  constexpr void define(string_view name, value_id id) {
    auto const hash = hash_text(name);
    if (names_.find_here(graph_.values, name, hash) != no_value) {
      graph_.fail(
          make_error(rule::a_name_must_be_defined_once, "the name '", name, "' is defined twice"));
    } else {
      names_.insert(hash, id);
    }
  }

  constexpr void add_attribute(named_attribute const& a) {
    range values;
    switch (a.kind) {
      case attribute_kind::integer: values = append(graph_.integers, span(&a.integer, 1)); break;
      case attribute_kind::real: values = append(graph_.reals, span(&a.real, 1)); break;
      case attribute_kind::text: values = append(graph_.texts, span(&a.text, 1)); break;
      default: values = append(graph_.integers, a.integers); break;
    }
    graph_.attributes.push_back({a.name, a.kind, values});
  }

  Graph graph_;
  name_scopes names_;
  index_table symbols_;
  vector<open_body> open_;
  vector<node> open_nodes_;
  vector<value_id> open_inputs_;
  vector<value_id> open_outputs_;
  vector<value_id> open_constants_;
};
using builder = basic_builder<graph>;

}  // namespace inlay::inline INLAY_VERSION
