// ModelProto and GraphProto: the whole of a file.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "inlay/core/vector.hpp"
#include "inlay/frontend/onnx/node.hpp"
#include "inlay/frontend/onnx/tensor.hpp"
#include "inlay/frontend/onnx/value_info.hpp"
#include "inlay/frontend/onnx/wire.hpp"
#include "inlay/graph/builder.hpp"
#include "inlay/op/list.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

inline constexpr std::int64_t first_ir_version = 3;
inline constexpr std::int64_t last_ir_version = 13;

/// A graph has at most so many nodes, initializers, inputs, outputs and other parts together: an
/// empty node takes two bytes of the file and a hundred of memory.
inline constexpr std::size_t max_parts = std::size_t{1} << 20;

/// The messages of a file, which may come in any order.
struct model_parts {
  std::int64_t ir_version = 0;
  std::int64_t opset = 0;
  std::size_t count = 0;  // of the parts of the graph
  bool has_graph = false;
  bool has_sparse_initializer = false;
  std::string_view graph_name;
  vector<std::string_view> nodes;
  vector<std::string_view> initializers;
  vector<std::string_view> inputs;
  vector<std::string_view> outputs;
};

constexpr void split_graph(message m, model_parts& parts) {
  parts.has_graph = true;
  for (; parts.count <= max_parts && m.next(); ++parts.count) {
    switch (m.number()) {
      case 1: parts.nodes.push_back(m.bytes()); break;
      case 2: parts.graph_name = m.bytes(); break;
      case 5: parts.initializers.push_back(m.bytes()); break;
      case 11: parts.inputs.push_back(m.bytes()); break;
      case 12: parts.outputs.push_back(m.bytes()); break;
      case 15: parts.has_sparse_initializer = true; break;
      default: break;
    }
  }
}

constexpr void read_opset(message m, model_parts& parts) {
  std::string_view domain;
  std::int64_t version = 0;
  while (m.next()) {
    if (m.number() == 1) domain = m.bytes();
    if (m.number() == 2) version = m.integer();
  }
  if (domain.empty() || domain == "ai.onnx") parts.opset = version;
}

constexpr model_parts split_model(message m) {
  model_parts parts;
  while (m.next()) {
    switch (m.number()) {
      case 1: parts.ir_version = m.integer(); break;
      case 7: split_graph({m, "the graph"}, parts); break;
      case 8: read_opset({m, "an opset"}, parts); break;
      default: break;
    }
  }
  return parts;
}

constexpr error check(model_parts const& parts) {
  if (!parts.has_graph) {
    return make_error(rule::the_file_must_hold_a_graph, "the file holds no graph of ONNX");
  }
  if (parts.count > max_parts) {
    return make_error(rule::a_graph_must_have_at_most_1048576_parts,
                      "the graph has more than 1048576 parts (nodes, initializers, inputs, ...)");
  }
  if (parts.ir_version < first_ir_version || parts.ir_version > last_ir_version) {
    return make_error(rule::the_ir_version_must_be_supported, "the model has IR version ",
                      parts.ir_version, "; ", first_ir_version, " to ", last_ir_version,
                      " are supported");
  }
  if (parts.opset == 0) {
    return make_error(rule::the_opset_must_be_supported,
                      "the model does not say which opset it uses");
  }
  if (parts.opset < oldest_opset || parts.opset > newest_opset) {
    return make_error(rule::the_opset_must_be_supported, "the model uses opset ", parts.opset, "; ",
                      oldest_opset, " to ", newest_opset, " are supported");
  }
  if (parts.has_sparse_initializer) {
    return make_error(rule::sparse_tensors_are_not_supported,
                      "the graph has a sparse initializer; sparse tensors are not supported");
  }
  if (parts.outputs.empty()) {
    return make_error(rule::a_graph_must_have_an_output, "the graph has no output");
  }
  return {};
}

constexpr void read_initializer(builder& b, message const& m) {
  auto const t = read_tensor(m);
  if (t.name.empty()) {
    b.unfinished().fail(make_error(rule::a_name_must_not_be_empty, "an initializer has no name"));
  }
  add_tensor(b, m, t, t.name);
}

/// Marks an output of the graph. The type that the file declares for it is kept until one is
/// inferred.
constexpr void read_output(builder& b, message const& m) {
  auto& g = b.unfinished();
  auto const v = read_value_info(b, m);
  auto const id = v.name.empty() ? no_value : b.find(v.name);
  if (id == no_value) {
    g.fail(make_error(rule::a_name_must_be_defined_before_it_is_used, "output '", v.name,
                      "' of the graph is not defined"));
    return;
  }
  auto& type = g.values[id].type;
  if (type.element == element_type::undefined && !check(v)) {
    type = {element_of_number(v.element), v.extents};
    type.has_shape = v.has_shape;
  }
  b.output(id);
}

/// Reads one message after the other, until one is wrong.
template <class Read>
constexpr void each(source const& from, vector<std::string_view> const& parts, Read&& read) {
  for (auto const part : parts) {
    if (*from.failure) return;
    read(part);
    if (*from.failure && from.failure->offset < 0) {
      from.failure->offset = from.offset_of(part.data());
    }
  }
}

/// Growing arrays is a good part of the work in a constant expression. What a file pretends to hold
/// beyond its limits is not believed.
constexpr void reserve(builder& b, model_parts const& parts) {
  std::size_t constexpr most = 1 << 14;
  auto const nodes = parts.nodes.size();
  auto const values = nodes + parts.initializers.size() + parts.inputs.size();
  b.reserve(nodes < most ? nodes : most, values < most ? values : most);
}

/// Builds the graph that the file holds.
constexpr void read_model(builder& b, std::string_view file) {
  auto& g = b.unfinished();
  source const from{file, &g.failure};
  auto const parts = split_model({from, file, "the model"});
  g.fail(check(parts));
  if (g.failure) return;
  g.name = parts.graph_name;
  g.opset = parts.opset;
  reserve(b, parts);
  vector<std::string_view> outputs_of_node;
  each(from, parts.initializers, [&](auto m) { read_initializer(b, {from, m, "a tensor", 3}); });
  each(from, parts.inputs, [&](auto m) { read_input(b, {from, m, "an input", 3}); });
  each(from, parts.nodes, [&](auto m) {
    read_node(b, {from, m, "a node", 3}, from.offset_of(m.data()), outputs_of_node);
  });
  each(from, parts.outputs, [&](auto m) { read_output(b, {from, m, "an output", 3}); });
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format
