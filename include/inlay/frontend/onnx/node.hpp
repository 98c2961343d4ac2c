// NodeProto: an operator applied to values that stand before it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/frontend/onnx/attribute.hpp"
#include "inlay/frontend/onnx/reading.hpp"
#include "inlay/frontend/onnx/wire.hpp"
#include "inlay/graph/builder.hpp"
#include "inlay/op/list.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// The first error of the node that comes next: its label, in a body with the name of that, then
/// what is wrong.
constexpr void fail_node(auto& b, node const& n, error const& e) {
  auto& g = b.unfinished();
  sentence label;
  label << "node " << b.nodes_here();
  if (!n.name.empty()) label << " '" << n.name << "'";
  label << " (" << n.type << ")";
  if (b.is_in_body()) label << " in '" << b.body_name() << "'";
  auto located = make_error(e.broken, label, ": ", e.text);
  located.offset = n.offset;
  g.failure = located;
}

/// Keeps what the current field of a node says besides what it computes.
constexpr void note_node(auto& r, message const& m) {
  auto const index = r.b.nodes_here();
  constexpr auto what = annotated::node;
  switch (m.number()) {
    case 6: r.notes.add(what, index, {}, "doc_string", m.bytes()); break;
    case 8:
      if (!m.bytes().empty()) r.notes.add(what, index, {}, "overload", m.bytes());
      break;
    case 9: r.notes.add_metadata(m, what, index); break;
    case 10: r.notes.add(what, index, {}, "device_configuration", m.bytes()); break;
    default: break;
  }
}

/// Appends the node in `m` to the graph, or to the body that is open. `read_body` reads the graphs
/// that its attributes hold.
template <class ReadBody>
constexpr void read_node(auto& r, message m, std::int64_t offset, ReadBody&& read_body) {
  auto& b = r.b;
  auto& g = b.unfinished();
  node n;
  n.offset = offset;
  n.inputs.first = static_cast<std::uint32_t>(g.operands.size());
  n.attributes.first = static_cast<std::uint32_t>(g.attributes.size());
  auto const first_output = r.outputs.size();
  auto const first_late = r.late.size();
  string_view undefined;
  while (m.next()) {
    switch (m.number()) {
      case 1: {
        auto const name = m.bytes();
        auto const id = name.empty() ? no_value : b.find(name);
        if (id == no_value && undefined.empty()) undefined = name;
        g.operands.push_back(id);
        break;
      }
      case 2:
        if (has_room(b, r.outputs.size())) r.outputs.push_back(m.bytes());
        if (m.bytes().empty()) count_nameless(r);
        break;
      case 3: n.name = m.bytes(); break;
      case 4: n.type = m.bytes(); break;
      case 5: read_attribute(r, {m, "an attribute"}, {annotated::node, b.nodes_here()}); break;
      case 7: n.domain = m.bytes(); break;
      default: note_node(r, m); break;
    }
  }
  n.inputs.count = static_cast<std::uint32_t>(g.operands.size()) - n.inputs.first;
  n.attributes.count = static_cast<std::uint32_t>(g.attributes.size()) - n.attributes.first;
  if (r.late.size() != first_late) read_late_graphs(r, m.from(), first_late, read_body);
  // An output is defined after the inputs are read: no node reads its own.
  n.outputs.first = static_cast<std::uint32_t>(g.operands.size());
  auto const last_output = g.failure ? first_output : r.outputs.size();
  for (auto i = first_output; i < last_output; ++i) {
    g.operands.push_back(b.add_value(r.outputs[i], {}));
  }
  n.outputs.count = static_cast<std::uint32_t>(g.operands.size()) - n.outputs.first;
  r.outputs.truncate(first_output);
  if (!n.domain.empty() && n.domain == "ai.onnx") n.domain = {};
  n.op = find_operator(n.domain, n.type);

  if (n.type.empty()) {
    g.fail(make_error(rule::a_name_must_not_be_empty, "it does not say which operator it applies"));
  }
  if (!undefined.empty()) {
    g.fail(make_error(rule::a_name_must_be_defined_before_it_is_used, "it reads '", undefined,
                      "', which nothing before it defines"));
  }
  // What the parts of a node found wrong has no place in the file yet.
  if (g.failure && g.failure.offset < 0) fail_node(b, n, g.failure);
  b.add_node(n);
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format
