// Where the tensors of a program's steps are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/vector.hpp"
#include "inlay/graph/external.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/program/place_in_arena.hpp"
#include "inlay/program/program.hpp"
#include "inlay/program/value_layouts.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// The operands of the steps, as places: values by their numbers, and behind them what is none of a
/// value. In the end each gets its location.
template <class Graph> class placement {
 public:
  constexpr placement(Graph const& g, value_layouts const& layouts, program& p)
      : graph_(&g), layouts_(&layouts), program_(&p) {}

  constexpr void add_values() {
    places_ = vector<location>(graph_->values.size(), location{});
    for (auto const id : layouts_->views.copied) add_place({}, size_of(id));
  }
  constexpr vector<location> const& places() const { return places_; }
  constexpr location& operator[](value_id place) { return places_[place]; }

  /// A place that is none of a value: what is there, or how many bytes it has in the arena.
  constexpr value_id add_place(location const& where, std::int64_t bytes = 0) {
    auto const id = static_cast<value_id>(places_.size());
    places_.push_back(where);
    extra_bytes_.push_back(bytes);
    return id;
  }
  /// Bytes that a value has, without a border.
  constexpr std::int64_t size_of(value_id id) const {
    auto const& t = graph_->values[id].type;
    return bytes_of(t.element, elements_of(t.shape));
  }
  constexpr bool is_constant(value_id place) const {
    return place < graph_->values.size() && graph_->is_constant(place);
  }
  /// Bytes of what is in the arena.
  constexpr std::int64_t bytes_at(value_id place) const {
    if (place >= graph_->values.size()) return extra_bytes_[place - graph_->values.size()];
    auto const& images = layouts_->images;
    if (!images.is_channels_last(place)) return size_of(place);
    auto const& t = graph_->values[place].type;
    return bytes_of(t.element, elements_of(images.border(place).around(t.shape)));
  }

  constexpr void add_operand(value_id place, std::int64_t offset = 0) {
    operands_.push_back(place);
    offsets_.push_back(offset);
  }
  constexpr std::size_t operands() const { return operands_.size(); }

  /// A place in its pool for a constant.
  constexpr location add_weight(value_id id, std::uint32_t packing) {
    if (is_unresolved(*graph_, id)) {
      failure_ = missing_elements(*graph_, id);
      return {};
    }
    auto const& v = graph_->values[id];
    return add_weight(v.type.element, graph_->constants[v.constant], packing);
  }
  constexpr location add_weight(element_type e, constant const& c, std::uint32_t packing) {
    auto& end = program_->pools.bytes[static_cast<std::size_t>(e)];
    location const found{place::weights, 0, end};
    program_->weights.push_back({e, end, c, packing});
    auto const bytes = packing == not_packed
                           ? static_cast<std::int64_t>(graph_->bytes_of(c).size())
                           : bytes_of(e, packed_size(program_->packings[packing]));
    end += round_up(bytes, tensor_alignment);
    if (end > max_arena_bytes) {
      failure_ = make_error(rule::the_arena_must_fit_in_memory,
                            "the constants have more than 2^62 bytes together");
    }
    return found;
  }

  /// Every operand gets its location, in an arena of at most so many bytes.
  constexpr error finish(std::int64_t most_arena_bytes) {
    if (!failure_) place_in_arena(most_arena_bytes);
    if (!failure_) resolve();
    return failure_;
  }

 private:
  /// Values that no caller sees share the arena by lifetime.
  constexpr void place_in_arena(std::int64_t most) {
    auto const arena_bytes = [&](value_id id) {
      return places_[id].where == place::nowhere && !is_constant(id) ? bytes_at(id) : -1;
    };
    auto const have_same_border = [&](value_id a, value_id b) {
      auto const count = graph_->values.size();
      return a < count && b < count && layouts_->form_of(a) == layouts_->form_of(b) &&
             graph_->values[a].type == graph_->values[b].type;
    };
    failure_ = detail::place_in_arena(*graph_, *program_, {operands_, offsets_}, places_,
                                      arena_bytes, have_same_border, most);
  }

  /// Constants that are read get a place in their pool; then every operand has its location.
  constexpr void resolve() {
    for (auto const& s : program_->steps) {
      auto const layouts = program_->structures[s.structure].layouts.first;
      for (std::uint32_t k = 0; k < s.locations.count; ++k) {
        auto const i = s.locations.first + k;
        auto const id = operands_[i];
        if (id != no_value && places_[id].where == place::nowhere) {
          places_[id] = add_weight(id, not_packed);
          if (failure_) return;
        }
        program_->locations.push_back(id == no_value ? location{} : places_[id]);
        if (offsets_[i] != 0) {
          auto const element = program_->layouts[layouts + k].element;
          program_->locations.back().offset += bytes_of(element, offsets_[i]);
        }
      }
    }
  }

  Graph const* graph_;
  value_layouts const* layouts_;
  program* program_;
  error failure_;
  vector<location> places_;           // of each value, then the extra ones
  vector<std::int64_t> extra_bytes_;  // of each extra place that is in the arena
  vector<value_id> operands_;         // of the steps, as places
  vector<std::int64_t> offsets_;      // of the first element of each, in elements
};

}  // namespace inlay::inline INLAY_VERSION::detail
