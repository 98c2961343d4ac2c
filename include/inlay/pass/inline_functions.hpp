// Puts what the model's own functions do in place of the nodes that call them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/function_table.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/nesting.hpp"
#include "inlay/op/list.hpp"
#include "inlay/pass/convert_opset.hpp"
#include "inlay/pass/remove_parts.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Builds `to_` from `from_`: nodes that call nothing as they are, and for each call the nodes of
/// the function on values of their own.
template <class Graph> class function_inliner {
 public:
  constexpr explicit function_inliner(Graph g)
      : from_(std::move(g)),
        to_(from_),
        functions_(from_),
        values_(from_.values.size(), no_value),
        bound_(from_.values.size(), no_value),
        is_given_(from_.values.size(), 0),
        is_active_(from_.functions.size(), 0),
        new_bodies_(from_.bodies.size(), no_place) {
    for (value_id id = 0; id < values_.size(); ++id) values_[id] = id;
    for (std::uint32_t i = 0; i < from_.functions.size(); ++i) {
      auto const& f = from_.functions[i];
      functions_.add(i);
      for (auto const id : ids_in(from_.bodies[f.body].inputs)) is_given_[id] = 1;
    }
    for (auto const& a : from_.annotations) add_overload(a);
  }

  constexpr Graph run() {
    to_.body_nodes.clear();
    to_.bodies.clear();
    to_.functions.clear();
    node_list nodes;
    for (std::uint32_t i = 0; i < from_.nodes.size() && !from_.failure; ++i) {
      current_ = i;
      copy_node(from_.nodes[i], {annotated::node, i}, {}, nodes, 0);
    }
    if (from_.failure) return std::move(from_);
    to_.nodes = std::move(nodes.nodes);
    drop_unused_values();
    move_notes(nodes.origins);
    return std::move(to_);
  }

 private:
  // A call takes ten bytes of a file, and what it comes to at these limits less than 100 MB.
  static constexpr std::size_t most_nodes = std::size_t{1} << 18;
  static constexpr std::size_t most_attributes = std::size_t{1} << 18;
  static constexpr std::uint32_t handed_over = 0xffff'ffff;  // bodies of an attribute of a call
  static constexpr std::size_t most_operands = std::size_t{1} << 21;
  static constexpr int most_calls = 64;

  /// A node's index in the graph that is read.
  struct origin {
    annotated what = annotated::node;
    std::uint32_t index = 0;
  };
  /// Nodes of a graph or body, and where each comes from: `no_place` if from a function.
  struct node_list {
    vector<node> nodes;
    vector<std::uint32_t> origins;
  };
  /// The call whose function is being copied.
  struct call {
    function const* callee = nullptr;  // null outside of functions
    range attributes{};                // in `to_`, of the node that calls
  };

  constexpr span<value_id const> ids_in(range r) const {
    return {from_.operands.data() + r.first, r.count};
  }

  template <class... Part> constexpr void fail(rule broken, Part... part) {
    auto const& n = from_.nodes[current_];
    auto e = make_error(broken, label_of_node(n, current_), ": ", part...);
    e.offset = n.offset;
    from_.fail(e);
  }

  constexpr void add_overload(annotation const& a) {
    auto& to = a.what == annotated::node ? overloads_ : body_overloads_;
    auto const& nodes = a.what == annotated::node ? from_.nodes : from_.body_nodes;
    bool const is_of_node = a.what == annotated::node || a.what == annotated::body_node;
    if (!is_of_node || a.key != "overload" || a.index >= nodes.size()) return;
    if (to.empty()) to = vector<string_view>(nodes.size(), {});
    to[a.index] = a.text;
  }
  constexpr string_view overload_of(origin o) const {
    auto const& overloads = o.what == annotated::node ? overloads_ : body_overloads_;
    return overloads.empty() ? string_view{} : overloads[o.index];
  }

  /// Whether what functions have come to is within the limits.
  constexpr bool spend(std::size_t nodes, std::size_t operands, std::size_t attributes) {
    spent_nodes_ += nodes;
    spent_operands_ += operands;
    spent_attributes_ += attributes;
    auto const values = to_.values.size() - from_.values.size();
    if (spent_nodes_ <= most_nodes && spent_operands_ <= most_operands &&
        spent_attributes_ <= most_attributes && values <= most_nodes) {
      return true;
    }
    fail(rule::functions_must_come_to_at_most_262144_nodes,
         "the functions of the model come to more than 262144 nodes, values or attributes");
    return false;
  }

  constexpr void copy_node(node const& n, origin o, call const& around, node_list& to, int depth) {
    bool const is_inside = around.callee != nullptr;
    if (from_.failure) return;
    if (is_inside && !spend(1, std::size_t{n.inputs.count} + n.outputs.count, 0)) return;
    auto const callee = functions_.find(n.domain, n.type, overload_of(o));
    if (callee != functions_.absent) return copy_function(n, callee, around, to, depth);
    auto copy = n;
    copy.attributes = copy_attributes(n.attributes, around, depth);
    if (is_inside) {
      copy.inputs = copy_inputs(n.inputs);
      copy.outputs = copy_outputs(n.outputs);
    }
    to.nodes.push_back(copy);
    to.origins.push_back(is_inside ? no_place : o.index);
  }

  constexpr void copy_function(node const& n, std::uint32_t index, call const& around,
                               node_list& to, int depth) {
    auto const& f = from_.functions[index];
    if (!is_callable(n, index, depth)) return;
    call inner{&f, copy_attributes(n.attributes, around, depth)};
    auto const& b = from_.bodies[f.body];
    auto const inputs = ids_in(b.inputs);
    auto const outputs = ids_in(b.outputs);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      auto const id = i < n.inputs.count ? ids_in(n.inputs)[i] : no_value;
      values_[inputs[i]] = id == no_value ? no_value : values_[id];
    }
    auto const results = around.callee == nullptr ? n.outputs : copy_outputs(n.outputs);
    vector<std::size_t> copied;
    for (std::size_t i = 0; i < results.count; ++i) {
      auto const result = to_.operands[results.first + i];
      if (result == no_value) continue;
      if (is_defined_inside(outputs[i])) bound_[outputs[i]] = result;
      else copied.push_back(i);
    }
    is_active_[index] = 1;
    for (auto i = b.nodes.first; i < b.nodes.first + b.nodes.count; ++i) {
      copy_node(from_.body_nodes[i], {annotated::body_node, i}, inner, to, depth + 1);
    }
    is_active_[index] = 0;
    for (auto const i : copied) {
      add_identity(f, values_[outputs[i]], to_.operands[results.first + i], to);
    }
  }

  constexpr bool is_callable(node const& n, std::uint32_t index, int depth) {
    auto const& f = from_.functions[index];
    auto const& b = from_.bodies[f.body];
    constexpr auto broken = rule::functions_must_be_called_as_they_are_declared;
    if (is_active_[index] != 0) {
      fail(rule::functions_must_not_call_themselves, "the function '", f.name, "' calls itself");
    } else if (depth == most_calls) {
      fail(rule::calls_must_nest_at_most_64_deep, "functions call each other more than ",
           most_calls, " deep");
    } else if (n.inputs.count > b.inputs.count) {
      fail(broken, "the function '", f.name, "' takes ", b.inputs.count, " inputs, not ",
           n.inputs.count);
    } else if (n.outputs.count > b.outputs.count) {
      fail(broken, "the function '", f.name, "' has ", b.outputs.count, " outputs, not ",
           n.outputs.count);
    }
    for (std::uint32_t i = 0; i < f.operator_sets.count; ++i) {
      auto const& s = from_.operator_sets[f.operator_sets.first + i];
      if (!s.domain.empty() || s.version == from_.opset || has_one_form(f, s.version)) continue;
      fail(rule::the_opset_must_be_supported, "the function '", f.name, "' is written for opset ",
           s.version, ", the model for ", from_.opset, "; they must be the same");
    }
    return !from_.failure;
  }

  /// Whether all nodes of the function mean the same in this opset and in the model's.
  constexpr bool has_one_form(function const& f, std::int64_t version) const {
    auto const nodes = from_.bodies[f.body].nodes;
    for (auto i = nodes.first; i < nodes.first + nodes.count; ++i) {
      auto const& n = from_.body_nodes[i];
      auto const callee = functions_.find(n.domain, n.type, overload_of({annotated::body_node, i}));
      if (callee != functions_.absent) continue;
      if (!detail::has_one_form(n, version, from_.opset)) return false;
    }
    return true;
  }

  /// Whether a node of the function defines its output, and no earlier output is the same.
  constexpr bool is_defined_inside(value_id id) const {
    return is_given_[id] == 0 && !from_.is_constant(id) && bound_[id] == no_value;
  }

  constexpr void add_identity(function const& f, value_id input, value_id output, node_list& to) {
    if (from_.failure) return;
    if (input == no_value) {
      fail(rule::functions_must_be_called_as_they_are_declared, "the function '", f.name,
           "' returns an input that is left out");
      return;
    }
    node n;
    n.op = id_of<op::identity>;
    n.type = op::identity::name;
    n.name = from_.nodes[current_].name;
    n.offset = from_.nodes[current_].offset;
    n.inputs = {static_cast<std::uint32_t>(to_.operands.size()), 1};
    n.outputs = {n.inputs.first + 1, 1};
    to_.operands.push_back(input);
    to_.operands.push_back(output);
    to.nodes.push_back(n);
    to.origins.push_back(no_place);
  }

  // Of a node inside a function, or a body inside that.

  constexpr range copy_inputs(range r) {
    range const copy{static_cast<std::uint32_t>(to_.operands.size()), r.count};
    for (auto const id : ids_in(r)) {
      to_.operands.push_back(id == no_value ? no_value : values_[id]);
    }
    return copy;
  }
  constexpr range copy_outputs(range r) {
    range const copy{static_cast<std::uint32_t>(to_.operands.size()), r.count};
    for (auto const id : ids_in(r)) {
      to_.operands.push_back(id == no_value ? no_value : define(id));
    }
    return copy;
  }
  /// The value that stands for `id` from here on: what the caller wants, or a new one.
  constexpr value_id define(value_id id) {
    auto const wanted = bound_[id];
    bound_[id] = no_value;
    values_[id] = wanted != no_value ? wanted : static_cast<value_id>(to_.values.size());
    if (wanted == no_value && spend(0, 0, 0)) to_.values.push_back({});
    return values_[id];
  }

  /// The same run where nothing in it depends on the call.
  constexpr range copy_attributes(range r, call const& around, int depth) {
    bool is_same = true;
    for (std::uint32_t i = 0; i < r.count; ++i) {
      auto const& a = from_.attributes[r.first + i];
      is_same = is_same && a.reference.empty() && !holds_bodies(a);
    }
    if (is_same || !spend(0, 0, r.count)) return r;
    vector<attribute> copies;
    for (std::uint32_t i = 0; i < r.count; ++i) {
      copy_attribute(from_.attributes[r.first + i], around, depth, copies);
    }
    range const copy{static_cast<std::uint32_t>(to_.attributes.size()),
                     static_cast<std::uint32_t>(copies.size())};
    to_.attributes.append(copies.data(), copies.size());
    return copy;
  }

  /// One that refers to an attribute of the call that is not there, and has no default, goes.
  constexpr void copy_attribute(attribute const& a, call const& around, int depth,
                                vector<attribute>& to) {
    if (from_.failure) return;
    if (a.reference.empty()) {
      to.push_back(a);
      if (holds_bodies(a)) to.back().values = copy_bodies(a, around, depth);
      return;
    }
    if (around.callee == nullptr) {
      fail(rule::an_attribute_must_have_a_value, "attribute '", a.name, "' refers to '",
           a.reference, "', but is in no function");
      return;
    }
    auto const given = around.attributes;
    for (std::uint32_t i = 0; i < given.count; ++i) {
      auto& x = to_.attributes[given.first + i];
      if (x.name != a.reference) continue;
      refer(a, x, to);
      if (holds_bodies(x) && !from_.failure) hand_over(x, a, around);
      return;
    }
    auto const defaults = around.callee->default_attributes;
    for (std::uint32_t i = 0; i < defaults.count; ++i) {
      auto const& x = from_.attributes[defaults.first + i];
      if (x.name != a.reference) continue;
      refer(a, x, to);
      if (holds_bodies(x) && !from_.failure) to.back().values = copy_bodies(x, around, depth);
      return;
    }
  }
  /// The bodies of an attribute of the call go to the node that refers to it. They see the caller's
  /// values, and a body is held once.
  constexpr void hand_over(attribute& given, attribute const& a, call const& around) {
    if (given.values.count == handed_over) {
      fail(rule::the_form_of_the_operator_must_be_supported, "attribute '", a.name,
           "' of a node in the function '", around.callee->name,
           "' hands on a graph that another node has; no more than one is supported");
    }
    given.values.count = handed_over;
  }
  constexpr void refer(attribute const& a, attribute const& x, vector<attribute>& to) {
    if (a.kind != x.kind && a.kind != attribute_kind::other) {
      fail(rule::functions_must_be_called_as_they_are_declared, "attribute '", x.name,
           "' of the call is of another type than '", a.name, "', which refers to it");
      return;
    }
    to.push_back(x);
    to.back().name = a.name;
  }

  constexpr range copy_bodies(attribute const& a, call const& around, int depth) {
    vector<std::int64_t> bodies;
    for (std::uint32_t i = 0; i < a.values.count; ++i) {
      auto const index = static_cast<std::uint32_t>(from_.integers[a.values.first + i]);
      bodies.push_back(copy_body(index, around, depth));
    }
    range const copy{static_cast<std::uint32_t>(to_.integers.size()), a.values.count};
    to_.integers.append(bodies.data(), bodies.size());
    return copy;
  }
  constexpr std::uint32_t copy_body(std::uint32_t index, call const& around, int depth) {
    auto const& b = from_.bodies[index];
    bool const is_inside = around.callee != nullptr;
    if (depth == most_calls) {
      fail(rule::calls_must_nest_at_most_64_deep, "functions and bodies nest more than ",
           most_calls, " deep");
    }
    if (from_.failure || (is_inside && !spend(1, b.inputs.count, 0))) return 0;
    auto copy = b;
    if (is_inside) copy.inputs = copy_outputs(b.inputs);
    if (is_inside) copy.constants = copy_constants(b.constants);
    node_list nodes;
    for (auto i = b.nodes.first; i < b.nodes.first + b.nodes.count; ++i) {
      copy_node(from_.body_nodes[i], {annotated::body_node, i}, around, nodes, depth + 1);
    }
    if (is_inside) copy.outputs = copy_inputs(b.outputs);
    copy.nodes = {static_cast<std::uint32_t>(to_.body_nodes.size()),
                  static_cast<std::uint32_t>(nodes.nodes.size())};
    to_.body_nodes.append(nodes.nodes.data(), nodes.nodes.size());
    body_origins_.append(nodes.origins.data(), nodes.origins.size());
    to_.bodies.push_back(copy);
    auto const result = static_cast<std::uint32_t>(to_.bodies.size() - 1);
    if (!is_inside) new_bodies_[index] = result;
    return result;
  }
  /// New values with the same elements.
  constexpr range copy_constants(range r) {
    auto const copy = copy_outputs(r);
    for (std::uint32_t i = 0; i < r.count; ++i) {
      auto& v = to_.values[to_.operands[copy.first + i]];
      v = from_.values[ids_in(r)[i]];
      v.name = {};
    }
    return copy;
  }

  /// What functions called their values is not said of values that are no more.
  constexpr void drop_unused_values() {
    is_used_ = vector<char>(to_.values.size(), 0);
    auto const use = [&](value_id id) {
      if (id != no_value) is_used_[id] = 1;
    };
    auto const use_run = [&](range r) {
      for (auto i = r.first; i < r.first + r.count; ++i) use(to_.operands[i]);
    };
    for (auto const id : to_.inputs) use(id);
    for (auto const id : to_.outputs) use(id);
    for (auto const& b : to_.bodies) {
      for (auto const r : {b.inputs, b.outputs, b.constants}) use_run(r);
    }
    for (auto const* const nodes : {&to_.nodes, &to_.body_nodes}) {
      for (auto const& n : *nodes) {
        use_run(n.inputs);
        use_run(n.outputs);
      }
    }
    for (value_id id = 0; id < to_.values.size(); ++id) {
      if (is_used_[id] == 0 && !to_.is_constant(id)) to_.values[id] = {};
    }
  }

  constexpr void move_notes(vector<std::uint32_t> const& origins) {
    if (to_.annotations.empty()) return;
    auto const nodes = inverse(origins, from_.nodes.size());
    auto const body_nodes = inverse(body_origins_, from_.body_nodes.size());
    vector<std::uint32_t> const functions;
    vector<std::uint32_t> values;
    for (value_id id = 0; id < is_used_.size(); ++id) {
      values.push_back(is_used_[id] != 0 ? id : no_place);
    }
    move_annotations(to_, {&nodes, &new_bodies_, &body_nodes, &functions, &values});
  }
  static constexpr vector<std::uint32_t> inverse(vector<std::uint32_t> const& origins,
                                                 std::size_t size) {
    vector<std::uint32_t> places(size, no_place);
    for (std::uint32_t i = 0; i < origins.size(); ++i) {
      if (origins[i] != no_place) places[origins[i]] = i;
    }
    return places;
  }

  Graph from_;
  Graph to_;
  function_table<Graph> functions_;
  vector<value_id> values_;  // of `from_`: what each is in `to_` now
  vector<value_id> bound_;   // of `from_`: what the caller wants an output to be, until it is
  vector<char> is_given_;    // of `from_`: whether it is an input of a function
  vector<char> is_active_;   // whether each function is being copied
  vector<std::uint32_t> new_bodies_;
  vector<std::uint32_t> body_origins_;
  vector<string_view> overloads_;
  vector<string_view> body_overloads_;
  vector<char> is_used_;
  std::size_t spent_nodes_ = 0;
  std::size_t spent_operands_ = 0;
  std::size_t spent_attributes_ = 0;
  std::uint32_t current_ = 0;
};

}  // namespace detail

/// A node that calls a function of the model becomes the nodes of that function, in bodies too.
/// Their values have no names; attributes that refer to one of the call have its value, or the
/// function's default.
///   before   %1 = local.Twice(%0)            where Twice(x) is { Add(x, x) }
///   after    %1 = Add(%0, %0)
/// *Errors*: a function that calls itself; calls that nest more than 64 deep; a call with more
/// inputs or outputs than the function has; a function for another opset than the model's, with
/// operators that `convert_opset` does not know to be the same in both; more than 2^18 nodes,
/// values or attributes of functions.
/// *Costs*: linear in the graph before and after.
template <class Graph> constexpr Graph inline_functions(Graph g) {
  if (g.failure || g.functions.empty()) return g;
  return detail::function_inliner(std::move(g)).run();
}

}  // namespace inlay::inline INLAY_VERSION
