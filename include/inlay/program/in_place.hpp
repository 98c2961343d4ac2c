// Which steps write over an input that nobody reads any more.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/span.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/node.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// The operands of a program's steps: the place of each, and how many elements behind its beginning
/// the step's tensor begins.
struct step_operands {
  span<value_id const> places;
  span<std::int64_t const> offsets;
};

/// Finds, for each place, the one whose memory it takes. `arena_bytes(place)` is negative for what
/// is not in the arena; `have_same_border(a, b)` says whether two places are images of the same
/// size with the same border.
template <class Graph, class ArenaBytes, class HaveSameBorder> class in_place_finder {
 public:
  constexpr in_place_finder(program const& p, step_operands const& operands, std::size_t places,
                            ArenaBytes const& arena_bytes, HaveSameBorder const& have_same_border)
      : program_(&p),
        operands_(operands),
        place_count_(places),
        arena_bytes_(arena_bytes),
        have_same_border_(have_same_border) {}

  constexpr vector<value_id> run() {
    // Constant evaluation counts each call of an operator of a class: these are pointers.
    vector<value_id> memory(place_count_, 0);
    auto* const taken = memory.data();
    for (value_id id = 0; id < place_count_; ++id) taken[id] = id;
    vector<std::uint32_t> inputs_of;
    for (auto const& what : program_->structures) inputs_of.push_back(inputs_in_place(what));
    auto const* const steps = program_->steps.data();
    auto const step_count = program_->steps.size();
    for (std::uint32_t i = 0; i < step_count; ++i) {
      auto const& s = steps[i];
      auto const inputs = inputs_of.data()[s.structure];
      if (inputs == 0) continue;
      find_lives();
      auto const output = s.locations.first + s.locations.count - 1;
      for (std::uint32_t k = 0; k < inputs; ++k) {
        if (!may_write_over(i, k)) continue;
        taken[operands_.places[output]] = taken[operands_.places[s.locations.first + k]];
        break;
      }
    }
    return memory;
  }

 private:
  static constexpr std::uint32_t never = 0xffff'ffff;

  /// How many of the first inputs of such a step may lie where it writes, if they lie as that does.
  static constexpr std::uint32_t inputs_in_place(structure const& what, layout const& first) {
    auto const& entry = entry_of<Graph>(what.op);
    if (entry.is_elementwise) return what.layouts.count - 1;
    return entry.works_in_place != nullptr && entry.works_in_place(first.extents) ? 1 : 0;
  }
  constexpr std::uint32_t inputs_in_place(structure const& what) const {
    return inputs_in_place(what, program_->layouts[what.layouts.first]);
  }

  /// The first and the last step of each place; once, and only if somebody asks.
  constexpr void find_lives() {
    if (!first_.empty()) return;
    first_ = vector<std::uint32_t>(place_count_, never);
    last_ = vector<std::uint32_t>(place_count_, never);
    for (std::uint32_t i = 0; i < program_->steps.size(); ++i) {
      auto const& s = program_->steps[i];
      for (std::uint32_t k = 0; k < s.locations.count; ++k) {
        auto const id = operands_.places[s.locations.first + k];
        if (id == no_value) continue;
        if (first_[id] == never) first_[id] = i;
        last_[id] = i;
      }
    }
  }

  /// Whether step `i` may write over its input `k`: it is the last one to read that, sees it as it
  /// sees what it writes, and has nothing else of it.
  constexpr bool may_write_over(std::uint32_t i, std::uint32_t k) const {
    auto const& s = program_->steps[i];
    auto const* const layouts =
        program_->layouts.data() + program_->structures[s.structure].layouts.first;
    auto const first = s.locations.first;
    auto const output = s.locations.count - 1;
    auto const from = operands_.places[first + k];
    auto const to = operands_.places[first + output];
    if (from == no_value || from == to || last_[from] != i) return false;
    auto const bytes = arena_bytes_(to);
    if (bytes < 0 || arena_bytes_(from) < bytes) return false;
    for (std::uint32_t other = 0; other < output; ++other) {
      if (operands_.places[first + other] != from) continue;
      bool const is_alike = layouts[other] == layouts[output] &&
                            operands_.offsets[first + other] == operands_.offsets[first + output];
      if (!is_alike || (other != k && !entry_of<Graph>(operator_of(s)).is_elementwise)) {
        return false;
      }
    }
    return is_new(i, to) || (is_only_border(i, to) && have_same_border_(from, to));
  }
  constexpr operator_id operator_of(step const& s) const {
    return program_->structures[s.structure].op;
  }
  constexpr bool is_new(std::uint32_t i, value_id to) const { return first_[to] == i; }
  /// Whether only steps of no node have written there, which clear borders.
  constexpr bool is_only_border(std::uint32_t i, value_id to) const {
    for (auto before = first_[to]; before < i; ++before) {
      if (program_->steps[before].node != never) return false;
    }
    return true;
  }

  program const* program_;
  step_operands operands_;
  std::size_t place_count_;
  ArenaBytes const& arena_bytes_;
  HaveSameBorder const& have_same_border_;
  vector<std::uint32_t> first_;
  vector<std::uint32_t> last_;
};

/// For each place, the one whose memory it takes: itself, or that of an input of the step that
/// writes it, which goes through both element by element.
template <class Graph, class ArenaBytes, class HaveSameBorder>
constexpr vector<value_id> find_in_place(program const& p, step_operands const& operands,
                                         std::size_t places, ArenaBytes const& arena_bytes,
                                         HaveSameBorder const& have_same_border) {
  return in_place_finder<Graph, ArenaBytes, HaveSameBorder>(p, operands, places, arena_bytes,
                                                            have_same_border)
      .run();
}

}  // namespace inlay::inline INLAY_VERSION::detail
