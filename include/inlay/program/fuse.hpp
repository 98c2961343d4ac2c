// Which nodes are computed together: a kernel, and the element operators that follow it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <type_traits>

#include "inlay/core/span.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/kernel/pooling.hpp"
#include "inlay/op/list.hpp"
#include "inlay/op/view.hpp"
#include "inlay/program/lower_node.hpp"
#include "inlay/program/program.hpp"
#include "inlay/program/value_layouts.hpp"

namespace inlay::inline INLAY_VERSION {

/// One node and what is computed with it before anything is stored.
struct fusion {
  range links;             // in `fusions::links`
  range others;            // in `fusions::others`: values that the links read besides
  std::uint32_t last = 0;  // the node whose result is stored
  /// Of that one, where it is no link: a pooling, or a normalization of rows.
  operator_id ending = operator_id::unlisted;
  /// The first node of a group of element operators that makes this one's first input.
  std::uint32_t readers = 0xffff'ffff;
};

/// What becomes of the nodes of a graph.
struct fusions {
  static constexpr std::uint32_t none = fusion().readers;

  vector<fusion> of_node;
  /// In whose turn a node is computed, and which one that is: a group where its last node is.
  vector<std::uint32_t> head_at;
  vector<link> links;
  vector<value_id> others;

  constexpr span<link const> links_of(fusion const& f) const {
    return {links.data() + f.links.first, f.links.count};
  }
  constexpr span<value_id const> others_of(fusion const& f) const {
    return {others.data() + f.others.first, f.others.count};
  }
  /// Whether two groups, whose first nodes are alike, are so as a whole: what they compute, and how
  /// the values lie that they read and store.
  constexpr bool are_alike(graph const& g, value_layouts const& layouts, fusion const& a,
                           fusion const& b) const {
    auto const lie_alike = [&](value_id x, value_id y) {
      return x == y ||
             (g.values[x].type == g.values[y].type && layouts.form_of(x) == layouts.form_of(y));
    };
    auto const stored = [&](fusion const& f) { return g.outputs_of(g.nodes[f.last])[0]; };
    bool alike = a.readers == none && b.readers == none && a.ending == b.ending &&
                 a.links.count == b.links.count && a.others.count == b.others.count &&
                 lie_alike(stored(a), stored(b));
    for (std::uint32_t i = 0; alike && i < a.links.count; ++i) {
      alike = links_of(a)[i] == links_of(b)[i];
    }
    for (std::uint32_t i = 0; alike && i < a.others.count; ++i) {
      alike = lie_alike(others_of(a)[i], others_of(b)[i]);
    }
    return alike;
  }
};

/// Each node as a group of its own.
template <class Graph> constexpr fusions each_alone(Graph const& g) {
  fusions all;
  for (std::uint32_t i = 0; i < g.nodes.size(); ++i) {
    fusion alone;
    alone.last = i;
    all.of_node.push_back(alone);
    all.head_at.push_back(i);
  }
  return all;
}

namespace detail {

/// Forms the groups of one graph.
template <class Graph> class fuser {
 public:
  constexpr fuser(Graph const& g, value_layouts const& layouts, std::int64_t least_read_row)
      : graph_(&g), layouts_(&layouts), least_read_row_(least_read_row) {}

  constexpr fusions run() {
    auto const count = static_cast<std::uint32_t>(graph_->nodes.size());
    all_ = each_alone(*graph_);
    if (count < 2) return static_cast<fusions&&>(all_);
    find_uses();
    is_fused_ = vector<char>(count, 0);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (is_fused_[i] == 0 && can_lead(graph_->nodes[i])) grow(i);
    }
    return static_cast<fusions&&>(all_);
  }

 private:
  static constexpr std::uint32_t none = fusions::none;

  /// The nodes that read each value, in order: a run of `users_` each, once for each operand.
  constexpr void find_uses() {
    auto const& g = *graph_;
    first_user_ = vector<std::uint32_t>(g.values.size() + 1, 0);
    uses_ = vector<std::uint32_t>(g.values.size(), 0);
    each_use([&](value_id id, std::uint32_t) { ++uses_[id]; });
    std::uint32_t end = 0;
    for (std::size_t id = 0; id < g.values.size(); ++id) {
      first_user_[id] = end;
      end += uses_[id];
    }
    first_user_[g.values.size()] = end;
    users_ = vector<std::uint32_t>(end, none);
    vector<std::uint32_t> next(g.values.size(), 0);
    each_use([&](value_id id, std::uint32_t node) { users_[first_user_[id] + next[id]++] = node; });
    // The caller comes last.
    for (auto const id : g.outputs) ++uses_[id];
  }
  template <class Visit> constexpr void each_use(Visit const& visit) const {
    for (std::uint32_t i = 0; i < graph_->nodes.size(); ++i) {
      for (auto const id : graph_->inputs_of(graph_->nodes[i])) {
        if (id != no_value) visit(id, i);
      }
    }
  }

