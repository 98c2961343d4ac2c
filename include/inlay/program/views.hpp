// Which values are within the memory of others.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/index_table.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/op/list.hpp"
#include "inlay/op/view.hpp"

namespace inlay::inline INLAY_VERSION {

/// Of each value of a graph the root, in whose memory it is, the element where it begins there, and
/// its strides. A root is a value, or a contiguous copy of one: those have numbers behind all
/// values.
struct value_views {
  struct view {
    value_id root = no_value;
    std::uint32_t lies = 0;  // number of its strides; 0 where it is contiguous
    std::int64_t offset = 0;
  };

  vector<view> views;     // of each value; empty where each is its own root
  vector<shape> strides;  // by number, from 1 on
  vector<value_id> copied;

  constexpr value_id root_of(value_id id) const { return views.empty() ? id : views[id].root; }
  constexpr std::int64_t offset_of(value_id id) const {
    return views.empty() ? 0 : views[id].offset;
  }
  constexpr std::uint32_t number_of_strides(value_id id) const {
    return views.empty() ? 0 : views[id].lies;
  }
  constexpr layout layout_of(value_id id, tensor_type const& t) const {
    layout x(t);
    if (auto const number = number_of_strides(id); number != 0) x.strides = strides[number - 1];
    return x;
  }
};

namespace detail {

/// Whether the kernel of a node reads a value where it lies so.
template <class Graph>
constexpr bool reads(Graph const& g, node const& n, value_id id, layout const& x) {
  auto const inputs = g.inputs_of(n);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] == id && !entry_of<Graph>(n.op).reads({g, n}, static_cast<int>(i), x)) {
      return false;
    }
  }
  return true;
}

