// Whether the indices that a program's steps read are in range, while it runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/error.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/op/index_range.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION {

/// The checks of a program's steps, which their kernels leave out.
class index_checks {
 public:
  constexpr index_checks() = default;
  /// Those of the program of a graph, which names its nodes.
  template <class Graph> constexpr explicit index_checks(Graph const& g) {
    for (std::uint32_t i = 0; i < g.nodes.size(); ++i) {
      auto const& n = g.nodes[i];
      if (n.op == operator_id::unlisted || entry_of<Graph>(n.op).index_input < 0) continue;
      labels_.push_back({i, label_of(g, n)});
    }
  }
  template <class Graph> constexpr void find_steps(program const& p) {
    checks_.clear();
    if (labels_.empty()) return;
    for (std::uint32_t i = 0; i < p.steps.size(); ++i) {
      auto const& s = p.steps[i];
      auto const& what = p.structures[s.structure];
      auto const& entry = entry_of<Graph>(what.op);
      if (entry.index_input < 0) continue;
      auto const* const layouts = p.layouts.data() + what.layouts.first;
      check c;
      c.step = i;
      c.input = static_cast<std::uint32_t>(entry.index_input);
      c.count = elements_of(layouts[c.input].extents);
      c.extent = layouts[0].extents[entry.index_axis];
      for (std::uint32_t k = 0; k < labels_.size(); ++k) {
        if (labels_[k].node == s.node) c.label = k;
      }
      checks_.push_back(c);
    }
  }

  /// What is wrong with the indices that step number `step` reads; `input(i)` points to its input.
  template <class Input> constexpr error find(std::size_t step, Input const& input) const {
    for (auto const& c : checks_) {
      if (c.step != step) continue;
      std::int64_t const* const indices = input(c.input);
      for (std::int64_t i = 0; i < c.count; ++i) {
        if (auto const e = check_index(indices[i], c.extent)) {
          return make_error(e.broken, labels_[c.label].text, ": ", e.text);
        }
      }
    }
    return {};
  }

 private:
  struct label {
    std::uint32_t node = 0;
    sentence text;
  };
  struct check {
    std::uint32_t step = 0;
    std::uint32_t input = 0;
    std::uint32_t label = 0;  // in `labels_`
    std::int64_t count = 0;
    std::int64_t extent = 0;
  };

  vector<label> labels_;
  vector<check> checks_;
};

}  // namespace inlay::inline INLAY_VERSION
