// The messages of an ONNX file: its model, graphs, nodes and functions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/index_table.hpp"
#include "inlay/core/result.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/frontend/onnx/annotation_lists.hpp"
#include "inlay/frontend/onnx/notes.hpp"
#include "inlay/frontend/onnx/value_names.hpp"
#include "inlay/frontend/onnx/wire_writer.hpp"
#include "inlay/frontend/onnx/write_fields.hpp"
#include "inlay/frontend/onnx/write_notes.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/nesting.hpp"
#include "inlay/op/list.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// The IR version of the first release of ONNX that has this opset; at least 4, since before it an
/// initializer had to be an input as well; at most 14.   *Source*: docs/Versioning.md of ONNX.
constexpr std::int64_t ir_version_of(std::int64_t opset) {
  constexpr std::int64_t last_opset[] = {9,  10, 11, 14, 18,
                                         20, 22, 23, 24, 27};  // of 4, 5, ..., 13
  std::int64_t ir = 4;
  for (auto const last : last_opset) ir += opset > last ? 1 : 0;
  return ir;
}

/// The version with which a domain is written that the graph uses without saying which: the newest.
constexpr std::int64_t version_of(string_view domain) {
  return domain == "ai.onnx.ml" ? 5 : newest_form_in(domain);
}

/// Writes a graph that `verify` found right.
class model_writer {
 public:
  constexpr explicit model_writer(graph const& g)
      : graph_(g),
        names_(g),
        notes_(g),
        is_inner_(inner_constants(g)),
        is_output_(g.values.size(), 0),
        failure_(names_.failure()) {
    for (auto const& n : g.nodes) check_attributes(n, g.nodes);
    for (auto const& n : g.body_nodes) check_attributes(n, g.body_nodes);
    for (auto const& f : g.functions) check_defaults(f);
    if (g.ir_version != 0) {  // what was read says what it uses
      for (auto const& s : sets_of_model()) domains_.push_back(s);
      return;
    }
    for (auto const& s : sets_of_model()) add_domain(s.domain, s.version);
    for (auto const* const nodes : {&g.nodes, &g.body_nodes}) {
      for (auto const& n : *nodes) {
        if (!n.domain.empty()) add_domain(n.domain, version_of(n.domain));
      }
    }
  }

  constexpr result<vector<char>> write() {
    for (int round = 0; round < 2; ++round, to_.end_round()) {
      if (failure_) return failure_;
      write_model();
      if (failure_) return failure_;
      if (to_.size() >> 31 == 0) continue;
      failure_ = make_error(rule::the_file_must_be_smaller_than_2_gib, "the file would have ",
                            to_.size(), " bytes; an ONNX file has less than 2147483648");
    }
    return to_.take();
  }

 private:
  using ids = span<value_id const>;

  constexpr ids ids_in(range r) const { return {graph_.operands.data() + r.first, r.count}; }
  constexpr span<operator_set const> sets_of_model() const {
    auto const r = graph_.graph_facts::operator_sets;
    return {graph_.operator_sets.data() + r.first, r.count};
  }

  constexpr void check_attributes(node const& n, vector<node> const& nodes) {
    for (auto const& a : graph_.attributes_of(n)) {
      if (failure_ || is_kept(graph_, a)) continue;
      failure_ = make_error(rule::an_attribute_must_have_a_value, "node ", &n - nodes.data(), " '",
                            n.name, "' (", n.type, "): attribute '", a.name,
                            "' holds what a graph does not keep; it cannot be written");
    }
  }

  constexpr void check_defaults(function const& f) {
    for (std::uint32_t i = 0; i < f.default_attributes.count; ++i) {
      auto const& a = graph_.attributes[f.default_attributes.first + i];
      if (failure_ || is_kept(graph_, a)) continue;
      failure_ =
          make_error(rule::an_attribute_must_have_a_value, "function '", f.name, "': attribute '",
                     a.name, "' holds what a graph does not keep; it cannot be written");
    }
  }

  constexpr void add_domain(string_view domain, std::int64_t version) {
    if (domain.empty()) return;
    auto const hash = hash_text(domain);
    auto const is_same = [&](std::uint32_t i) { return domains_[i].domain == domain; };
    if (domain_table_.find(hash, is_same) != index_table::absent) return;
    domain_table_.insert(hash, static_cast<std::uint32_t>(domains_.size()));
    domains_.push_back({domain, version});
  }

