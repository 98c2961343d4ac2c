// Makes chains of operators that take any number of inputs, or inputs of any shape.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "inlay/core/bytes.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/store_constant.hpp"
#include "inlay/op/list.hpp"
#include "inlay/pass/remove_parts.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Splits the nodes of one graph, whose types are known.
template <class Graph> class operator_splitter {
 public:
  constexpr explicit operator_splitter(Graph& g) : graph_(&g), known_(g) {}

  /// Whether a node takes other inputs than its element function or its kernel does, or is a
  /// square.
  static constexpr bool is_split(Graph const& g, node const& n) {
    if (is<op::max>(n) || is<op::min>(n) || is<op::sum>(n) || is<op::mean>(n)) {
      return n.inputs.count != 2 && has_types(g, n);
    }
    if (is<op::cast_like>(n)) return has_types(g, n);
    if (is<op::gather>(n)) return has_types(g, n) && is_split_gather(g, n);
    if (is<op::clip>(n)) {
      node_view const view(g, n);
      return !(view.has_input(1) && view.has_input(2)) && has_types(g, n);
    }
    if (is<op::pow>(n)) return has_types(g, n) && is_square(g, n);
    return (is<op::layer_norm>(n) || is<op::rms_norm>(n)) && has_extents(g, n) &&
           entry_of<Graph>(n.op).is_split({g, n});
  }

  constexpr void run() {
    auto const old = graph_->nodes;
    vector<std::uint32_t> moved;
    graph_->nodes.clear();
    for (auto const& n : old) {
      moved.push_back(static_cast<std::uint32_t>(graph_->nodes.size()));
      if (is_split(*graph_, n)) split(n);
      else graph_->nodes.push_back(n);
    }
    if (!graph_->annotations.empty()) move_annotations(*graph_, {.nodes = &moved});
  }

 private:
  static constexpr bool has_types(Graph const& g, node const& n) {
    for (auto const id : g.inputs_of(n)) {
      if (id != no_value && !g.values[id].type.has_shape) return false;
    }
    return true;
  }
  static constexpr bool has_extents(Graph const& g, node const& n) {
    if (!has_types(g, n)) return false;
    for (auto const id : g.inputs_of(n)) {
      if (id != no_value && has_symbol(g.values[id].type.shape)) return false;
    }
    return true;
  }
  static constexpr bool is_square(Graph const& g, node const& n) {
    node_view const view(g, n);
    auto const& exponent = view.input(1);
    if (!view.is_constant(1) || exponent.shape.size() > view.input(0).shape.size()) return false;
    for (auto const extent : exponent.shape) {
      if (extent != 1) return false;
    }
    auto const bytes = g.bytes_of(g.constants[g.values[g.inputs_of(n)[1]].constant]);
    bool is_two = false;
    with_type(exponent.element, op::pow::types{},
              [&]<class T>(T) { is_two = read_little_endian<T>(bytes, 0) == T{2}; });
    return is_two;
  }

  static constexpr bool is_split_gather(Graph const& g, node const& n) {
    return node_view(g, n).input(1).element != element_type::int64 || find_run(g, n).count > 0;
  }
  /// The constant indices of a Gather, if there is one or they are a run of a list.
  static constexpr axis_run find_run(Graph const& g, node const& n) {
    node_view const view(g, n);
    auto const& indices = view.input_shape(1);
    auto const& x = view.input_shape(0);
    auto const extent = x[axis_of(view.integer("axis", 0), x.size())];
    if (!view.is_constant(1) || indices.size() > 1 || extent < 0) return {};
    auto const count = elements_of(indices);
    auto const index = [&](std::int64_t i) {
      auto const at = view.constant_integer(1, static_cast<std::size_t>(i));
      return at < 0 ? at + extent : at;
    };
    if (count == 0) return {};
    axis_run const run{index(0), count > 1 ? index(1) - index(0) : 1, count};
    for (std::int64_t i = 1; i < count; ++i) {
      if (index(i) - index(i - 1) != run.step) return {};
    }
    if (run.step == 0) return {};
    return run;
  }
  /// The elements that a Gather chooses, without its kernel or with one that takes its indices.
  constexpr void split_gather(node const& n, vector<value_id> const& inputs, value_id y) {
    auto const run = find_run(*graph_, n);
    if (run.count == 0) {
      auto const indices = add_value();
      add<op::cast>(n, {inputs[1]}, indices, to_type(element_type::int64));
      return add<op::gather>(n, {inputs[0], indices}, y, n.attributes);
    }
    node_view const view(*graph_, n);
    auto const axis = axis_of(view.integer("axis", 0), view.input_shape(0).size());
    bool const is_single = view.input_shape(1).size() == 0;
    auto const end = run.first + run.count * run.step;
    auto const first = add_list(run.first);
    auto const last = add_list(end < 0 ? INT64_MIN : end);
    auto const axes = add_list(axis);
    auto const steps = add_list(run.step);
    auto const part = is_single ? add_value() : y;
    add<op::slice>(n, {inputs[0], first, last, axes, steps}, part);
    if (is_single) add<op::squeeze>(n, {part, axes}, y);
  }
  /// A constant list of one number.
  constexpr value_id add_list(std::int64_t number) {
    std::int64_t const numbers[] = {number};
    auto const id = add_value();
    auto const elements = store_elements(*graph_, span<std::int64_t const>(numbers, 1));
    graph_->values[id].constant = elements;
    graph_->values[id].type = {element_type::int64, {1}};
    return id;
  }

  constexpr void split(node const& n) {
    // Copied: what is added moves the operands.
    vector<value_id> inputs;
    for (auto const id : graph_->inputs_of(n)) inputs.push_back(id);
    auto const y = graph_->outputs_of(n)[0];
    if (is<op::pow>(n)) {
      add<op::mul>(n, {inputs[0], inputs[0]}, y);
    } else if (is<op::layer_norm>(n) || is<op::rms_norm>(n)) {
      split_normalization(n, inputs, y);
    } else if (is<op::clip>(n)) {
      bool const has_least = inputs.size() > 1 && inputs[1] != no_value;
      bool const has_most = inputs.size() > 2 && inputs[2] != no_value;
      if (has_least) add<op::max>(n, {inputs[0], inputs[1]}, y);
      else if (has_most) add<op::min>(n, {inputs[0], inputs[2]}, y);
      else add<op::identity>(n, {inputs[0]}, y);
    } else if (is<op::gather>(n)) {
      split_gather(n, inputs, y);
    } else if (is<op::cast_like>(n)) {
      add<op::cast>(n, {inputs[0]}, y, to_type(graph_->values[inputs[1]].type.element));
    } else if (inputs.size() == 1) {
      add<op::identity>(n, {inputs[0]}, y);
    } else if (is<op::mean>(n)) {
      auto const sum = add_value();
      add_chain<op::sum>(n, inputs, sum);
      auto const count = add_number(inputs[0], static_cast<int>(inputs.size()));
      add<op::div>(n, {sum, count}, y);
    } else if (is<op::sum>(n)) {
      add_chain<op::sum>(n, inputs, y);
    } else if (is<op::max>(n)) {
      add_chain<op::max>(n, inputs, y);
    } else {
      add_chain<op::min>(n, inputs, y);
    }
  }

  /// A scale that the kernel does not take becomes a product behind it; a bias then, or if it does
  /// not take that, a sum.
  constexpr void split_normalization(node n, vector<value_id> const& inputs, value_id y) {
    auto& g = *graph_;
    auto const bias = inputs.size() > 2 ? inputs[2] : no_value;
    bool const keeps_scale = takes_parameter(node_view(g, n), 1);
    auto const scale = keeps_scale ? inputs[1] : add_number(inputs[0], 1);
    auto result = add_value();
    g.values[result].type = g.values[inputs[0]].type;
    value_id const operands[] = {inputs[0], scale, result};
    n.inputs = {static_cast<std::uint32_t>(g.operands.size()), 2};
    n.outputs = {n.inputs.first + 2, 1};
    g.operands.append(operands, 3);
    g.nodes.push_back(n);
    if (!keeps_scale) {
      auto const scaled = bias == no_value ? y : add_value();
      add<op::mul>(n, {result, inputs[1]}, scaled);
      result = scaled;
    }
    if (bias != no_value) add<op::add>(n, {result, bias}, y);
  }

  template <class Operator>
  constexpr void add_chain(node const& from, vector<value_id> const& inputs, value_id y) {
    auto result = inputs[0];
    for (std::size_t i = 1; i < inputs.size(); ++i) {
      auto const next = i + 1 == inputs.size() ? y : add_value();
      add<Operator>(from, {result, inputs[i]}, next);
      result = next;
    }
  }
  /// The attribute of a Cast to that type.
  constexpr range to_type(element_type e) {
    auto& g = *graph_;
    attribute a;
    a.name = "to";
    a.values = {static_cast<std::uint32_t>(g.integers.size()), 1};
    g.integers.push_back(static_cast<std::int64_t>(e));
    g.attributes.push_back(a);
    return {static_cast<std::uint32_t>(g.attributes.size() - 1), 1};
  }
  constexpr value_id add_value() {
    graph_->values.push_back({});
    return static_cast<value_id>(graph_->values.size() - 1);
  }
  /// A constant of one element of the type that `like` has.
  constexpr value_id add_number(value_id like, int x) {
    auto const id = add_value();
    auto const element = graph_->values[like].type.element;
    with_type(element, op::mean::types{}, [&]<class T>(T) {
      T const numbers[] = {static_cast<T>(x)};
      graph_->values[id].constant = store_elements(*graph_, span<T const>(numbers, 1));
    });
    graph_->values[id].type = {element, {}};
    return id;
  }
  /// Adds a node that comes from where `from` does, and gives its output the type that it has.
  template <class Operator>
  constexpr void add(node const& from, std::initializer_list<value_id> inputs, value_id y,
                     range attributes = {}) {
    auto& g = *graph_;
    node n;
    n.op = id_of<Operator>;
    n.type = Operator::name;
    n.name = from.name;
    n.offset = from.offset;
    n.attributes = attributes;
    n.inputs = {static_cast<std::uint32_t>(g.operands.size()),
                static_cast<std::uint32_t>(inputs.size())};
    g.operands.append(inputs.begin(), inputs.size());
    n.outputs = {static_cast<std::uint32_t>(g.operands.size()), 1};
    g.operands.push_back(y);
    auto const type = entry_of<Graph>(n.op).infer({g, n, &known_}, 0);
    if (!type) return fail(g, n, type.failure());
    g.values[y].type = *type;
    g.nodes.push_back(n);
  }

  Graph* graph_;
  inference known_;
};

}  // namespace detail

/// Max, Min, Sum and Mean of other than two inputs become chains of two, or nothing but their only
/// input; Clip without both limits becomes Max or Min, a power of 2 a product, CastLike a Cast,
/// Gather of one constant index, or of a run of them, a Slice. A normalization of rows whose scale
/// or bias is not that of a row becomes one without, a product and a sum. Runs after types are
/// inferred.
///   before   %3 = Max(%0, %1, %2)
///   after    %4 = Max(%0, %1)   %3 = Max(%4, %2)
template <class Graph> constexpr Graph split_operators(Graph g) {
  if (g.failure) return g;
  bool has_any = false;
  for (auto const& n : g.nodes) {
    has_any = has_any || detail::operator_splitter<Graph>::is_split(g, n);
  }
  if (has_any) detail::operator_splitter<Graph>(g).run();
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