  constexpr tensor_type const& type_of(value_id id) const { return graph_->values[id].type; }
  constexpr value_id result_of(std::uint32_t node) const {
    return graph_->outputs_of(graph_->nodes[node])[0];
  }
  constexpr bool can_lead(node const& n) const {
    auto const& entry = entry_of<Graph>(n.op);
    return (entry.is_elementwise || entry.takes_tape) &&
           elements_of(type_of(graph_->outputs_of(n)[0]).shape) != 0;
  }

  /// Takes nodes in, in order, as long as they compute element by element; keeps as many of them as
  /// leave one value, the last one, for others to read.
  constexpr void grow(std::uint32_t head) {
    group_.clear();
    inside_.clear();
    links_.clear();
    others_.clear();
    add_to_group(head);
    std::size_t best_links = 0;
    std::size_t best_others = 0;
    while (links_.size() < most_links) {
      auto const next = next_user();
      if (next == none || !add_link(head, next)) break;
      add_to_group(next);
      if (!is_only_last_open() || !writes_last(head)) continue;
      best_links = links_.size();
      best_others = others_.size();
    }
    auto& f = all_.of_node[head];
    auto const ending = ending_behind(head, group_[best_links], best_others == 0);
    f.readers = readers_of(head);
    if (f.readers != none) all_.head_at[all_.of_node[f.readers].last] = none;
    if (best_links == 0 && ending == none) return;
    f.links = {static_cast<std::uint32_t>(all_.links.size()),
               static_cast<std::uint32_t>(best_links)};
    f.others = {static_cast<std::uint32_t>(all_.others.size()),
                static_cast<std::uint32_t>(best_others)};
    all_.links.append(links_.data(), best_links);
    all_.others.append(others_.data(), best_others);
    f.last = ending == none ? group_[best_links] : ending;
    if (ending != none) f.ending = graph_->nodes[ending].op;
    for (std::size_t i = 0; i <= best_links; ++i) take(group_[i]);
    take(f.last);
    all_.head_at[f.last] = head;
  }
  /// The group whose result nobody but this node reads, where its kernel can do without a tensor of
  /// that.
  constexpr std::uint32_t readers_of(std::uint32_t head) {
    auto const& g = *graph_;
    auto const& n = g.nodes[head];
    auto const see = entry_of<Graph>(n.op).see_through;
    auto const id = see == nullptr ? no_value : g.inputs_of(n)[0];
    if (id == no_value || uses_[id] != 1) return none;
    find_makers();
    auto const first = maker_[id] == none ? none : all_.head_at[maker_[id]];
    if (first == none || !entry_of<Graph>(g.nodes[first].op).is_elementwise) return none;
    auto const& group = all_.of_node[first];
    auto const& to = type_of(id);
    auto const fits = [&](element_type e) {
      return bits_of(e) >= 8 && bits_of(e) <= bits_of(to.element);
    };
    bool fit = true;
    vector<layout> tensors;
    auto const add = [&](value_id input) {
      fit = fit && input != no_value && fits(type_of(input).element);
      if (!fit) return;
      tensors.push_back(broadcast_to(layouts_->layout_of(input, type_of(input)), to.shape));
    };
    for (auto const input : g.inputs_of(g.nodes[first])) add(input);
    for (auto const input : all_.others_of(group)) add(input);
    for (auto const& l : all_.links_of(group)) fit = fit && fits(l.types.from) && fits(l.types.to);
    layout y(type_of(result_of(head)));
    bool const is_seen = fit && see({g, n}, tensors, y);
    return is_seen && tensors[0].extents.back() >= least_read_row_ ? first : none;
  }
  /// The node that makes each value.
  constexpr void find_makers() {
    auto const& g = *graph_;
    if (!maker_.empty()) return;
    maker_ = vector<std::uint32_t>(g.values.size(), none);
    for (std::uint32_t i = 0; i < g.nodes.size(); ++i) {
      for (auto const id : g.outputs_of(g.nodes[i])) {
        if (id != no_value) maker_[id] = i;
      }
    }
  }

