// What an arena holds where it is larger than it may be.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/checked.hpp"
#include "inlay/core/error.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/rule.hpp"
#include "inlay/program/buffer.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// The step at which the most bytes of buffers live.
constexpr std::uint32_t fullest_step(span<buffer const> buffers, std::size_t steps) {
  vector<std::int64_t> change(steps + 1, 0);
  for (auto const& b : buffers) {
    auto const bytes = round_up(b.bytes, tensor_alignment);
    change[b.first] += bytes;
    change[b.last + 1] -= bytes;
  }
  std::uint32_t fullest = 0;
  std::int64_t most = 0;
  std::int64_t live = 0;
  for (std::uint32_t i = 0; i < steps; ++i) {
    live += change[i];
    if (live <= most) continue;
    most = live;
    fullest = i;
  }
  return fullest;
}

/// The node whose step writes a buffer: copies and borders belong to the one that follows.
constexpr sentence writer_of(graph const& g, program const& p, std::uint32_t step) {
  auto at = step;
  while (at + 1 < p.steps.size() && p.steps[at].node >= g.nodes.size()) ++at;
  auto const node = p.steps[at].node;
  if (node >= g.nodes.size()) return sentence() << "a copy";
  return label_of(g, g.nodes[node]);
}

/// The tensors of the arena need `p.arena_bytes`, which are more than `most`.
constexpr error arena_is_too_large(graph const& g, program const& p, span<buffer const> buffers,
                                   std::int64_t most) {
  constexpr int most_named = 3;
  auto const step = fullest_step(buffers, p.steps.size());
  auto e = make_error(rule::the_arena_must_fit_in_memory, "the tensors between the layers need ",
                      p.arena_bytes, " bytes; at most ", most, " are allowed. ",
                      writer_of(g, p, step), " has the most, ", p.live_bytes, ":");
  vector<char> is_named(buffers.size(), 0);
  for (int i = 0; i < most_named; ++i) {
    auto largest = buffers.size();
    for (std::size_t b = 0; b < buffers.size(); ++b) {
      bool const lives = buffers[b].first <= step && step <= buffers[b].last;
      if (!lives || is_named[b] != 0 || buffers[b].bytes == 0) continue;
      if (largest == buffers.size() || buffers[b].bytes > buffers[largest].bytes) largest = b;
    }
    if (largest == buffers.size()) break;
    is_named[largest] = 1;
    e.text << (i == 0 ? " " : ", ") << buffers[largest].bytes << " of "
           << writer_of(g, p, buffers[largest].first);
  }
  return e;
}

}  // namespace inlay::inline INLAY_VERSION::detail
