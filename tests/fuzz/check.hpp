// What must hold of every graph, and how it is run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "inlay/frontend/onnx/read.hpp"
#include "inlay/frontend/onnx/write.hpp"
#include "inlay/graph/print.hpp"
#include "inlay/pass/optimize.hpp"
#include "inlay/program/interpret-inl.hpp"
#include "inlay/program/lower.hpp"

namespace fuzz {

using namespace inlay;

inline constexpr std::int64_t most_work = 1'000'000;
inline constexpr std::int64_t most_bytes = 1 << 20;

/// Whether what is written is the same for ever, and the first time already where the file needs
/// nothing that the graph does not have.
inline void check_written(graph const& g) {
  auto const first = write_onnx(g);
  if (!first) {
    if (first.failure().text.empty()) std::abort();
    return;
  }
  auto const once = read_onnx({first->data(), first->size()});
  if (once.failure) std::abort();
  auto const second = write_onnx(once);
  if (!second || std::string_view(first->data(), first->size()) !=
                     std::string_view(second->data(), second->size())) {
    std::abort();
  }
  bool is_complete = !g.name.empty();
  for (auto const* const nodes : {&g.nodes, &g.body_nodes}) {
    for (auto const& n : *nodes) {
      for (auto const id : g.outputs_of(n)) {
        is_complete = is_complete && (id == no_value || !g.values[id].name.empty());
      }
    }
  }
  for (auto const& b : g.bodies) {
    for (std::uint32_t i = 0; i < b.inputs.count; ++i) {
      is_complete = is_complete && !g.values[g.operands[b.inputs.first + i]].name.empty();
    }
  }
  for (auto const symbol : g.symbols) is_complete = is_complete && !symbol.empty();
  for (auto const id : g.outputs) {
    is_complete = is_complete && g.values[id].type.has_shape;
  }
  if (is_complete && print(once).view() != print(g).view()) std::abort();
}

using tensors = std::vector<std::vector<std::uint64_t>>;

/// Zeros for each port; false where they would be many.
inline bool make_zeros(vector<port> const& ports, tensors& zeros) {
  for (auto const& p : ports) {
    auto const bytes = bytes_of(p.type.element, elements_of(p.type.shape));
    if (bytes > most_bytes) return false;
    zeros.emplace_back(static_cast<std::size_t>(bytes / 8 + 1));
  }
  return true;
}

inline void run(program const& p) {
  tensors inputs;
  tensors outputs;
  if (p.multiply_adds > most_work || p.arena_bytes > most_bytes || p.steps.size() > 1000 ||
      !make_zeros(p.inputs, inputs) || !make_zeros(p.outputs, outputs)) {
    return;
  }
  // A window that is no product of a multiply-add may look at every element for each of them.
  auto elements = static_cast<std::size_t>(p.arena_bytes) / 4;
  for (auto const* const ports : {&inputs, &outputs}) {
    for (auto const& x : *ports) elements += x.size() * 2;
  }
  if (elements * elements > 100 * most_work) return;
  std::vector<void const*> from;
  for (auto const& x : inputs) from.push_back(x.data());
  std::vector<void*> to;
  for (auto& y : outputs) to.push_back(y.data());
  interpret(p, from, to);
}

/// Optimized, lowered, and run where that is little work.
inline void check_run(graph const& g) {
  auto const p = lower(optimize(g));
  if (!p.failure) run(p);
}

inline void check(graph const& g) {
  check_written(g);
  check_run(g);
}

}  // namespace fuzz
