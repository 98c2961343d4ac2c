// Gives tensors that live at different times the same memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/checked.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/vector.hpp"

namespace inlay::inline INLAY_VERSION {

/// A tensor of the arena: written by step `first`, last read by step `last`.
struct buffer {
  std::int64_t bytes = 0;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::int64_t offset = 0;  // what the plan decides
};

/// Gives every buffer an offset, so that no two whose lifetimes meet overlap; returns the bytes
/// needed. Buffers come in the order of `first`. Each takes the smallest gap it fits into, when its
/// time comes. *Costs*: linear in buffers, times the number that live at once. {4096 for steps 0–1,
/// 1024 for 1–2, 4096 for 2–3} → offsets 0, 4096, 0; 5120 bytes
constexpr std::int64_t plan_memory(span<buffer> buffers, std::int64_t alignment) {
  vector<std::uint32_t> live;  // by offset
  std::int64_t total = 0;
  for (std::uint32_t b = 0; b < buffers.size(); ++b) {
    auto& next = buffers[b];
    vector<std::uint32_t> still;
    for (auto const l : live) {
      if (buffers[l].last >= next.first) still.push_back(l);
    }
    std::int64_t const bytes = round_up(next.bytes, alignment);
    std::int64_t end = 0;  // of the buffer before the gap
    std::int64_t best = -1;
    std::int64_t best_size = 0;
    std::size_t best_at = still.size();
    for (std::size_t i = 0; i < still.size(); ++i) {
      auto const size = buffers[still[i]].offset - end;
      if (size >= bytes && (best < 0 || size < best_size)) {
        best = end;
        best_size = size;
        best_at = i;
      }
      end = buffers[still[i]].offset + round_up(buffers[still[i]].bytes, alignment);
    }
    next.offset = best < 0 ? end : best;
    if (next.offset + bytes > total) total = next.offset + bytes;
    live.clear();
    for (std::size_t i = 0; i < still.size(); ++i) {
      if (i == best_at) live.push_back(b);
      live.push_back(still[i]);
    }
    if (best_at == still.size()) live.push_back(b);
  }
  return total;
}

}  // namespace inlay::inline INLAY_VERSION
