// From the graph to the program.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <utility>

#include "inlay/core/index_table.hpp"
#include "inlay/graph/external.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/check_dimensions.hpp"
#include "inlay/program/lower_node.hpp"
#include "inlay/program/plan_memory.hpp"
#include "inlay/program/program.hpp"
#include "inlay/program/signature.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Lowers one graph, whose types are known.
template <class Graph> class lowerer {
 public:
  constexpr explicit lowerer(Graph g) : graph_(std::move(g)) {}

  constexpr program run() {
    check_dimensions(graph_);
    program_.failure = graph_.failure;
    if (program_.failure) return std::move(program_);
    find_roots();
    place_outputs();
    arrange_images();
    for (std::uint32_t i = 0; i < graph_.nodes.size(); ++i) {
      auto const& n = graph_.nodes[i];
      if (!entry_of<Graph>(n.op).is_view && !is_empty(graph_.outputs_of(n)[0])) add_node(n, i);
    }
    copy_outputs();
    if (!failure_) place_in_arena();
    if (!failure_) resolve();
    if (failure_) return failed();
    program_.storage = std::move(graph_.storage);
    return std::move(program_);
  }

 private:
  static constexpr std::uint32_t none = 0xffff'ffff;

  /// What becomes of a node: a structure, and its second input packed.
  struct node_form {
    std::uint32_t structure = 0;
    std::uint32_t packing = not_packed;
  };
  struct packed_constant {
    value_id value = no_value;
    std::uint32_t packing = not_packed;
    value_id place = no_value;
  };

  /// A view's elements are those of the value at its root.
  constexpr void find_roots() {
    for (value_id id = 0; id < graph_.values.size(); ++id) root_.push_back(id);
    for (auto const& n : graph_.nodes) {
      if (!entry_of<Graph>(n.op).is_view) continue;
      root_[graph_.outputs_of(n)[0]] = root_[graph_.inputs_of(n)[0]];
    }
    places_ = vector<location>(graph_.values.size(), location{});
  }

  /// Kernels write the graph's outputs where the caller reads them.
  constexpr void place_outputs() {
    for (std::uint32_t i = 0; i < graph_.inputs.size(); ++i) {
      auto const id = graph_.inputs[i];
      places_[id] = {place::input, i, 0};
      program_.inputs.push_back({graph_.values[id].name, graph_.values[id].type});
    }
    for (std::uint32_t i = 0; i < graph_.outputs.size(); ++i) {
      auto const id = graph_.outputs[i];
      program_.outputs.push_back({graph_.values[id].name, graph_.values[id].type});
      auto& where = places_[root_[id]];
      if (where.where == place::nowhere && !graph_.is_constant(root_[id])) {
        where = {place::output, i, 0};
      }
    }
  }

  /// Images between kernels that go over all channels of a pixel have their channels last.
  constexpr void arrange_images() {
    bool has_windows = false;
    for (auto const& n : graph_.nodes) {
      has_windows = has_windows || entry_of<Graph>(n.op).slides_over_image;
    }
    if (!has_windows) return;
    // Whatever order a value has now, all that look at it must take any.
    auto takes_any = vector<char>(graph_.values.size(), 1);
    for (value_id id = 0; id < root_.size(); ++id) {
      if (root_[id] != id) takes_any[id] = takes_any[root_[id]] = 0;
    }
    for (auto const& n : graph_.nodes) {
      if (takes_any_strides(n.op)) continue;
      for (auto const id : graph_.inputs_of(n)) {
        if (id != no_value) takes_any[id] = 0;
      }
    }
    channels_last_ = vector<char>(graph_.values.size(), 0);
    for (auto const& n : graph_.nodes) {
      auto const y = graph_.outputs_of(n)[0];
      if (takes_any[y] == 0 || !takes_any_strides(n.op) || places_[y].where != place::nowhere ||
          graph_.values[y].type.shape.size() != 4) {
        continue;
      }
      bool is_image = entry_of<Graph>(n.op).slides_over_image;
      for (auto const id : graph_.inputs_of(n)) {
        is_image = is_image || (id != no_value && channels_last_[id] != 0);
      }
      channels_last_[y] = is_image ? 1 : 0;
    }
  }
  static constexpr bool takes_any_strides(operator_id op) {
    return entry_of<Graph>(op).slides_over_image || entry_of<Graph>(op).is_elementwise;
  }

  /// A step that writes nothing is left out: the extents before one of 0 could be any.
  constexpr bool is_empty(value_id id) const {
    return elements_of(graph_.values[id].type.shape) == 0;
  }

  constexpr void add_node(node const& n, std::uint32_t index) {
    auto const hash = signatures_.hash(n);
    auto number = signatures_.find(n, hash);
    if (number == signature_table::absent) {
      lower_node(graph_, n, lowering_, channels_last_.data());
      auto const packing = pack_right(n);
      number = static_cast<std::uint32_t>(forms_.size());
      forms_.push_back({intern(n.op, lowering_), packing});
      signatures_.insert(n, hash, number);
    }
    auto const [structure, packing] = forms_[number];
    auto const first = operands_.size();
    for (auto const id : graph_.inputs_of(n)) {
      operands_.push_back(id == no_value ? no_value : root_[id]);
    }
    if (packing != not_packed) operands_[first + 1] = packed_weight(operands_[first + 1], packing);
    // Behind an optional input that the node leaves out at its end.
    auto const outputs = 1;
    auto const count = program_.structures[structure].layouts.count;
    while (operands_.size() - first + outputs < count) operands_.push_back(no_value);
    operands_.push_back(root_[graph_.outputs_of(n)[0]]);
    add_step(structure, first, index);
  }

  /// Has the right-hand operand of a product packed, if it is a constant, and says how.
  constexpr std::uint32_t pack_right(node const& n) {
    auto const right_of = entry_of<Graph>(n.op).right;
    if (right_of == nullptr || !graph_.is_constant(graph_.inputs_of(n)[1])) return not_packed;
    auto& second = lowering_.inputs[1];
    auto const right = right_of(lowering_.words.data(), second);
    if (right.extents[static_cast<int>(right.columns)] < 2 || right.extents.size() == max_rank) {
      return not_packed;
    }
    auto const panels = packed_layout(right);
    if (!is_in_memory(panels.extents)) return not_packed;
    second.extents = panels.extents;
    second.strides = panels.strides;
    if (auto const join = entry_of<Graph>(n.op).join) join(lowering_);
    return intern(right);
  }
  constexpr std::uint32_t intern(right_operand const& right) {
    auto const hash = hash_shape(hash_shape(hash_seed, right.extents), right.strides);
    auto const found = packings_.find(hash, [&](std::uint32_t i) {
      auto const& p = program_.packings[i];
      return p.extents == right.extents && p.strides == right.strides && p.columns == right.columns;
    });
    if (found != index_table::absent) return found;
    auto const index = static_cast<std::uint32_t>(program_.packings.size());
    program_.packings.push_back(right);
    packings_.insert(hash, index);
    return index;
  }

  /// The place of a packed constant: one for all that want it so.
  constexpr value_id packed_weight(value_id id, std::uint32_t packing) {
    auto const hash = hash_word(hash_word(hash_seed, id), packing);
    auto const found = packed_table_.find(hash, [&](std::uint32_t i) {
      return packed_[i].value == id && packed_[i].packing == packing;
    });
    if (found != index_table::absent) return packed_[found].place;
    // A place of its own, behind those of the values.
    auto const place = static_cast<value_id>(places_.size());
    places_.push_back(add_weight(id, packing));
    packed_table_.insert(hash, static_cast<std::uint32_t>(packed_.size()));
    packed_.push_back({id, packing, place});
    return place;
  }

  /// What no kernel can write in place, for it is an input, a constant, or another output as well,
  /// is copied.
  constexpr void copy_outputs() {
    for (std::uint32_t i = 0; i < graph_.outputs.size(); ++i) {
      auto const id = graph_.outputs[i];
      auto const& where = places_[root_[id]];
      if ((where.where == place::output && where.port == i) || is_empty(id)) continue;
      lowering_.clear();
      lowering_.inputs.push_back(layout(graph_.values[id].type));
      lowering_.outputs.push_back(layout(graph_.values[id].type));
      lower_elementwise(lowering_);
      auto const first = operands_.size();
      operands_.push_back(root_[id]);
      // A place of its own, behind those of the values.
      operands_.push_back(static_cast<value_id>(places_.size()));
      places_.push_back({place::output, i, 0});
      add_step(intern(id_of<op::identity>, lowering_), first, none);
    }
  }

  /// A step on the operands from `first` on.
  constexpr void add_step(std::uint32_t structure, std::size_t first, std::uint32_t node) {
    program_.steps.push_back(
        {structure,
         {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(operands_.size() - first)},
         node});
    program_.multiply_adds =
        saturating_add(program_.multiply_adds, program_.structures[structure].multiply_adds);
  }

  constexpr std::uint32_t intern(operator_id op, lowering const& l) {
    auto hash = hash_word(hash_seed, static_cast<std::uint64_t>(op));
    for (auto const& t : l.inputs) hash = hash_layout(hash, t);
    for (auto const& t : l.outputs) hash = hash_layout(hash, t);
    for (auto const word : l.words) hash = hash_word(hash, static_cast<std::uint64_t>(word));
    auto const found = structures_.find(
        hash, [&](std::uint32_t i) { return equal(program_.structures[i], op, l); });
    if (found != index_table::absent) return found;

    structure s;
    s.op = op;
    s.multiply_adds = l.multiply_adds;
    s.layouts = {static_cast<std::uint32_t>(program_.layouts.size()),
                 static_cast<std::uint32_t>(l.inputs.size() + l.outputs.size())};
    program_.layouts.append(l.inputs.data(), l.inputs.size());
    program_.layouts.append(l.outputs.data(), l.outputs.size());
    s.words = {static_cast<std::uint32_t>(program_.words.size()),
               static_cast<std::uint32_t>(l.words.size())};
    program_.words.append(l.words.data(), l.words.size());
    auto const index = static_cast<std::uint32_t>(program_.structures.size());
    program_.structures.push_back(s);
    structures_.insert(hash, index);
    return index;
  }

  static constexpr std::uint64_t hash_layout(std::uint64_t hash, layout const& t) {
    return hash_shape(hash_shape(hash_word(hash, static_cast<std::uint64_t>(t.element)), t.extents),
                      t.strides);
  }

  constexpr bool equal(structure const& s, operator_id op, lowering const& l) const {
    if (s.op != op || s.words.count != l.words.size() ||
        s.layouts.count != l.inputs.size() + l.outputs.size()) {
      return false;
    }
    for (std::uint32_t i = 0; i < s.words.count; ++i) {
      if (program_.words[s.words.first + i] != l.words[i]) return false;
    }
    for (std::uint32_t i = 0; i < s.layouts.count; ++i) {
      auto const& t = i < l.inputs.size() ? l.inputs[i] : l.outputs[i - l.inputs.size()];
      if (!(program_.layouts[s.layouts.first + i] == t)) return false;
    }
    return true;
  }

  /// Values that no caller sees share the arena by lifetime.
  constexpr void place_in_arena() {
    vector<buffer> buffers;
    vector<value_id> values;
    vector<std::uint32_t> buffer_of(places_.size(), none);
    for (std::uint32_t i = 0; i < program_.steps.size(); ++i) {
      auto const& s = program_.steps[i];
      for (std::uint32_t k = 0; k < s.locations.count; ++k) {
        auto const id = operands_[s.locations.first + k];
        if (id == no_value || places_[id].where != place::nowhere || graph_.is_constant(id)) {
          continue;
        }
        if (buffer_of[id] == none) {
          buffer_of[id] = static_cast<std::uint32_t>(buffers.size());
          auto const& t = graph_.values[id].type;
          buffers.push_back({bytes_of(t.element, elements_of(t.shape)), i, i, 0});
          values.push_back(id);
        }
        buffers[buffer_of[id]].last = i;
      }
    }
    auto const bytes = plan_memory(buffers, tensor_alignment);
    failure_ = bytes.failure();
    if (failure_) return;
    program_.arena_bytes = *bytes;
    for (std::size_t i = 0; i < buffers.size(); ++i) {
      places_[values[i]] = {place::arena, 0, buffers[i].offset};
    }
  }

  /// Constants that are read get a place in their pool; then every operand has its location.
  constexpr void resolve() {
    for (auto const id : operands_) {
      if (id != no_value && places_[id].where == place::nowhere) {
        places_[id] = add_weight(id, not_packed);
        if (failure_) return;
      }
      program_.locations.push_back(id == no_value ? location{} : places_[id]);
    }
  }

  /// A place in its pool for a constant.
  constexpr location add_weight(value_id id, std::uint32_t packing) {
    if (is_unresolved(graph_, id)) {
      failure_ = missing_elements(graph_, id);
      return {};
    }
    auto const& v = graph_.values[id];
    auto const& c = graph_.constants[v.constant];
    auto& end = program_.pools.bytes[static_cast<std::size_t>(v.type.element)];
    location const found{place::weights, 0, end};
    program_.weights.push_back({v.type.element, end, c, packing});
    auto const bytes = packing == not_packed
                           ? static_cast<std::int64_t>(graph_.bytes_of(c).size())
                           : bytes_of(v.type.element, packed_size(program_.packings[packing]));
    end += round_up(bytes, tensor_alignment);
    if (end > max_arena_bytes) {
      failure_ = make_error(rule::the_arena_must_fit_in_memory,
                            "the constants have more than 2^62 bytes together");
    }
    return found;
  }

  constexpr program failed() const {
    program p;
    p.failure = failure_;
    return p;
  }

  Graph graph_;
  program program_;
  error failure_;
  vector<value_id> root_;
  vector<char> channels_last_;  // whether each value lies so; empty if none does
  vector<location> places_;     // of each value, then of each copy and each packed constant
  vector<value_id> operands_;   // of the steps, as values
  index_table structures_;
  signature_table signatures_{graph_, &channels_last_};
  vector<node_form> forms_;  // of the nodes of each signature
  index_table packings_;
  vector<packed_constant> packed_;
  index_table packed_table_;
  lowering lowering_;  // of one node at a time
};

}  // namespace detail

/// The program of a graph whose types are inferred. A graph's error becomes the program's.
/// *Errors*: a dimension without a value; an operator that is not listed.
template <class Graph> constexpr program lower(Graph g) {
  return detail::lowerer(std::move(g)).run();
}

}  // namespace inlay::inline INLAY_VERSION
