// What passes share that let one value stand for another.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

/// Values that equal earlier ones. Nothing is allocated before the first.
template <class Graph> class value_replacements {
 public:
  constexpr explicit value_replacements(Graph const& g) : graph_(&g) {}

  constexpr bool empty() const { return equal_.empty(); }

  /// The value that stands for this one.
  constexpr value_id operator[](value_id id) const {
    return equal_.empty() || id == no_value ? id : equal_[id];
  }

  /// Lets `earlier`, which stands for itself, stand for `later`, whose node can go then; false
  /// where it must stay. An output of the graph takes the place of the earlier value, as far as
  /// that is no input, constant or output itself.
  constexpr bool replace(value_id later, value_id earlier) {
    if (equal_.empty()) begin();
    if (has_place_[later] != 0) {
      if (has_place_[earlier] != 0 || graph_->is_constant(earlier)) return false;
      has_place_[earlier] = 1;
      place_[earlier] = later;
    }
    equal_[later] = earlier;
    return true;
  }

  /// Rewrites all that reads values, in bodies too. The nodes that went must be removed.
  constexpr void apply(Graph& g) const {
    if (equal_.empty()) return;
    for (auto& id : g.operands) {
      if (id != no_value) id = place_[equal_[id]];
    }
  }

 private:
  constexpr void begin() {
    auto const size = graph_->values.size();
    equal_.reserve(size);
    for (value_id id = 0; id < size; ++id) equal_.push_back(id);
    place_ = equal_;
    has_place_ = vector<char>(size, 0);
    for (auto const id : graph_->inputs) has_place_[id] = 1;
    for (auto const id : graph_->outputs) has_place_[id] = 1;
  }

  Graph const* graph_;
  vector<value_id> equal_;  // for each value, the one that stands for it
  vector<value_id> place_;  // for each that stands for others, under which number
  vector<char> has_place_;  // whether its number may not change
};

}  // namespace inlay::inline INLAY_VERSION
