// GraphProto: nodes over values, of the file itself or of an attribute.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/frontend/onnx/node.hpp"
#include "inlay/frontend/onnx/reading.hpp"
#include "inlay/frontend/onnx/sparse_tensor.hpp"
#include "inlay/frontend/onnx/tensor.hpp"
#include "inlay/frontend/onnx/value_info.hpp"
#include "inlay/frontend/onnx/wire.hpp"
#include "inlay/graph/builder.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// The messages of a graph, which may come in any order.
struct graph_parts {
  string_view name;
  string_view documentation;
  vector<string_view> nodes;
  vector<string_view> initializers;
  vector<string_view> sparse_initializers;
  vector<string_view> inputs;
  vector<string_view> outputs;
  vector<string_view> values;
  vector<string_view> quantizations;
  vector<string_view> metadata;
};

constexpr void split_graph(auto& r, message m, graph_parts& parts) {
  for (; r.parts <= max_parts && m.next(); ++r.parts) {
    switch (m.number()) {
      case 1: parts.nodes.push_back(m.bytes()); break;
      case 2: parts.name = m.bytes(); break;
      case 5: parts.initializers.push_back(m.bytes()); break;
      case 10: parts.documentation = m.bytes(); break;
      case 11: parts.inputs.push_back(m.bytes()); break;
      case 12: parts.outputs.push_back(m.bytes()); break;
      case 13: parts.values.push_back(m.bytes()); break;
      case 14: parts.quantizations.push_back(m.bytes()); break;
      case 15: parts.sparse_initializers.push_back(m.bytes()); break;
      case 16: parts.metadata.push_back(m.bytes()); break;
      default: break;
    }
  }
  if (r.parts > max_parts) {
    r.b.unfinished().fail(
        make_error(rule::a_graph_must_have_at_most_1048576_parts,
                   "the graph has more than 1048576 parts (nodes, initializers, inputs, ...)"));
  }
}

constexpr void read_initializer(auto& r, message const& m) {
  auto const t = read_tensor(m);
  if (t.name.empty()) {
    r.b.unfinished().fail(make_error(rule::a_name_must_not_be_empty, "an initializer has no name"));
  }
  auto const id = add_tensor(r.b, m, t, t.name);
  note_tensor(r, m, t, id, true);
}

/// A TensorAnnotation: the names of the tensors that quantize a value, by what they are for.
constexpr void read_quantization(auto& r, message const& m) {
  auto id = no_value;
  for (auto field = m; field.next();) {
    if (field.number() == 1) id = r.b.find_here(field.bytes());
  }
  if (id == no_value) return;
  for (auto field = m; field.next();) {
    if (field.number() != 2) continue;
    auto const e = read_text_entry({field, "an entry of a quantization"});
    r.notes.add(annotated::value, id, note_prefix::quantization, e.key, e.text);
  }
}

/// Reads one message after the other, until one is wrong.
template <class Read>
constexpr void each(source const& from, vector<string_view> const& parts, Read&& read) {
  for (auto const part : parts) {
    if (*from.failure) return;
    read(part);
    if (*from.failure && from.failure->offset < 0) {
      from.failure->offset = from.offset_of(part.data());
    }
  }
}

constexpr std::uint32_t read_body(auto& r, message const& m);

/// Reads the parts of a graph, which are messages of that depth.
constexpr void read_parts(auto& r, source const& from, graph_parts const& parts, int depth) {
  each(from, parts.initializers,
       [&](auto m) { read_initializer(r, {from, m, "a tensor", depth}); });
  each(from, parts.sparse_initializers,
       [&](auto m) { add_sparse_tensor(r, {from, m, "a sparse tensor", depth}, true); });
  each(from, parts.inputs, [&](auto m) { read_input(r, {from, m, "an input", depth}); });
  if (r.defaults.count != 0 && !r.b.is_in_body()) end_inputs(r);
  each(from, parts.nodes, [&](auto m) {
    read_node(r, {from, m, "a node", depth}, from.offset_of(m.data()),
              [&](message const& body) { return read_body(r, body); });
  });
  each(from, parts.outputs, [&](auto m) { read_output(r, {from, m, "an output", depth}); });
  each(from, parts.values, [&](auto m) { read_inner_value(r, {from, m, "a value", depth}); });
  each(from, parts.quantizations,
       [&](auto m) { read_quantization(r, {from, m, "a quantization", depth}); });
  if (!parts.documentation.empty()) {
    r.notes.add(annotated::graph, 0, {}, "doc_string", parts.documentation);
  }
  each(from, parts.metadata, [&](auto m) {
    auto const e = read_text_entry({from, m, "an entry of metadata", depth});
    r.notes.add(annotated::graph, 0, note_prefix::metadata, e.key, e.text);
  });
}

/// Reads a graph that an attribute holds; returns its index in `graph::bodies`.
constexpr std::uint32_t read_body(auto& r, message const& m) {
  graph_parts parts;
  split_graph(r, m, parts);
  auto const first_note = r.notes.size();
  r.b.begin_body(parts.name);
  if (++r.parts <= max_parts) read_parts(r, m.from(), parts, m.depth() + 1);
  auto const index = r.b.end_body();
  r.notes.end_body(first_note, r.b.unfinished().bodies[index], annotated::body, index);
  return index;
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format