  /// What was read has parts of no newer version than it says.
  constexpr std::int64_t ir_version() const {
    if (graph_.ir_version != 0) return graph_.ir_version;
    auto ir = ir_version_of(graph_.opset);
    if (ir < 8 && !graph_.functions.empty()) ir = 8;
    for (auto const& f : graph_.functions) ir = ir < 10 && !f.overload.empty() ? 10 : ir;
    return ir;
  }

  constexpr void write_model() {
    to_.integer(1, ir_version());
    if (notes_.find(annotated::model, 0, "producer_name").empty()) to_.text(2, own_producer);
    notes_.each(annotated::model, 0,
                [&](string_view key, string_view text) { write_fact(key, text); });
    to_.message(7, [&] { write_graph(); });
    if (graph_.opset != 0) write_operator_set({{}, graph_.opset});
    for (auto const& s : domains_) write_operator_set(s);
    for (std::uint32_t i = 0; i < graph_.functions.size(); ++i) {
      to_.message(25, [&] { write_function(graph_.functions[i], i); });
    }
  }

  constexpr void write_fact(string_view key, string_view text) {
    if (key == "producer_name") to_.text(2, text);
    if (key == "producer_version") to_.text(3, text);
    if (key == "domain") to_.text(4, text);
    if (key == "model_version") to_.integer(5, number_in(text));
    if (key == "doc_string") to_.text(6, text);
    if (key == "training_info") to_.text(20, text);
    if (key == "device_configuration") to_.text(26, text);
    write_metadata(to_, 14, key, text);
  }
  static constexpr std::int64_t number_in(string_view digits) {
    std::uint64_t number = 0;
    for (auto const c : digits) {
      if (c >= '0' && c <= '9') number = number * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return static_cast<std::int64_t>(digits.substr(0, 1) == "-" ? 0 - number : number);
  }

  constexpr void write_operator_set(operator_set const& s) {
    to_.message(8, [&] { write_set_fields(s); });
  }
  constexpr void write_set_fields(operator_set const& s) {
    to_.text(1, s.domain);
    to_.integer(2, s.version);
  }

  constexpr void write_notes(annotated what, std::size_t index, std::uint64_t documentation,
                             std::uint64_t metadata) {
    onnx_format::write_notes(to_, notes_, what, index, documentation, metadata);
  }

  /// A graph that no file held has a name all the same, which ONNX asks for.
  constexpr void write_name(string_view name) {
    bool const is_built = name.empty() && graph_.ir_version == 0;
    if (is_built || !name.empty()) to_.text(2, is_built ? "graph" : name);
  }

  constexpr void write_graph() {
    auto const& g = graph_;
    mark_outputs(g.outputs, 1);
    for (std::uint32_t i = 0; i < g.nodes.size(); ++i) {
      to_.message(1, [&] { write_node(g.nodes[i], annotated::node, i, 1); });
    }
    write_name(g.name);
    for (value_id id = 0; id < g.values.size(); ++id) {
      if (is_initializer(id) && !is_sparse(g, id)) write_initializer(id);
    }
    write_notes(annotated::graph, 0, 10, 16);
    write_inputs();
    for (auto const id : g.outputs) to_.message(12, [&] { write_typed(id); });
    write_inner_values(g.nodes, 13);
    for (value_id id = 0; id < g.values.size(); ++id) {
      if (is_initializer(id)) write_quantization(id);
      if (is_initializer(id)) write_denotations(id);
      if (is_initializer(id) && is_sparse(g, id)) write_initializer(id);
    }
    write_quantizations(g.inputs, g.nodes);
    mark_outputs(g.outputs, -1);
  }

  constexpr bool is_initializer(value_id id) const {
    // A constant without a name is an attribute's, or nothing reads it.
    return graph_.is_constant(id) && !names_[id].empty() &&
           (is_inner_.empty() || is_inner_[id] == 0);
  }

  /// Those that have a default stand at the places that the file had them at.
  constexpr void write_inputs() {
    auto const defaults = default_inputs();
    if (defaults.empty()) {
      for (auto const id : graph_.inputs) to_.message(11, [&] { write_typed(id); });
      return;
    }
    constexpr std::uint32_t none = 0xffff'ffff;
    vector<std::uint32_t> places(graph_.inputs.size() + defaults.size(), none);
    vector<std::uint32_t> others;
    for (std::uint32_t i = 0; i < defaults.size(); ++i) {
      auto const place = static_cast<std::uint64_t>(read_decimal(defaults[i].place));
      auto* const at = place < places.size() ? &places[static_cast<std::size_t>(place)] : nullptr;
      if (at != nullptr && *at == none) *at = i;
      else others.push_back(i);
    }
    std::size_t input = 0;
    std::size_t other = 0;
    for (auto const i : places) {
      if (i != none) write_default_input(defaults[i]);
      else if (input == graph_.inputs.size()) write_default_input(defaults[others[other++]]);
      else to_.message(11, [&] { write_typed(graph_.inputs[input++]); });
    }
  }

  /// An input whose default is a constant.
  struct default_input {
    value_id id = no_value;
    string_view place;    // among the inputs, in decimal digits
    string_view message;  // of the file, if it says more than the constant
  };
  constexpr vector<default_input> default_inputs() const {
    vector<default_input> found;
    vector<char> is_found(ir_version() < 4 ? graph_.values.size() : 0, 0);
    for (auto const& a : graph_.annotations) {
      auto const place = a.what == annotated::value ? match_key(a.key, "input:") : key_match();
      if (!place.is || !is_initializer(a.index)) continue;
      found.push_back({a.index, place.rest, a.text});
      if (!is_found.empty()) is_found[a.index] = 1;
    }
    // Before IR version 4, an initializer is an input as well.
    for (value_id id = 0; id < is_found.size(); ++id) {
      if (is_found[id] == 0 && is_initializer(id)) found.push_back({id, {}, {}});
    }
    return found;
  }
  constexpr void write_default_input(default_input const& d) {
    auto const name = names_[d.id];
    if (!d.message.empty() && name_in(d.message) == name) return to_.text(11, d.message);
    to_.message(11, [&] { write_value(to_, graph_, d.id, name, {}); });
  }
  /// Of a ValueInfoProto; empty where it is none.
  static constexpr string_view name_in(string_view value_info) {
    error failure;
    string_view name;
    message m({value_info, &failure}, value_info, "an input");
    while (m.next()) {
      if (m.number() == 1) name = m.bytes();
    }
    return failure ? string_view() : name;
  }

  /// A graph that an attribute holds, in so many others.
  constexpr void write_body(std::uint32_t index, int depth) {
    auto const& b = graph_.bodies[index];
    if (depth > max_body_depth && !failure_) {
      failure_ = make_error(rule::messages_must_nest_at_most_64_deep, "the body '", b.name,
                            "' stands inside ", max_body_depth, " others; no more can be written");
    }
    if (failure_) return;
    span<node const> const nodes(graph_.body_nodes.data() + b.nodes.first, b.nodes.count);
    mark_outputs(ids_in(b.outputs), 1);
    write_body_nodes(1, b, depth);
    write_name(b.name);
    for (auto const id : ids_in(b.constants)) {
      if (!is_sparse(graph_, id)) write_initializer(id);
    }
    write_notes(annotated::body, index, 10, 16);
    for (auto const id : ids_in(b.inputs)) to_.message(11, [&] { write_typed(id); });
    for (auto const id : ids_in(b.outputs)) to_.message(12, [&] { write_typed(id); });
    write_inner_values(nodes, 13);
    for (auto const id : ids_in(b.constants)) {
      write_quantization(id);
      write_denotations(id);
      if (is_sparse(graph_, id)) write_initializer(id);
    }
    write_quantizations(ids_in(b.inputs), nodes);
    mark_outputs(ids_in(b.outputs), -1);
  }

  constexpr void write_body_nodes(std::uint64_t field, body const& b, int depth) {
    for (auto i = b.nodes.first; i < b.nodes.first + b.nodes.count; ++i) {
      to_.message(field,
                  [&] { write_node(graph_.body_nodes[i], annotated::body_node, i, depth + 1); });
    }
  }

  constexpr void write_function(function const& f, std::uint32_t index) {
    auto const& g = graph_;
    auto const& b = g.bodies[f.body];
    to_.text(1, f.name);
    for (auto const id : ids_in(b.inputs)) to_.text(4, names_[id]);
    for (auto const id : ids_in(b.outputs)) to_.text(5, names_[id]);
    for (std::uint32_t i = 0; i < f.attributes.count; ++i) {
      to_.text(6, g.texts[f.attributes.first + i]);
    }
    write_body_nodes(7, b, 1);
    for (std::uint32_t i = 0; i < f.operator_sets.count; ++i) {
      to_.message(9, [&] { write_set_fields(g.operator_sets[f.operator_sets.first + i]); });
    }
    to_.text(10, f.domain);
    for (std::uint32_t i = 0; i < f.default_attributes.count; ++i) {
      to_.message(11, [&] {
        write_one_attribute(g.attributes[f.default_attributes.first + i], annotated::function,
                            index, 1);
      });
    }
    for (auto const id : ids_in(b.inputs)) write_inner_value(id, 12);
    write_inner_values({g.body_nodes.data() + b.nodes.first, b.nodes.count}, 12);
    if (!f.overload.empty()) to_.text(13, f.overload);
    write_notes(annotated::function, index, 8, 14);
  }

  constexpr void write_node(node const& n, annotated what, std::size_t index, int depth) {
    for (auto const id : graph_.inputs_of(n)) to_.text(1, names_[id]);
    for (auto const id : graph_.outputs_of(n)) to_.text(2, names_[id]);
    if (!n.name.empty()) to_.text(3, n.name);
    to_.text(4, n.type);
    for (auto const& a : graph_.attributes_of(n)) {
      to_.message(5, [&] { write_one_attribute(a, what, index, depth); });
    }
    if (!n.domain.empty()) to_.text(7, n.domain);
    notes_.each(what, index, [&](string_view key, string_view text) {
      if (key == "doc_string") to_.text(6, text);
      if (key == "overload") to_.text(8, text);
      if (key == "device_configuration") to_.text(10, text);
      write_metadata(to_, 9, key, text);
    });
  }
  constexpr void write_one_attribute(attribute const& a, annotated holder, std::size_t index,
                                     int depth) {
    write_attribute(to_, graph_, notes_, holder, index, a,
                    [&](std::uint32_t body) { write_body(body, depth); });
  }

  constexpr void write_initializer(value_id id) {
    if (is_sparse(graph_, id)) {
      to_.message(15, [&] { write_sparse_tensor(to_, graph_, notes_, id, names_[id]); });
      return;
    }
    to_.message(5, [&] { write_tensor(to_, graph_, notes_, id, names_[id]); });
  }

  constexpr void write_typed(value_id id) {
    write_value(to_, graph_, id, names_[id], {&notes_, annotated::value, id});
    // What a file says of a constant stands where its elements are.
    if (graph_.is_constant(id)) return;
    // In the order in which they are read, though an input and an output may each have had one.
    auto const documentation = notes_.find(annotated::value, id, "doc_string");
    if (!documentation.empty()) to_.text(3, documentation);
    notes_.each(annotated::value, id,
                [&](string_view key, string_view text) { write_metadata(to_, 4, key, text); });
  }

  constexpr void mark_outputs(ids outputs, int count) {
    for (auto const id : outputs) is_output_[id] += count;
  }
  /// What is known of the results of nodes that are no outputs.
  constexpr void write_inner_values(span<node const> nodes, std::uint64_t field) {
    for (auto const& n : nodes) {
      for (auto const id : graph_.outputs_of(n)) {
        if (id != no_value && is_output_[id] == 0) write_inner_value(id, field);
      }
    }
  }
  constexpr void write_inner_value(value_id id, std::uint64_t field) {
    auto const& v = graph_.values[id];
    bool const is_said = is_known({v.type, v.container}) || notes_.has(annotated::value, id);
    if (is_said && !names_[id].empty()) to_.message(field, [&] { write_typed(id); });
  }

  /// What is said of the type of a constant that is no output.
  constexpr void write_denotations(value_id id) {
    bool is_denoted = false;
    notes_.each(annotated::value, id, [&](string_view key, string_view) {
      is_denoted = is_denoted || key == "denotation" || match_key(key, "denotation:").is ||
                   match_key(key, "dimension_denotation:").is;
    });
    if (is_denoted && is_output_[id] == 0) to_.message(13, [&] { write_typed(id); });
  }

  constexpr void write_quantizations(ids inputs, span<node const> nodes) {
    if (notes_.empty()) return;
    for (auto const id : inputs) write_quantization(id);
    for (auto const& n : nodes) {
      for (auto const id : graph_.outputs_of(n)) {
        if (id != no_value) write_quantization(id);
      }
    }
  }
  constexpr void write_quantization(value_id id) {
    bool is_quantized = false;
    notes_.each(annotated::value, id, [&](string_view key, string_view) {
      is_quantized = is_quantized || match_key(key, "quantization:").is;
    });
    if (!is_quantized) return;
    to_.message(14, [&] {
      to_.text(1, names_[id]);
      notes_.each(annotated::value, id, [&](string_view key, string_view text) {
        if (auto const m = match_key(key, "quantization:"); m.is) write_entry(to_, 2, m.rest, text);
      });
    });
  }

  graph const& graph_;
  value_names names_;
  annotation_lists notes_;
  vector<char> is_inner_;  // constants that only a body sees
  vector<int> is_output_;  // how often of the graph and the bodies that are being written
  error failure_;
  vector<operator_set> domains_;
  index_table domain_table_;
  wire_writer to_;
};

}  // namespace inlay::inline INLAY_VERSION::onnx_format
