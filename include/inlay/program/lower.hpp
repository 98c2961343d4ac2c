// From the graph to the program.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <utility>

#include "inlay/core/index_table.hpp"
#include "inlay/graph/external.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/store_constant.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/check_dimensions.hpp"
#include "inlay/program/fuse.hpp"
#include "inlay/program/image_layout.hpp"
#include "inlay/program/lower_node.hpp"
#include "inlay/program/place_in_arena.hpp"
#include "inlay/program/program.hpp"
#include "inlay/program/signature.hpp"
#include "inlay/program/structure_table.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Lowers one graph, whose types are known.
template <class Graph> class lowerer {
 public:
  constexpr lowerer(Graph g, lower_options const& how) : graph_(std::move(g)), how_(how) {
    for (auto& place : zeros_) place = no_value;
  }

  constexpr program run() {
    check_dimensions(graph_);
    program_.failure = graph_.failure;
    if (program_.failure) return std::move(program_);
    find_roots();
    place_outputs();
    images_ = image_arranger(graph_, root_, places_).run();
    if (how_.fuses) fused_ = fuse(graph_, images_);
    else fused_ = each_alone(graph_);
    for (auto const i : fused_.head_at) {
      if (i == fusions::none) continue;
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

  /// What becomes of a node: a structure, its second input packed, its first one with a border.
  struct node_form {
    std::uint32_t structure = 0;
    std::uint32_t packing = not_packed;
    bool has_border = false;
    std::int64_t offset = 0;  // of the first element, behind the border's
  };
  struct group_form {
    fusion const* group = nullptr;
    node_form form{};
  };
  /// A place that is none of a value: what is there, and where it begins.
  struct extra_place {
    location where;
    std::int64_t bytes = 0;  // in the arena
  };
  struct bordered_copy {
    value_id value = no_value;
    value_id place = no_value;
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

  /// A step that writes nothing is left out: the extents before one of 0 could be any.
  constexpr bool is_empty(value_id id) const {
    return elements_of(graph_.values[id].type.shape) == 0;
  }

  constexpr void add_node(node const& n, std::uint32_t index) {
    auto const& group = fused_.of_node[index];
    auto const form = group.last == index ? form_of(n) : form_of_group(n, group);
    auto const inputs = graph_.inputs_of(n);
    auto const output = root_[graph_.outputs_of(graph_.nodes[group.last])[0]];
    auto const bordered = form.has_border ? with_border(inputs[0]) : no_value;
    clear_border(output, output);
    auto const first = operands_.size();
    auto const outputs = 1 + group.others.count;
    auto const count = program_.structures[form.structure].layouts.count;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      // What its rule has looked at, a kernel may do without.
      if (operands_.size() - first + outputs == count) break;
      auto const id = inputs[i] == no_value ? no_value : root_[inputs[i]];
      if (i == 0 && form.has_border) add_operand(bordered, form.offset);
      else if (i == 1 && form.packing != not_packed) add_operand(packed_weight(id, form.packing));
      else add_operand(id, id == no_value ? 0 : offset_of(id));
    }
    // Behind an optional input that the node leaves out at its end.
    while (operands_.size() - first + outputs < count) add_operand(no_value);
    for (auto const id : fused_.others_of(group)) add_operand(root_[id], offset_of(id));
    add_operand(output, offset_of(output));
    add_step(form.structure, first, index);
  }
  constexpr layout layout_of(value_id id) const {
    return images_.layout_of(id, graph_.values[id].type);
  }

  /// What becomes of a node that is computed alone: the same of all of its signature.
  constexpr node_form form_of(node const& n) {
    auto const hash = signatures_.hash(n);
    auto const number = signatures_.find(n, hash);
    if (number != signature_table::absent) return forms_[number];
    lower_node(graph_, n, lowering_, [&](value_id id) { return layout_of(id); });
    node_form form;
    give_border(n, form);
    form.packing = pack_right(n, true);
    form.structure = structures_.intern(n.op, lowering_);
    signatures_.insert(n, hash, static_cast<std::uint32_t>(forms_.size()));
    forms_.push_back(form);
    return form;
  }

  /// What becomes of a node and those that are computed with it: the same of all groups alike.
  constexpr node_form form_of_group(node const& n, fusion const& group) {
    auto hash = hash_word(signatures_.hash(n), static_cast<std::uint64_t>(group.ending));
    for (auto const& added : fused_.links_of(group)) {
      hash = hash_word(hash, static_cast<std::uint64_t>(added.op));
    }
    auto const found = groups_.find(n, hash);
    if (found != signature_table::absent &&
        fused_.are_alike(graph_, images_, group, *group_forms_[found].group)) {
      return group_forms_[found].form;
    }
    auto const form = make_form_of_group(n, group);
    groups_.insert(n, hash, static_cast<std::uint32_t>(group_forms_.size()));
    group_forms_.push_back({&group, form});
    return form;
  }
  constexpr node_form make_form_of_group(node const& n, fusion const& group) {
    auto const result = graph_.outputs_of(n)[0];
    auto const stored = graph_.outputs_of(graph_.nodes[group.last])[0];
    auto const to = layout_of(stored);
    vector<layout> others;
    for (auto const id : fused_.others_of(group))
      others.push_back(broadcast_to(layout_of(id), to.extents));
    bool const is_pooled = group.ending == id_of<op::max_pool>;
    node_form form;
    if (entry_of<Graph>(n.op).is_elementwise) {
      // The other tensors are further inputs.
      lowering_.clear();
      for (auto const id : graph_.inputs_of(n)) lowering_.inputs.push_back(layout_of(id));
      for (auto const& t : others) lowering_.inputs.push_back(t);
      lowering_.outputs.push_back(to);
      lower_elementwise(lowering_);
    } else {
      lower_node(graph_, n, lowering_,
                 [&](value_id id) { return id == result && !is_pooled ? to : layout_of(id); });
      give_border(n, form);
      auto& y = lowering_.outputs[0];
      if (is_pooled) y = to;
      bool alike = true;
      for (auto& t : others) {
        alike = alike && t == to;
        if (!(y.extents == to.extents)) t = y;
      }
      form.packing = pack_right(n, alike);
      for (auto const& t : others) lowering_.inputs.push_back(alike ? y : t);
    }
    form.structure = structures_.intern(n.op, lowering_, fused_.links_of(group), group.ending);
    return form;
  }

  constexpr std::int64_t offset_of(value_id id) const {
    return images_.offset_of(id, graph_.values[id].type.shape);
  }
  constexpr void add_operand(value_id place, std::int64_t offset = 0) {
    operands_.push_back(place);
    offsets_.push_back(offset);
  }

  /// A kernel whose windows hang over its images looks at them with the border that these have.
  constexpr void give_border(node const& n, node_form& form) {
    auto const border_of = entry_of<Graph>(n.op).border;
    if (border_of == nullptr) return;
    auto const needed = border_of(lowering_);
    auto const id = graph_.inputs_of(n)[0];
    auto const& has = images_.border(id);
    if (needed.is_empty() || has.is_empty()) return;
    auto& x = lowering_.inputs[0];
    x.strides = images_.strides_within(id, x.extents);
    x.extents = needed.around(x.extents);
    form.has_border = true;
    form.offset = has.offset(x.strides) - needed.offset(x.strides);
    entry_of<Graph>(n.op).remove_border(lowering_);
  }

  /// The value as an image with its border: itself, or its copy.
  constexpr value_id with_border(value_id id) {
    if (images_.is_channels_last(id)) return id;
    for (auto const& c : copies_) {
      if (c.value == id) return c.place;
    }
    auto const& t = graph_.values[id].type;
    auto const& border = images_.border(id);
    auto const place = add_place({{}, bytes_of(t.element, elements_of(border.around(t.shape)))});
    copies_.push_back({id, place});
    clear_border(place, id);
    layout y(t);
    y.strides = images_.strides_within(id, t.shape);
    copy(layout(t), root_[id], 0, y, place, border.offset(y.strides));
    return place;
  }

  /// Writes zeros around the image at `place`, which lies as the value `id` or its copy does.
  constexpr void clear_border(value_id place, value_id id) {
    auto const& border = images_.border(id);
    if (border.is_empty() || (place == id && !images_.is_channels_last(id))) return;
    auto const& t = graph_.values[id].type;
    auto const strides = images_.strides_within(id, t.shape);
    auto const begin = border.offset(strides);
    auto const row = t.shape[3] * strides[3];
    auto const last_row = begin + (t.shape[2] - 1) * strides[2] + row;
    auto const image = border.around(t.shape);
    auto const clear = [&](std::int64_t offset, std::int64_t rows, std::int64_t length) {
      if (rows <= 0 || length == 0) return;
      layout y(t.element, {t.shape[0], rows, length});
      y.strides = {strides[0], strides[2], 1};
      copy(layout(t.element, shape{}), zero_of(t.element), 0, y, place, offset);
    };
    clear(0, 1, begin);
    // What is behind a row and what is in front of the next one lie next to each other.
    clear(begin + row, t.shape[2] - 1, strides[2] - row);
    clear(last_row, 1, image[2] * strides[2] - last_row);
  }

  /// A step that copies elements from one place to another.
  constexpr void copy(layout const& x, value_id from, std::int64_t from_offset, layout const& y,
                      value_id to, std::int64_t to_offset) {
    lowering_.clear();
    lowering_.inputs.push_back(x);
    lowering_.outputs.push_back(y);
    lower_elementwise(lowering_);
    auto const op = lower_transposition(lowering_) ? id_of<op::transpose> : id_of<op::identity>;
    auto const first = operands_.size();
    add_operand(from, from_offset);
    add_operand(to, to_offset);
    add_step(structures_.intern(op, lowering_), first, none);
  }

  constexpr value_id add_place(extra_place const& place) {
    auto const id = static_cast<value_id>(places_.size());
    places_.push_back(place.where);
    extra_bytes_.push_back(place.bytes);
    return id;
  }
  constexpr value_id zero_of(element_type e) {
    auto& place = zeros_[static_cast<std::size_t>(e)];
    if (place == no_value) {
      auto const index = store_constant(graph_, [&](auto put) {
        with_type(e, stored_types{}, [&]<class T>(T zero) { put(zero); });
      });
      place = add_place({add_weight(e, graph_.constants[index], not_packed), 0});
    }
    return place;
  }

  /// Has the right-hand operand of a product packed, if it is a constant, and says how. Axes may be
  /// joined then, if `may_join`.
  constexpr std::uint32_t pack_right(node const& n, bool may_join) {
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
    auto const join = entry_of<Graph>(n.op).join;
    if (join != nullptr && may_join) join(lowering_);
    return structures_.intern(right);
  }

  /// The place of a packed constant: one for all that want it so.
  constexpr value_id packed_weight(value_id id, std::uint32_t packing) {
    auto const hash = hash_word(hash_word(hash_seed, id), packing);
    auto const found = packed_table_.find(hash, [&](std::uint32_t i) {
      return packed_[i].value == id && packed_[i].packing == packing;
    });
    if (found != index_table::absent) return packed_[found].place;
    auto const place = add_place({add_weight(id, packing), 0});
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
      layout const t(graph_.values[id].type);
      copy(t, root_[id], 0, t, add_place({{place::output, i, 0}, 0}), 0);
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

  /// Values that no caller sees share the arena by lifetime.
  constexpr void place_in_arena() {
    auto const arena_bytes = [&](value_id id) {
      return places_[id].where == place::nowhere && !is_constant(id) ? arena_bytes_of(id) : -1;
    };
    auto const have_same_border = [&](value_id a, value_id b) {
      auto const count = graph_.values.size();
      return a < count && b < count && images_.have_same_form(a, b) &&
             graph_.values[a].type == graph_.values[b].type;
    };
    failure_ = detail::place_in_arena(graph_, program_, {operands_, offsets_}, places_, arena_bytes,
                                      have_same_border);
  }

  constexpr bool is_constant(value_id id) const {
    return id < graph_.values.size() && graph_.is_constant(id);
  }
  constexpr std::int64_t arena_bytes_of(value_id id) const {
    if (id >= graph_.values.size()) return extra_bytes_[id - graph_.values.size()];
    auto const& t = graph_.values[id].type;
    auto const& extents = t.shape;
    return bytes_of(
        t.element,
        elements_of(images_.is_channels_last(id) ? images_.border(id).around(extents) : extents));
  }

  /// Constants that are read get a place in their pool; then every operand has its location.
  constexpr void resolve() {
    for (auto const& s : program_.steps) {
      auto const layouts = program_.structures[s.structure].layouts.first;
      for (std::uint32_t k = 0; k < s.locations.count; ++k) {
        auto const i = s.locations.first + k;
        auto const id = operands_[i];
        if (id != no_value && places_[id].where == place::nowhere) {
          places_[id] = add_weight(id, not_packed);
          if (failure_) return;
        }
        program_.locations.push_back(id == no_value ? location{} : places_[id]);
        if (offsets_[i] != 0) {
          auto const element = program_.layouts[layouts + k].element;
          program_.locations.back().offset += bytes_of(element, offsets_[i]);
        }
      }
    }
  }

  /// A place in its pool for a constant.
  constexpr location add_weight(value_id id, std::uint32_t packing) {
    if (is_unresolved(graph_, id)) {
      failure_ = missing_elements(graph_, id);
      return {};
    }
    auto const& v = graph_.values[id];
    return add_weight(v.type.element, graph_.constants[v.constant], packing);
  }
  constexpr location add_weight(element_type e, constant const& c, std::uint32_t packing) {
    auto& end = program_.pools.bytes[static_cast<std::size_t>(e)];
    location const found{place::weights, 0, end};
    program_.weights.push_back({e, end, c, packing});
    auto const bytes = packing == not_packed ? static_cast<std::int64_t>(graph_.bytes_of(c).size())
                                             : bytes_of(e, packed_size(program_.packings[packing]));
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
  lower_options how_;
  program program_;
  error failure_;
  vector<value_id> root_;
  image_layouts images_;
  fusions fused_;
  vector<location> places_;           // of each value, then the extra ones
  vector<std::int64_t> extra_bytes_;  // of each extra place that is in the arena
  vector<value_id> operands_;         // of the steps, as places
  vector<std::int64_t> offsets_;      // of the first element of each, in elements
  structure_table structures_{program_};
  signature_table signatures_{graph_, &images_.forms};
  vector<node_form> forms_;  // of the nodes of each signature
  signature_table groups_{graph_, &images_.forms};
  vector<group_form> group_forms_;
  vector<packed_constant> packed_;
  index_table packed_table_;
  vector<bordered_copy> copies_;
  value_id zeros_[element_type_count];
  lowering lowering_;  // of one node at a time
};

}  // namespace detail

/// The program of a graph whose types are inferred. A graph's error becomes the program's.
/// *Errors*: a dimension without a value; an operator that is not listed.
template <class Graph> constexpr program lower(Graph g, lower_options const& how = {}) {
  return detail::lowerer<Graph>(std::move(g), how).run();
}

}  // namespace inlay::inline INLAY_VERSION
