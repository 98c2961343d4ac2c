// ModelProto: the whole of a file.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/frontend/onnx/function.hpp"
#include "inlay/frontend/onnx/graph.hpp"
#include "inlay/frontend/onnx/reading.hpp"
#include "inlay/frontend/onnx/wire.hpp"
#include "inlay/graph/builder.hpp"
#include "inlay/op/list.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

inline constexpr std::int64_t first_ir_version = 3;
inline constexpr std::int64_t last_ir_version = 14;

/// The messages of a file, which may come in any order.
struct model_parts {
  bool has_graph = false;
  graph_parts graph;
  vector<string_view> functions;
};

constexpr void read_operator_set(auto& r, message const& m) {
  auto& g = r.b.unfinished();
  auto const s = read_operator_set(m);
  if (s.domain.empty()) g.opset = s.version;
  else g.operator_sets.push_back(s);
}

/// What says nothing of the graph. The training that a model may describe is not looked into.
constexpr void note_model(auto& r, message const& m) {
  auto const add = [&](string_view key) { r.notes.add(annotated::model, 0, {}, key, m.bytes()); };
  switch (m.number()) {
    case 2:
      if (m.bytes() != own_producer) add("producer_name");
      break;
    case 3: add("producer_version"); break;
    case 4: add("domain"); break;
    case 5: r.notes.set_model_version(m.integer()); break;
    case 6: add("doc_string"); break;
    case 14: r.notes.add_metadata(m, annotated::model, 0); break;
    case 20: add("training_info"); break;
    case 26: add("device_configuration"); break;
    default: break;
  }
}

constexpr model_parts split_model(auto& r, message m) {
  auto& g = r.b.unfinished();
  model_parts parts;
  while (m.next()) {
    switch (m.number()) {
      case 1: g.ir_version = m.integer(); break;
      case 7:
        parts.has_graph = true;
        split_graph(r, {m, "the graph"}, parts.graph);
        break;
      case 8: read_operator_set(r, {m, "an opset"}); break;
      case 25: parts.functions.push_back(m.bytes()); break;
      default: note_model(r, m); break;
    }
  }
  g.graph_facts::operator_sets.count = static_cast<std::uint32_t>(g.operator_sets.size());
  return parts;
}

constexpr error no_opset() {
  return make_error(rule::the_opset_must_be_supported,
                    "the model does not say which opset it uses");
}

constexpr error check(graph const& g, model_parts const& parts) {
  if (!parts.has_graph) {
    return make_error(rule::the_file_must_hold_a_graph, "the file holds no graph of ONNX");
  }
  if (g.ir_version < first_ir_version || g.ir_version > last_ir_version) {
    return make_error(rule::the_ir_version_must_be_supported, "the model has IR version ",
                      g.ir_version, "; ", first_ir_version, " to ", last_ir_version,
                      " are supported");
  }
  // A model of other domains only need not say which version of ONNX's own it does not use.
  if (g.opset == 0) return g.operator_sets.empty() ? no_opset() : error{};
  if (g.opset < oldest_opset || g.opset > newest_opset) {
    return make_error(rule::the_opset_must_be_supported, "the model uses opset ", g.opset, "; ",
                      oldest_opset, " to ", newest_opset, " are supported");
  }
  return {};
}

/// Whether no node is one of ONNX's own, of which the model does not say the version.
constexpr void check_domains(graph& g) {
  for (auto const* const nodes : {&g.nodes, &g.body_nodes}) {
    for (auto const& n : *nodes) {
      if (n.domain.empty()) g.fail(no_opset());
    }
  }
}

/// Growing arrays is a good part of the work, in a constant expression above all. What a file
/// pretends to hold beyond its limits is not believed: a node of real work takes 32 bytes.
constexpr void reserve(auto& b, graph_parts const& parts, std::size_t file_size) {
  std::size_t constexpr limit = 1 << 17;
  auto const fitting = 1'000 + file_size / 32;
  auto const most = fitting < limit ? fitting : limit;
  auto const nodes = parts.nodes.size();
  auto const values = nodes + parts.initializers.size() + parts.inputs.size();
  b.reserve(nodes < most ? nodes : most, values < most ? values : most);
}

/// Builds the graph that the file holds.
template <class Builder> constexpr void read_model(Builder& b, string_view file) {
  auto& g = b.unfinished();
  source const from{file, &g.failure};
  reading<Builder> r{b};
  auto const parts = split_model(r, {from, file, "the model"});
  if (!g.failure) g.fail(check(g, parts));
  if (!g.failure && parts.graph.outputs.empty()) {
    g.fail(make_error(rule::a_graph_must_have_an_output, "the graph has no output"));
  }
  if (g.failure) return;
  g.name = parts.graph.name;
  reserve(b, parts.graph, file.size());
  read_parts(r, from, parts.graph, 3);
  each(from, parts.functions, [&](auto m) { read_function(r, {from, m, "a function", 2}); });
  if (g.opset == 0) check_domains(g);
  if (!g.failure) r.notes.finish(g);
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format
