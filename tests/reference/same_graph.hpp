// Whether two graphs compute the same in the same way.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <inlay/core/vector.hpp>
#include <inlay/graph/compare.hpp>
#include <utility>

namespace inlay_test {

/// The graph with its values in the order in which they are used, without those that are not, and
/// without names but those of inputs, outputs and constants.
constexpr inlay::graph in_order(inlay::graph g) {
  using inlay::no_value;
  inlay::vector<inlay::value_id> place(g.values.size(), no_value);
  inlay::vector<inlay::value> values;
  auto const put = [&](inlay::value_id& id, bool keeps_name) {
    if (id == no_value) return;
    if (place[id] == no_value) {
      place[id] = static_cast<inlay::value_id>(values.size());
      auto v = g.values[id];
      if (!keeps_name) v.name = {};
      values.push_back(v);
    } else if (keeps_name) {
      values[place[id]].name = g.values[id].name;
    }
    id = place[id];
  };
  for (auto& id : g.inputs) put(id, true);
  for (auto& n : g.nodes) {
    n.name = {};
    for (std::uint32_t i = 0; i < n.inputs.count; ++i) put(g.operands[n.inputs.first + i], false);
    for (std::uint32_t i = 0; i < n.outputs.count; ++i) put(g.operands[n.outputs.first + i], false);
  }
  for (auto& id : g.outputs) put(id, true);
  g.values = std::move(values);
  g.annotations.clear();
  g.name = {};
  g.opset = 0;
  g.ir_version = 0;
  return g;
}

/// Empty where they do, else where they first differ.
constexpr inlay::sentence difference_of(inlay::graph a, inlay::graph b) {
  return inlay::first_difference(in_order(std::move(a)), in_order(std::move(b)));
}

}  // namespace inlay_test
