// Where the tensors between the steps lie in the arena.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/error.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/node.hpp"
#include "inlay/program/arena_limit.hpp"
#include "inlay/program/buffer.hpp"
#include "inlay/program/in_place.hpp"
#include "inlay/program/plan_memory.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// Gives the places that are nowhere and no constant their offsets in the arena, which they share
/// by lifetime. `arena_bytes(id)` and `have_same_border(a, b)` are those of `find_in_place`.
/// *Errors*: an arena of more than `most` bytes.
template <class Graph, class ArenaBytes, class HaveSameBorder>
constexpr error place_in_arena(Graph const& g, program& p, step_operands const& operands,
                               vector<location>& places, ArenaBytes const& arena_bytes,
                               HaveSameBorder const& have_same_border, std::int64_t most) {
  constexpr std::uint32_t none = 0xffff'ffff;
  auto const shared =
      find_in_place<Graph>(p, operands, places.size(), arena_bytes, have_same_border);
  vector<buffer> buffers;
  vector<std::uint32_t> numbers(places.size(), none);
  // Constant evaluation counts each call of an operator of a class: these are pointers.
  auto const* const in_place = shared.data();
  auto* const buffer_of = numbers.data();
  auto* const place_at = places.data();
  auto const* const operand = operands.places.data();
  auto const* const steps = p.steps.data();
  auto const* const values = g.values.data();
  auto const place_count = places.size();
  auto const value_count = g.values.size();
  auto const step_count = p.steps.size();
  for (std::uint32_t i = 0; i < step_count; ++i) {
    auto const& s = steps[i];
    for (std::uint32_t k = 0; k < s.locations.count; ++k) {
      auto id = operand[s.locations.first + k];
      if (id == no_value || place_at[id].where != place::nowhere) continue;
      if (id < value_count && values[id].constant != not_constant) continue;
      id = in_place[id];
      if (buffer_of[id] == none) {
        buffer_of[id] = static_cast<std::uint32_t>(buffers.size());
        buffers.push_back({arena_bytes(id), i, i, 0});
      }
      buffers[buffer_of[id]].last = i;
    }
  }
  auto const plan = plan_memory(buffers, tensor_alignment);
  if (!plan) return plan.failure();
  p.arena_bytes = (*plan).bytes;
  p.live_bytes = (*plan).most_live;
  if (p.arena_bytes > most) return arena_is_too_large(g, p, buffers, most);
  for (value_id id = 0; id < place_count; ++id) {
    auto const b = buffer_of[in_place[id]];
    if (b != none) place_at[id] = {place::arena, 0, buffers[b].offset};
  }
  return {};
}

}  // namespace inlay::inline INLAY_VERSION::detail