/// Finds the views of one graph, whose types are known.
template <class Graph> class view_finder {
 public:
  constexpr explicit view_finder(Graph const& g) : graph_(&g) {}

  constexpr value_views run() {
    auto const& g = *graph_;
    bool has_views = false;
    for (auto const& n : g.nodes) has_views = has_views || entry_of<Graph>(n.op).is_view;
    if (!has_views) return {};
    for (value_id id = 0; id < g.values.size(); ++id) all_.views.push_back({id, 0, 0});
    is_placed_ = vector<char>(g.values.size(), 0);
    copy_of_ = vector<value_id>(g.values.size(), no_value);
    find_uses();
    for (std::size_t i = g.nodes.size(); i-- > 0;) {
      auto const& entry = entry_of<Graph>(g.nodes[i].op);
      if (entry.is_view && entry.view_of_input == nullptr) add_inputs(g.nodes[i]);
    }
    for (auto const& n : g.nodes) {
      if (entry_of<Graph>(n.op).view_of_input != nullptr) add_outputs(n);
    }
    return static_cast<value_views&&>(all_);
  }

 private:
  static constexpr std::uint32_t none = 0xffff'ffff;
  /// How far a view is followed to those who read it in the end, and back to who writes it.
  static constexpr int most_steps = 8;

  struct placed {
    value_id id;
    tensor_view where;
  };

  constexpr tensor_type const& type_of(value_id id) const { return graph_->values[id].type; }

  /// The nodes that read each value: a run of `users_` each.
  constexpr void find_uses() {
    auto const& g = *graph_;
    first_user_ = vector<std::uint32_t>(g.values.size() + 2, 0);
    producer_ = vector<std::uint32_t>(g.values.size(), none);
    is_output_ = vector<char>(g.values.size(), 0);
    for (auto const id : g.outputs) is_output_[id] = 1;
    for (std::uint32_t i = 0; i < g.nodes.size(); ++i) {
      for (auto const id : g.outputs_of(g.nodes[i])) {
        if (id != no_value) producer_[id] = i;
      }
      for (auto const id : g.inputs_of(g.nodes[i])) {
        if (id != no_value) ++first_user_[id + 2];
      }
    }
    for (std::size_t id = 2; id < first_user_.size(); ++id) first_user_[id] += first_user_[id - 1];
    users_ = vector<std::uint32_t>(first_user_.back(), none);
    for (std::uint32_t i = 0; i < g.nodes.size(); ++i) {
      for (auto const id : g.inputs_of(g.nodes[i])) {
        if (id != no_value) users_[first_user_[id + 1]++] = i;
      }
    }
  }
  constexpr span<std::uint32_t const> users_of(value_id id) const {
    return {users_.data() + first_user_[id],
            std::size_t{first_user_[id + 1]} - std::size_t{first_user_[id]}};
  }

  constexpr tensor_view view_of(value_id id) const {
    return {all_.layout_of(id, type_of(id)), all_.offset_of(id)};
  }
  constexpr void place(value_id id, value_id root, tensor_view& where) {
    normalize_strides(where.lies);
    all_.views[id] = {root, number_of(where.lies), where.offset};
    is_placed_[id] = 1;
  }
  constexpr std::uint32_t number_of(layout const& x) {
    if (is_contiguous(x)) return 0;
    auto const hash = hash_shape(hash_seed, x.strides);
    auto const found =
        table_.find(hash, [&](std::uint32_t i) { return all_.strides[i - 1] == x.strides; });
    if (found != index_table::absent) return found;
    all_.strides.push_back(x.strides);
    auto const number = static_cast<std::uint32_t>(all_.strides.size());
    table_.insert(hash, number);
    return number;
  }

  /// The outputs of a node are views of its first input, or of a copy of that; or it is one of
  /// them.
  constexpr void add_outputs(node const& n) {
    auto const& g = *graph_;
    auto const& entry = entry_of<Graph>(n.op);
    auto const x = g.inputs_of(n)[0];
    auto const outputs = g.outputs_of(n);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      auto const id = outputs[i];
      if (id == no_value || is_placed_[id] != 0) continue;
      auto where = view_of(x);
      auto root = all_.root_of(x);
      if (!entry.view_of_input({g, n}, static_cast<int>(i), where)) {
        where = {layout(type_of(x)), 0};
        root = copy_of(x);
        entry.view_of_input({g, n}, static_cast<int>(i), where);
      }
      place(id, root, where);
      if (all_.number_of_strides(id) == 0 || is_read(id, where.lies, 0)) continue;
      if (is_read(id, layout(type_of(id)), 0)) turn(id);
    }
  }

  /// The inputs of a node are parts of its output, where those that compute them can write so.
  constexpr void add_inputs(node const& n) {
    auto const& g = *graph_;
    auto const& entry = entry_of<Graph>(n.op);
    auto const y = g.outputs_of(n)[0];
    auto const inputs = g.inputs_of(n);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      auto const id = inputs[i];
      auto where = view_of(y);
      if (id == no_value || is_placed_[id] != 0 || is_output_[id] != 0 ||
          !entry.view_of_output({g, n}, static_cast<int>(i), where) ||
          !(where.lies.extents == type_of(id).shape)) {
        continue;
      }
      normalize_strides(where.lies);
      chain_.clear();
      chain_.push_back({id, where});
      if (follow_back()) place_chain(all_.root_of(y));
    }
  }

  /// Whether all that look at a value take it, and what they make views of it, where it lies so.
  constexpr bool is_read(value_id id, layout const& x, int steps) const {
    auto const& g = *graph_;
    if (steps == most_steps) return true;
    if (is_output_[id] != 0 && !is_contiguous(x)) return false;
    if (elements_of(x.extents) == 0) return true;
    for (auto const user : users_of(id)) {
      auto const& n = g.nodes[user];
      auto const& entry = entry_of<Graph>(n.op);
      if (entry.view_of_input != nullptr) {
        if (g.inputs_of(n)[0] != id) continue;
        auto const outputs = g.outputs_of(n);
        for (std::size_t i = 0; i < outputs.size(); ++i) {
          if (outputs[i] == no_value) continue;
          tensor_view y{x, 0};
          if (!entry.view_of_input({g, n}, static_cast<int>(i), y)) return false;
          normalize_strides(y.lies);
          if (!is_read(outputs[i], y.lies, steps + 1)) return false;
        }
      } else if (!is_contiguous(x) && !entry.is_view && !reads(g, n, id, x)) {
        return false;
      }
    }
    return true;
  }

  /// Makes a value contiguous, in memory of its own, and what it is a view of a view of it: up to a
  /// kernel that writes so. False where that cannot be.
  constexpr bool turn(value_id id) {
    auto const& g = *graph_;
    chain_.clear();
    chain_.push_back({id, {layout(type_of(id)), 0}});
    if (!follow_back()) return false;
    auto const& first = g.nodes[producer_[chain_.back().id]];
    if (chain_.size() == 1 || entry_of<Graph>(first.op).is_view) return false;
    place_chain(id);
    return true;
  }
  constexpr void place_chain(value_id root) {
    for (auto& p : chain_) place(p.id, root, p.where);
  }
  /// From the value in the chain back to one that is written as it must be then: by a kernel, or as
  /// parts of it.
  constexpr bool follow_back() {
    auto const& g = *graph_;
    for (int steps = 0; steps < most_steps; ++steps) {
      auto const& last = chain_.back();
      if (producer_[last.id] == none) return false;
      auto const& n = g.nodes[producer_[last.id]];
      auto const& entry = entry_of<Graph>(n.op);
      if (!entry.is_view) return entry.writes({g, n}, last.where.lies);
      if (entry.view_of_input == nullptr) return true;
      if (entry.view_of_output == nullptr) return false;
      placed next{g.inputs_of(n)[0], last.where};
      if (users_of(next.id).size() != 1 || is_output_[next.id] != 0 ||
          !entry.view_of_output({g, n}, 0, next.where)) {
        return false;
      }
      normalize_strides(next.where.lies);
      chain_.push_back(next);
    }
    return false;
  }

  constexpr value_id copy_of(value_id id) {
    auto& copy = copy_of_[id];
    if (copy == no_value) {
      copy = static_cast<value_id>(graph_->values.size() + all_.copied.size());
      all_.copied.push_back(id);
    }
    return copy;
  }

  Graph const* graph_;
  value_views all_;
  index_table table_;
  vector<std::uint32_t> first_user_;  // of each value, in `users_`
  vector<std::uint32_t> users_;
  vector<std::uint32_t> producer_;
  vector<char> is_output_;
  vector<char> is_placed_;
  vector<value_id> copy_of_;
  vector<placed> chain_;
};

}  // namespace detail

/// The views of a graph whose types are known. A view takes its input where that lies; where one
/// that reads it cannot, and a kernel can write so that it can, the input is a view of the output.
///   %1 = MatMul(…) 2x3x4   %2 = Transpose(%1) 3x2x4   %3 = Reshape(%2) 3x8
///     → %1 in %2, of strides 4, 8, 1; %3 in %2
/// *Costs*: linear in the operands of all nodes.
template <class Graph> constexpr value_views find_views(Graph const& g) {
  return detail::view_finder<Graph>(g).run();
}

}  // namespace inlay::inline INLAY_VERSION