  constexpr void take(std::uint32_t node) {
    is_fused_[node] = 1;
    all_.head_at[node] = none;
  }

  constexpr void add_to_group(std::uint32_t node) {
    group_.push_back(node);
    inside_.push_back(0);
  }
  /// Whether nobody else reads the values of the group but for the last.
  constexpr bool is_only_last_open() const {
    for (std::size_t i = 0; i + 1 < group_.size(); ++i) {
      if (inside_[i] != uses_[result_of(group_[i])]) return false;
    }
    return true;
  }
  /// Whether the kernel of the first node can write where the last one's result is.
  constexpr bool writes_last(std::uint32_t head) const {
    if (!layouts_->has_any()) return true;
    auto const& n = graph_->nodes[head];
    auto const id = result_of(group_.back());
    auto const lies = layouts_->layout_of(id, type_of(id));
    return is_contiguous(lies) || entry_of<Graph>(n.op).writes({*graph_, n}, lies);
  }
  /// The first node behind the group that reads a value of it.
  constexpr std::uint32_t next_user() const {
    auto first = none;
    for (std::size_t i = 0; i < group_.size(); ++i) {
      auto const id = result_of(group_[i]);
      auto const at = first_user_[id] + inside_[i];
      if (at < first_user_[id + 1] && users_[at] < first) first = users_[at];
    }
    return first;
  }

  /// Takes an element operator in; false where it cannot be.
  constexpr bool add_link(std::uint32_t head, std::uint32_t next) {
    auto const& g = *graph_;
    auto const& n = g.nodes[next];
    auto const& entry = entry_of<Graph>(n.op);
    auto const& to = type_of(result_of(head));
    auto const inputs = g.inputs_of(n);
    auto const& made = type_of(result_of(next));
    if (!entry.is_elementwise || is_fused_[next] != 0 || inputs.size() > most_operands ||
        !(made.shape == to.shape)) {
      return false;
    }
    link added;
    added.op = n.op;
    added.types = {type_of(inputs[static_cast<std::size_t>(entry.conditions)]).element,
                   made.element};
    // The results of other kernels have one type as long as they are in its hands. By truths that
    // are stored some choose of them.
    auto const& leads = entry_of<Graph>(g.nodes[head].op);
    bool const is_mixed = leads.is_elementwise;
    if (!is_mixed && ((entry.conditions != 0 && !leads.takes_conditions) ||
                      added.types.from != to.element || added.types.to != to.element)) {
      return false;
    }
    auto const is_taken = [&](value_id id, std::uint32_t operand) {
      auto const e = type_of(id).element;
      bool const is_condition = static_cast<int>(operand) < entry.conditions;
      return is_mixed || e == (is_condition ? element_type::boolean : to.element);
    };
    if (entry.element != nullptr) added.words = entry.element(node_view(g, n));
    added.operands.count = static_cast<std::uint32_t>(inputs.size());
    auto const before = others_.size();
    for (std::uint32_t i = 0; i < inputs.size(); ++i) {
      auto const id = inputs[i];
      std::uint32_t member = 0;
      while (member < group_.size() && result_of(group_[member]) != id) ++member;
      if (member < group_.size()) {
        added.operands.of[i] = static_cast<std::int32_t>(member);
        continue;
      }
      std::uint32_t other = 0;
      while (other < others_.size() && others_[other] != id) ++other;
      if (other == others_.size()) {
        if (id == no_value || other == most_others || !is_taken(id, i) || !can_read(head, id)) {
          while (others_.size() > before) others_.pop_back();
          return false;
        }
        others_.push_back(id);
      }
      added.operands.of[i] = -1 - static_cast<std::int32_t>(other);
    }
    for (auto const id : inputs) {
      for (std::size_t i = 0; i < group_.size(); ++i) {
        if (result_of(group_[i]) == id) ++inside_[i];
      }
    }
    links_.push_back(added);
    return true;
  }

  /// Whether the epilogue of a node can read another tensor: where strides can express it as its
  /// kernel sees the result.
  constexpr bool can_read(std::uint32_t head, value_id other) {
    auto const& n = graph_->nodes[head];
    if (entry_of<Graph>(n.op).is_elementwise) return true;
    auto const& to = type_of(result_of(head)).shape;
    auto const lies = layouts_->layout_of(other, type_of(other));
    if (to.size() != 4 && lies.extents == to && is_contiguous(lies)) return true;
    lower_node(*graph_, n, lowering_);
    auto const& seen = lowering_.outputs[0].extents;
    return seen == to || can_see_as(broadcast_to(lies, to), seen);
  }

