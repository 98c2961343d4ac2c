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
#include "inlay/program/check_operands.hpp"
#include "inlay/program/fuse.hpp"
#include "inlay/program/lower_node.hpp"
#include "inlay/program/placement.hpp"
#include "inlay/program/program.hpp"
#include "inlay/program/readers.hpp"
#include "inlay/program/signature.hpp"
#include "inlay/program/structure_table.hpp"
#include "inlay/program/value_layouts.hpp"
#include "inlay/program/views.hpp"

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
    check_operands(graph_);
    program_.failure = graph_.failure;
    if (program_.failure) return std::move(program_);
    layouts_.views = find_views(graph_);
    places_.add_values();
    place_outputs();
    layouts_.images =
        image_arranger(graph_, layouts_.views, places_.places(), how_.serves_all_extents).run();
    if (how_.fuses) fused_ = fuse(graph_, layouts_, how_.least_read_row);
    else fused_ = each_alone(graph_);
    for (auto const i : fused_.head_at) {
      if (i == fusions::none) continue;
      auto const& n = graph_.nodes[i];
      if (is_empty(graph_.outputs_of(n)[0])) continue;
      if (entry_of<Graph>(n.op).is_view) add_copies(n, i);
      else add_node(n, i);
    }
    copy_outputs();
    if (auto const e = places_.finish(how_.most_arena_bytes)) return failed(e);
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
  struct bordered_copy {
    value_id value = no_value;
    value_id place = no_value;
  };
  struct packed_constant {
    value_id value = no_value;
    std::uint32_t packing = not_packed;
    value_id place = no_value;
  };

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
      auto const root = root_of(id);
      auto& where = places_[root];
      bool const is_whole = layouts_.views.number_of_strides(id) == 0 &&
                            places_.size_of(id) == places_.bytes_at(root);
      if (where.where == place::nowhere && !places_.is_constant(root) && is_whole) {
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
    bool const has_readers = group.readers != fusions::none;
    bool const is_alone = group.last == index && !has_readers;
    auto const form = is_alone ? form_of(n) : form_of_group(n, group);
    auto const inputs = graph_.inputs_of(n);
    auto const output = graph_.outputs_of(graph_.nodes[group.last])[0];
    auto const bordered = form.has_border ? with_border(inputs[0]) : no_value;
    if (layouts_.has_any()) {
      for (std::size_t i = has_readers ? 1 : 0; i < inputs.size(); ++i) {
        auto const id = inputs[i];
        if (id != no_value && !is_read(n, id)) contiguous(id, index);
      }
      clear_border(output);
    }
    auto const first = places_.operands();
    auto const outputs = 1 + group.others.count;
    auto const count = program_.structures[form.structure].layouts.count;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      // What its rule has looked at, a kernel may do without.
      if (places_.operands() - first + outputs == count) break;
      auto const id = inputs[i];
      if (i == 0 && has_readers) {
        each_tensor_of(graph_, fused_, group.readers, [&](value_id x) { add_value(x); });
      } else if (id == no_value) places_.add_operand(no_value);
      else if (i == 0 && form.has_border)
        places_.add_operand(bordered, form.offset + layouts_.images.first_channel(id));
      else if (i == 1 && form.packing != not_packed) add_packed(id, form.packing);
      else if (is_read(n, id)) add_value(id);
      else places_.add_operand(contiguous(id, index));
    }
    // Behind an optional input that the node leaves out at its end.
    while (places_.operands() - first + outputs < count) places_.add_operand(no_value);
    for (auto const id : fused_.others_of(group)) add_value(id);
    add_value(output);
    add_step(form.structure, first, index);
  }

  constexpr value_id root_of(value_id id) const { return layouts_.views.root_of(id); }
  constexpr layout layout_of(value_id id) const {
    return layouts_.layout_of(id, graph_.values[id].type);
  }
  constexpr std::int64_t offset_of(value_id id) const {
    return layouts_.offset_of(id, graph_.values[id].type.shape);
  }
  constexpr tensor_view view_of(value_id id) const { return {layout_of(id), offset_of(id)}; }
  constexpr void add_value(value_id id) {
    // Few steps where nothing is a view or an image: compilers count them.
    if (!layouts_.has_any()) places_.add_operand(id);
    else places_.add_operand(root_of(id), offset_of(id));
  }

  /// Whether a node reads a value where it lies, else a contiguous copy of it.
  constexpr bool is_read(node const& n, value_id id) const {
    return !layouts_.has_any() || layouts_.views.number_of_strides(id) == 0 ||
           reads(graph_, n, id, layout_of(id));
  }
  constexpr layout layout_for(node const& n, value_id id) const {
    if (is_read(n, id)) return layout_of(id);
    return layout(graph_.values[id].type);
  }
  /// The place of a contiguous copy of a value: one for all that want it.
  constexpr value_id contiguous(value_id id, std::uint32_t node) {
    if (copy_of_.empty()) {
      copy_of_ = vector<value_id>(graph_.values.size(), no_value);
      auto const& copied = layouts_.views.copied;
      auto next = static_cast<value_id>(graph_.values.size());
      for (auto const value : copied) copy_of_[value] = next++;
      is_copied_ = vector<char>(graph_.values.size(), 0);
    }
    auto& to = copy_of_[id];
    if (to == no_value) to = places_.add_place({}, places_.size_of(id));
    if (is_copied_[id] == 0) {
      is_copied_[id] = 1;
      copy(id, to, {layout(graph_.values[id].type), 0}, node);
    }
    return to;
  }
  /// What a view needs to be copied: its input as a whole, or what is not there yet of its output.
  constexpr void add_copies(node const& n, std::uint32_t index) {
    if (entry_of<Graph>(n.op).view_of_input == nullptr) return assemble(n, index);
    auto const root = root_of(graph_.outputs_of(n)[0]);
    if (root < graph_.values.size()) return;
    auto const copied = layouts_.views.copied[root - graph_.values.size()];
    if (copied == graph_.inputs_of(n)[0]) contiguous(copied, index);
  }
  constexpr void assemble(node const& n, std::uint32_t index) {
    auto const& entry = entry_of<Graph>(n.op);
    auto const y = graph_.outputs_of(n)[0];
    auto const root = root_of(y);
    auto const whole = view_of(y);
    auto const inputs = graph_.inputs_of(n);
    clear_border(y);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      auto to = whole;
      if (inputs[i] == no_value || !entry.view_of_output({graph_, n}, static_cast<int>(i), to)) {
        continue;
      }
      auto from = view_of(inputs[i]);
      if (entry.crop != nullptr) entry.crop({graph_, n}, from);
      normalize_strides(from.lies);
      normalize_strides(to.lies);
      bool const is_there =
          root_of(inputs[i]) == root && from.offset == to.offset && from.lies == to.lies;
      if (!is_there) copy(root_of(inputs[i]), from, root, to, index);
    }
    if (entry.fills == nullptr) return;
    for (auto const& f : entry.fills({graph_, n}, whole)) {
      if (!f.is_constant) {
        copy(root, f.from, root, f.to, index);
        continue;
      }
      auto const e = whole.lies.element;
      bool const is_given = inputs.size() > 2 && inputs[2] != no_value;
      auto const from = is_given ? root_of(inputs[2]) : zero_of(e);
      copy(from, {layout(e, shape{}), is_given ? view_of(inputs[2]).offset : 0}, root, f.to, index);
    }
  }

  /// What becomes of a node that is computed alone: the same of all of its signature.
  constexpr node_form form_of(node const& n) {
    auto const hash = signatures_.hash(n);
    auto const number = signatures_.find(n, hash);
    if (number != signature_table::absent) return forms_[number];
    lower_with(n, [&](value_id id) { return layout_for(n, id); });
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
        fused_.are_alike(graph_, layouts_, group, *group_forms_[found].group)) {
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
    link_chain readers;
    node_form form;
    if (entry_of<Graph>(n.op).is_elementwise) {
      // The other tensors are further inputs.
      lowering_.clear();
      for (auto const id : graph_.inputs_of(n)) lowering_.inputs.push_back(layout_of(id));
      for (auto const& t : others) lowering_.inputs.push_back(t);
      lowering_.outputs.push_back(to);
      lowering_.types = types_of(graph_, n);
      lower_elementwise(lowering_);
      auto const element = entry_of<Graph>(n.op).element;
      if (element != nullptr) append_words(lowering_.words, element(node_view(graph_, n)));
    } else {
      lower_with(n,
                 [&](value_id id) { return id == result && !is_pooled ? to : layout_for(n, id); });
      give_border(n, form);
      if (group.readers != fusions::none) {
        readers = read_through(graph_, layouts_, fused_, n, group.readers, lowering_);
      }
      auto& y = lowering_.outputs[0];
      if (is_pooled) y = to;
      bool alike = true;
      for (auto& t : others) {
        alike = alike && t.extents == to.extents && t.strides == to.strides;
        // Such a kernel sees them in another shape.
        if (!(y.extents == to.extents)) see_as(t, y.extents);
      }
      form.packing = pack_right(n, alike);
      for (auto const& t : others) {
        lowering_.inputs.push_back(alike ? y : t);
        lowering_.inputs.back().element = t.element;
      }
    }
    form.structure = structures_.intern(n.op, lowering_, fused_.links_of(group), group.ending,
                                        {readers.of, readers.count});
    return form;
  }

  template <class LayoutOf> constexpr void lower_with(node const& n, LayoutOf const& layout_of) {
    lower_node(graph_, n, lowering_, layout_of);
    if (!how_.serves_all_extents) lowering_.sized_words = 0;
  }

  /// Whether windows hang over the input of what is lowered where that has some extents, and the
  /// steps are to be those of all.
  constexpr bool depends_on_extents() const {
    return how_.serves_all_extents && !lowering_.widest.is_empty();
  }

  /// A kernel whose windows hang over its images looks at them with the border that these have.
  constexpr void give_border(node const& n, node_form& form) {
    auto const border_of = entry_of<Graph>(n.op).border;
    if (border_of == nullptr) return;
    auto const needed = border_of(lowering_);
    auto const id = graph_.inputs_of(n)[0];
    auto const& has = layouts_.images.border(id);
    if ((needed.is_empty() && !depends_on_extents()) || has.is_empty()) return;
    auto& x = lowering_.inputs[0];
    x.strides = layouts_.images.strides_within(id, x.extents);
    x.extents = needed.around(x.extents);
    form.has_border = true;
    form.offset = has.offset(x.strides) - needed.offset(x.strides);
    entry_of<Graph>(n.op).remove_border(lowering_);
  }

  /// The value as an image with its border: itself, or its copy.
  constexpr value_id with_border(value_id id) {
    if (layouts_.images.is_channels_last(id)) return root_of(id);
    for (auto const& c : copies_) {
      if (c.value == id) return c.place;
    }
    auto const& t = graph_.values[id].type;
    auto const& border = layouts_.images.border(id);
    auto const place =
        places_.add_place({}, bytes_of(t.element, elements_of(border.around(t.shape))));
    copies_.push_back({id, place});
    clear_border(place, id);
    layout y(t);
    y.strides = layouts_.images.strides_within(id, t.shape);
    copy(id, place, {y, border.offset(y.strides)}, none);
    return place;
  }

  /// Before the first step that writes an image, or a part of it, zeros are written around it.
  constexpr void clear_border(value_id id) {
    if (!layouts_.images.is_channels_last(id)) return;
    auto const image = layouts_.images.image_of(id);
    if (is_cleared_.empty()) is_cleared_ = vector<char>(graph_.values.size(), 0);
    if (is_cleared_[image] == 0) clear_border(image, image);
    is_cleared_[image] = 1;
  }
  /// Writes zeros around the image at `place`, which lies as the value `id` or its copy does.
  constexpr void clear_border(value_id place, value_id id) {
    auto const& border = layouts_.images.border(id);
    if (border.is_empty()) return;
    auto const& t = graph_.values[id].type;
    auto const strides = layouts_.images.strides_within(id, t.shape);
    auto const begin = border.offset(strides);
    auto const row = t.shape[3] * strides[3];
    auto const last_row = begin + (t.shape[2] - 1) * strides[2] + row;
    auto const image = border.around(t.shape);
    auto const clear = [&](std::int64_t offset, std::int64_t rows, std::int64_t length) {
      if (rows <= 0 || length == 0) return;
      layout y(t.element, {t.shape[0], rows, length});
      y.strides = {strides[0], strides[2], 1};
      copy(zero_of(t.element), {layout(t.element, shape{}), 0}, place, {y, offset}, none);
    };
    clear(0, 1, begin);
    // What is behind a row and what is in front of the next one lie next to each other.
    clear(begin + row, t.shape[2] - 1, strides[2] - row);
    clear(last_row, 1, image[2] * strides[2] - last_row);
  }

  /// A step that copies what is at one place to where `to` is at another.
  constexpr void copy(value_id place, tensor_view const& from, value_id to_place,
                      tensor_view const& to, std::uint32_t node) {
    if (elements_of(to.lies.extents) == 0) return;
    auto const first = places_.operands();
    auto const op =
        lower_copy(lowering_, from.lies, to.lies) ? id_of<op::transpose> : id_of<op::identity>;
    places_.add_operand(place, from.offset);
    places_.add_operand(to_place, to.offset);
    add_step(structures_.intern(op, lowering_), first, node);
  }
  constexpr void copy(value_id id, value_id place, tensor_view const& to, std::uint32_t node) {
    copy(root_of(id), view_of(id), place, to, node);
  }

  constexpr value_id zero_of(element_type e) {
    auto& place = zeros_[static_cast<std::size_t>(e)];
    if (place == no_value) {
      auto const index = store_constant(graph_, [&](auto put) {
        with_type(e, stored_types{}, [&]<class T>(T zero) { put(zero); });
      });
      place = places_.add_place(places_.add_weight(e, graph_.constants[index], not_packed));
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
    if (join != nullptr && may_join && !depends_on_extents()) join(lowering_);
    return structures_.intern(right);
  }

  /// A packed constant: one for all that want it so.
  constexpr void add_packed(value_id id, std::uint32_t packing) {
    auto const hash = hash_word(hash_word(hash_seed, id), packing);
    auto const found = packed_table_.find(hash, [&](std::uint32_t i) {
      return packed_[i].value == id && packed_[i].packing == packing;
    });
    if (found != index_table::absent) return places_.add_operand(packed_[found].place);
    auto const place = places_.add_place(places_.add_weight(id, packing));
    packed_table_.insert(hash, static_cast<std::uint32_t>(packed_.size()));
    packed_.push_back({id, packing, place});
    places_.add_operand(place);
  }

  /// What no kernel can write in place, for it is an input, a constant, or another output as well,
  /// is copied.
  constexpr void copy_outputs() {
    for (std::uint32_t i = 0; i < graph_.outputs.size(); ++i) {
      auto const id = graph_.outputs[i];
      auto const& where = places_[root_of(id)];
      if ((where.where == place::output && where.port == i) || is_empty(id)) continue;
      auto const place = places_.add_place({place::output, i, 0});
      copy(id, place, {layout(graph_.values[id].type), 0}, none);
    }
  }

  /// A step on the operands from `first` on.
  constexpr void add_step(std::uint32_t structure, std::size_t first, std::uint32_t node) {
    program_.steps.push_back({structure,
                              {static_cast<std::uint32_t>(first),
                               static_cast<std::uint32_t>(places_.operands() - first)},
                              node});
    program_.multiply_adds =
        saturating_add(program_.multiply_adds, program_.structures[structure].multiply_adds);
  }

  static constexpr program failed(error const& e) {
    program p;
    p.failure = e;
    return p;
  }

  Graph graph_;
  lower_options how_;
  program program_;
  value_layouts layouts_;
  fusions fused_;
  placement<Graph> places_{graph_, layouts_, program_};
  structure_table structures_{program_};
  signature_table signatures_{graph_, &layouts_};
  vector<node_form> forms_;  // of the nodes of each signature
  signature_table groups_{graph_, &layouts_};
  vector<group_form> group_forms_;
  vector<packed_constant> packed_;
  index_table packed_table_;
  vector<bordered_copy> copies_;
  vector<value_id> copy_of_;  // the place of the contiguous copy of each value, once one is wanted
  vector<char> is_copied_;
  vector<char> is_cleared_;  // of each image, whether its border is
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
