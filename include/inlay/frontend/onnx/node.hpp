// NodeProto: an operator applied to values that stand before it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string_view>

#include "inlay/core/vector.hpp"
#include "inlay/frontend/onnx/attribute.hpp"
#include "inlay/frontend/onnx/wire.hpp"
#include "inlay/graph/builder.hpp"
#include "inlay/op/list.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// Appends the node in `m` to the graph. `outputs` is scratch.
constexpr void read_node(builder& b, message m, std::int64_t offset,
                         vector<std::string_view>& outputs) {
  auto& g = b.unfinished();
  node n;
  n.offset = offset;
  n.inputs.first = static_cast<std::uint32_t>(g.operands.size());
  n.attributes.first = static_cast<std::uint32_t>(g.attributes.size());
  outputs.clear();
  std::string_view undefined;
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
        if (has_room(b, outputs.size())) outputs.push_back(m.bytes());
        break;
      case 3: n.name = m.bytes(); break;
      case 4: n.type = m.bytes(); break;
      case 5: read_attribute(b, {m, "an attribute"}); break;
      case 7: n.domain = m.bytes(); break;
      default: break;
    }
  }
  if (g.failure) outputs.clear();
  // An output is defined after the inputs are read: no node reads its own.
  n.inputs.count = static_cast<std::uint32_t>(g.operands.size()) - n.inputs.first;
  n.attributes.count = static_cast<std::uint32_t>(g.attributes.size()) - n.attributes.first;
  n.outputs.first = n.inputs.first + n.inputs.count;
  n.outputs.count = static_cast<std::uint32_t>(outputs.size());
  for (auto const name : outputs) g.operands.push_back(b.add_value(name, {}));
  if (!n.domain.empty() && n.domain == "ai.onnx") n.domain = {};
  n.op = find_operator(n.domain, n.type);
  g.nodes.push_back(n);

  if (n.type.empty()) {
    g.fail(make_error(rule::a_name_must_not_be_empty, "it does not say which operator it applies"));
  }
  if (!undefined.empty()) {
    g.fail(make_error(rule::a_name_must_be_defined_before_it_is_used, "it reads '", undefined,
                      "', which nothing before it defines"));
  }
  // What the parts of a node found wrong has no place in the file yet.
  if (g.failure && g.failure.offset < 0) {
    auto const unplaced = g.failure;
    g.failure = {};
    fail(g, g.nodes.back(), unplaced);
  }
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format