  /// The node that reads the result of the last one, if it can end a group of that head.
  constexpr std::uint32_t ending_behind(std::uint32_t head, std::uint32_t last,
                                        bool has_no_others) {
    auto const& g = *graph_;
    auto const id = result_of(last);
    if (uses_[id] != 1 || first_user_[id] == first_user_[id + 1]) return none;
    auto const user = users_[first_user_[id]];
    auto const& n = g.nodes[user];
    bool const can_end = is<op::max_pool>(n) ? has_no_others && can_pool(head, n, type_of(id).shape)
                                             : can_normalize(head, n, type_of(id).shape);
    return can_end ? user : none;
  }

  /// A largest pooling of 2x2 without padding, behind what computes all four first.
  constexpr bool can_pool(std::uint32_t head, node const& pool, shape const& x) {
    auto const& g = *graph_;
    auto const& n = g.nodes[head];
    auto const can = entry_of<Graph>(n.op).can_pool;
    if (can == nullptr || x.size() != 4 || pool.outputs.count != 1 ||
        elements_of(type_of(g.outputs_of(pool)[0]).shape) == 0) {
      return false;
    }
    lower_node(g, pool, lowering_);
    constexpr window_axis two{2, 2, 1, 0};
    auto const k = from_words<max_pooling>(lowering_.words.data());
    auto const& from = lowering_.inputs[0].extents;
    auto const& to = lowering_.outputs[0].extents;
    auto const depends_on_extents = [&] {
      return layouts_->images.serves_all_extents && !lowering_.widest.is_empty();
    };
    if (!(k.rows == two) || !(k.columns == two) || 2 * to[2] > from[2] || 2 * to[3] > from[3] ||
        depends_on_extents()) {
      return false;
    }
    lower_node(g, n, lowering_);
    bool const has_border = !layouts_->images.border(g.inputs_of(n)[0]).is_empty();
    return (has_border || !depends_on_extents()) && can(lowering_, has_border);
  }

  /// A normalization along the last axis, behind what computes rows along it.
  constexpr bool can_normalize(std::uint32_t head, node const& last, shape const& x) {
    auto const& n = graph_->nodes[head];
    if (!entry_of<Graph>(last.op).is_ending || !entry_of<Graph>(n.op).takes_ending ||
        axis_of(node_view(*graph_, last).integer("axis", -1), x.size()) != x.size() - 1) {
      return false;
    }
    lower_node(*graph_, n, lowering_);
    return lowering_.outputs[0].extents.back() == x.back();
  }

  Graph const* graph_;
  value_layouts const* layouts_;
  std::int64_t least_read_row_;
  fusions all_;
  vector<std::uint32_t> first_user_;
  vector<std::uint32_t> users_;
  vector<std::uint32_t> uses_;   // those of the caller too
  vector<std::uint32_t> maker_;  // of each value, once one is wanted
  vector<char> is_fused_;
  vector<std::uint32_t> group_;   // nodes: the head, then those of the links
  vector<std::uint32_t> inside_;  // of each, how many uses of its result are in the group
  vector<link> links_;
  vector<value_id> others_;
  lowering lowering_;
};

}  // namespace detail

/// Groups the nodes of a graph whose types are known: a kernel that takes a tape, or an element
/// operator, then element operators of the same shape that read what the group computes, as long as
/// nobody else reads it; behind a kernel only those of its element type, and behind a product those
/// that choose by truths. In front of a kernel that takes a reader, a group of element operators
/// whose result it alone reads, where rows have `least_read_row` elements. Of the values in between
/// nothing is stored. A largest pooling of 2x2 ends the group behind a convolution whose windows
/// lie on their image, a softmax of its rows that of a matrix product.
///   %2 = Conv(%0, %1)  %3 = Relu(%2)  %4 = Add(%3, %0)   → one group, with %0 as another tensor
/// *Costs*: linear in the operands of all nodes.
template <class Graph>
constexpr fusions fuse(Graph const& g, value_layouts const& layouts, std::int64_t least_read_row) {
  return detail::fuser<Graph>(g, layouts, least_read_row).run();
}

}  // namespace inlay::inline INLAY_VERSION
