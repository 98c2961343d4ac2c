// Whether the names of a graph with bodies stand for the values that are meant.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/error.hpp"
#include "inlay/core/index_table.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/name_scopes.hpp"
#include "inlay/graph/nesting.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// In a file, a body is three messages deeper than the one around it: of the 64 that may nest, the
/// file, its graph and twenty bodies are 62, and nodes with attributes stand in the innermost.
inline constexpr int max_body_depth = 20;

class scope_check {
 public:
  constexpr explicit scope_check(graph const& g) : graph_(&g) {}

  constexpr error run() {
    auto const& g = *graph_;
    auto const is_inner = inner_constants(g);
    for (value_id id = 0; id < g.values.size(); ++id) {
      if (g.is_constant(id) && is_inner[id] == 0) define(id);
    }
    for (auto const id : g.inputs) define(id);
    for (auto const& n : g.nodes) check_node(n, 1);
    for (auto const id : g.outputs) read(id);
    for (auto const& f : g.functions) check_body(g.bodies[f.body], true, 1);
    return failure_;
  }

 private:
  constexpr span<value_id const> ids_in(range r) const {
    return {graph_->operands.data() + r.first, r.count};
  }

  constexpr void define(value_id id) {
    if (id == no_value || failure_) return;
    auto const name = graph_->values[id].name;
    if (name.empty()) return;
    auto const hash = hash_text(name);
    if (names_.find_here(graph_->values, name, hash) == no_value) return names_.insert(hash, id);
    failure_ =
        make_error(rule::a_name_must_be_defined_once, "the name '", name, "' is defined twice");
  }
  constexpr void read(value_id id) {
    if (id == no_value || failure_) return;
    auto const name = graph_->values[id].name;
    if (name.empty() || names_.find(graph_->values, name, hash_text(name)) == id) return;
    failure_ = make_error(rule::a_name_must_be_defined_once, "the name '", name,
                          "' stands for two values where one of them is read");
  }

  constexpr void check_node(node const& n, int depth) {
    auto const& g = *graph_;
    for (auto const id : g.inputs_of(n)) read(id);
    for_each_body(g, n.attributes, [&](std::uint32_t i) { check_body(g.bodies[i], false, depth); });
    for (auto const id : g.outputs_of(n)) define(id);
  }

  constexpr void check_body(body const& b, bool is_function, int depth) {
    if (depth > max_body_depth || failure_) return;
    names_.open(is_function);
    for (auto const id : ids_in(b.constants)) define(id);
    for (auto const id : ids_in(b.inputs)) define(id);
    for (std::uint32_t i = 0; i < b.nodes.count; ++i) {
      check_node(graph_->body_nodes[b.nodes.first + i], depth + 1);
    }
    for (auto const id : ids_in(b.outputs)) read(id);
    names_.close();
  }

  graph const* graph_;
  name_scopes names_;
  error failure_;
};

/// Linear: each value is looked up in at most `max_body_depth` tables.
constexpr error check_scopes(graph const& g) { return scope_check(g).run(); }

}  // namespace inlay::inline INLAY_VERSION::onnx_format
