// A name for each value of a graph, since files refer to values by name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/error.hpp"
#include "inlay/core/index_table.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/frontend/onnx/check_scopes.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/op/list.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// The names that a graph's values have in a file: their own; `value_7`, or with as many
/// underscores behind it as make it new, where one has none and needs it; empty for the others. A
/// value needs a name when something reads it, and the first output of a node always does, unless
/// another one of that node has a name. All parts that a Split makes have one: no output of it is
/// optional.
class value_names {
 public:
  constexpr explicit value_names(graph const& g) : graph_(&g), made_(g.values.size(), range{}) {
    vector<char> is_needed(g.values.size(), 0);
    mark_needed(is_needed);
    table_.reserve(g.values.size());
    for (value_id id = 0; id < g.values.size(); ++id) keep(id);
    // Bodies may define a name again, each for itself.
    if (failure_ && !g.bodies.empty()) failure_ = check_scopes(g);
    for (value_id id = 0; id < g.values.size(); ++id) {
      if (g.values[id].name.empty() && is_needed[id] != 0) make(id);
    }
  }

  /// Two values of one name.
  constexpr error const& failure() const { return failure_; }

  /// Empty for `no_value` too.
  constexpr string_view operator[](value_id id) const {
    if (id == no_value) return {};
    auto const own = graph_->values[id].name;
    if (!own.empty()) return own;
    return {characters_.data() + made_[id].first, made_[id].count};
  }

 private:
  constexpr void mark_needed(vector<char>& is_needed) const {
    auto const& g = *graph_;
    for (auto const id : g.inputs) is_needed[id] = 1;
    for (auto const id : g.outputs) is_needed[id] = 1;
    for (auto const& b : g.bodies) {
      for (auto const r : {b.inputs, b.outputs, b.constants}) {
        for (auto i = r.first; i < r.first + r.count; ++i) is_needed[g.operands[i]] = 1;
      }
    }
    for (auto const* const nodes : {&g.nodes, &g.body_nodes}) {
      for (auto const& n : *nodes) mark_inputs(n, is_needed);
    }
    for (auto const* const nodes : {&g.nodes, &g.body_nodes}) {
      for (auto const& n : *nodes) mark_output(n, is_needed);
    }
  }
  constexpr void mark_inputs(node const& n, vector<char>& is_needed) const {
    for (auto const id : graph_->inputs_of(n)) {
      if (id != no_value) is_needed[id] = 1;
    }
  }
  constexpr void mark_output(node const& n, vector<char>& is_needed) const {
    auto const outputs = graph_->outputs_of(n);
    if (is<op::split>(n)) {
      for (auto const id : outputs) {
        if (id != no_value) is_needed[id] = 1;
      }
      return;
    }
    bool is_named = false;
    for (auto const id : outputs) {
      is_named =
          is_named || (id != no_value && (is_needed[id] != 0 || !graph_->values[id].name.empty()));
    }
    if (!is_named && !outputs.empty() && outputs[0] != no_value) is_needed[outputs[0]] = 1;
  }

  constexpr bool is_taken(string_view name, std::uint64_t hash) const {
    return table_.find(hash, [&](value_id id) { return (*this)[id] == name; }) !=
           index_table::absent;
  }

  constexpr void keep(value_id id) {
    auto const name = graph_->values[id].name;
    if (name.empty()) return;
    auto const hash = hash_text(name);
    if (!is_taken(name, hash)) return table_.insert(hash, id);
    if (failure_) return;
    failure_ =
        make_error(rule::a_name_must_be_defined_once, "the name '", name, "' is defined twice");
  }

  constexpr void make(value_id id) {
    auto const first = characters_.size();
    sentence name;
    name << "value_" << id;
    characters_.append(name.view().data(), name.view().size());
    auto const text = [&] {
      return string_view(characters_.data() + first, characters_.size() - first);
    };
    // No two values try the same names: together they try at most as many as there are.
    while (is_taken(text(), hash_text(text()))) characters_.push_back('_');
    made_[id] = {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(text().size())};
  }

  graph const* graph_;
  error failure_;
  index_table table_;
  vector<range> made_;  // in `characters_`
  vector<char> characters_;
};

}  // namespace inlay::inline INLAY_VERSION::onnx_format
