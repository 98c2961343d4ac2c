// How images lie in memory: their channels last, with the border that windows need around them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/kernel/window.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/lower_node.hpp"
#include "inlay/program/program.hpp"
#include "inlay/program/views.hpp"

namespace inlay::inline INLAY_VERSION {

/// The forms of a graph's values. A form is twice the number of a border, plus 1 where the value
/// itself lies so: its channels last, with the border. Otherwise a copy of it does.
struct image_layouts {
  /// Some channels of an image.
  struct part {
    value_id whole = no_value;  // none where the value is no part
    std::int64_t channels = 0;  // of the whole
    std::int64_t first = 0;
  };

  vector<std::uint32_t> forms;  // empty if everything lies as ONNX has it
  vector<image_border> borders{image_border{}};
  vector<part> parts;               // of each value; empty where there are none
  bool serves_all_extents = false;  // as `lower_options` says

  constexpr bool is_part(value_id id) const {
    return !parts.empty() && parts[id].whole != no_value;
  }
  /// The image that a value is a part of, or itself.
  constexpr value_id image_of(value_id id) const { return is_part(id) ? parts[id].whole : id; }
  constexpr std::int64_t first_channel(value_id id) const {
    return is_part(id) ? parts[id].first : 0;
  }
  constexpr std::uint32_t form_of(value_id id) const {
    return forms.empty() ? 0 : forms[image_of(id)];
  }
  constexpr bool is_channels_last(value_id id) const { return (form_of(id) & 1) != 0; }
  constexpr image_border const& border(value_id id) const { return borders[form_of(id) >> 1]; }

  /// A value of this type that lies as `id` does, or its copy: where it begins, in elements behind
  /// its border, and its strides.
  constexpr shape strides_within(value_id id, shape const& extents) const {
    auto image = border(id).around(extents);
    if (is_part(id)) image[1] = parts[id].channels;
    return channels_last_strides(image);
  }
  constexpr layout layout_of(value_id id, tensor_type const& t) const {
    layout l(t);
    if (is_channels_last(id)) l.strides = strides_within(id, t.shape);
    return l;
  }
  /// Elements between where the memory of a value begins and its first element.
  constexpr std::int64_t offset_of(value_id id, shape const& extents) const {
    if (!is_channels_last(id)) return 0;
    return border(id).offset(strides_within(id, extents)) + first_channel(id);
  }
};

namespace detail {

template <class Graph> class image_arranger {
 public:
  /// `views` says of each value what it is a view of, `places` where it must be.
  constexpr image_arranger(Graph const& g, value_views const& views, vector<location> const& places,
                           bool serves_all_extents)
      : graph_(&g), views_(&views), places_(&places) {
    layouts_.serves_all_extents = serves_all_extents;
  }

  constexpr image_layouts run() {
    auto const& g = *graph_;
    bool has_windows = false;
    for (auto const& n : g.nodes) {
      has_windows = has_windows || entry_of<Graph>(n.op).slides_over_image;
    }
    if (!has_windows) return {};
    layouts_.forms = vector<std::uint32_t>(g.values.size(), 0);
    put_channels_last();
    for (auto const& n : g.nodes) add_border(n);
    return static_cast<image_layouts&&>(layouts_);
  }

 private:
  static constexpr bool takes_any_strides(operator_id op) {
    auto const& entry = entry_of<Graph>(op);
    return entry.slides_over_image || entry.is_elementwise;
  }

  /// Images between kernels that go over all channels of a pixel have their channels last.
  constexpr void put_channels_last() {
    auto const& g = *graph_;
    // Whatever order an image has, all that look at it must take any, and so must those that write
    // parts of it.
    auto takes_any = vector<char>(g.values.size(), 1);
    find_parts(takes_any);
    for (auto const& n : g.nodes) {
      if (takes_any_strides(n.op) || entry_of<Graph>(n.op).is_view) continue;
      for (auto const id : g.inputs_of(n)) {
        if (id != no_value) takes_any[id] = 0;
      }
      takes_any[g.outputs_of(n)[0]] = 0;
    }
    for (value_id id = 0; id < layouts_.parts.size(); ++id) {
      if (takes_any[id] == 0) takes_any[layouts_.image_of(id)] = 0;
    }
    for (auto const& n : g.nodes) {
      auto const y = layouts_.image_of(g.outputs_of(n)[0]);
      if (takes_any[y] == 0 || !takes_any_strides(n.op) || (*places_)[y].where != place::nowhere ||
          g.values[y].type.shape.size() != 4) {
        continue;
      }
      bool is_image = entry_of<Graph>(n.op).slides_over_image;
      for (auto const id : g.inputs_of(n)) {
        is_image = is_image || (id != no_value && layouts_.is_channels_last(id));
      }
      if (is_image) layouts_.forms[y] = 1;
    }
    for (auto& p : layouts_.parts) {
      if (p.whole != no_value && layouts_.forms[p.whole] == 0) p.whole = no_value;
    }
  }

  /// Which views are some channels of their root; other views, and their roots, stay as they are.
  constexpr void find_parts(vector<char>& takes_any) {
    auto const& g = *graph_;
    auto const& views = views_->views;
    for (value_id id = 0; id < views.size(); ++id) {
      auto const root = views[id].root;
      if (root == id) continue;
      if (root < views.size() && is_part(id, root)) {
        if (layouts_.parts.empty()) {
          layouts_.parts = vector<image_layouts::part>(g.values.size(), image_layouts::part{});
        }
        auto const& whole = g.values[root].type.shape;
        layouts_.parts[id] = {root, whole[1], views[id].offset / (whole[2] * whole[3])};
        continue;
      }
      takes_any[id] = 0;
      if (root < takes_any.size()) takes_any[root] = 0;
    }
  }
  constexpr bool is_part(value_id id, value_id root) const {
    auto const x = views_->layout_of(id, graph_->values[id].type);
    layout const y(graph_->values[root].type);
    if (x.extents.size() != 4 || y.extents.size() != 4 || elements_of(x.extents) == 0) return false;
    for (int i = 0; i < 4; ++i) {
      if (i != 1 && x.extents[i] != y.extents[i]) return false;
      if (x.extents[i] != 1 && x.strides[i] != y.strides[i]) return false;
    }
    return views_->offset_of(id) % y.strides[1] == 0;
  }

  /// The images that a node looks at get the border that its windows need.
  constexpr void add_border(node const& n) {
    auto const& g = *graph_;
    auto const border_of = entry_of<Graph>(n.op).border;
    if (border_of == nullptr || g.attributes_of(n).empty()) return;
    auto const id = g.inputs_of(n)[0];
    if (g.values[id].type.shape.size() != 4) return;
    lower_node(g, n, lowering_);
    auto needed = border_of(lowering_);
    if (layouts_.serves_all_extents) needed = needed.with(lowering_.widest);
    auto const& extents = lowering_.inputs[0].extents;
    if (needed.is_empty() || elements_of(lowering_.outputs[0].extents) == 0 ||
        !is_in_memory(needed.around(extents))) {
      return;
    }
    auto const image = layouts_.image_of(id);
    auto& form = layouts_.forms[image];
    auto const wider = layouts_.borders[form >> 1].with(needed);
    if (is_in_memory(wider.around(g.values[image].type.shape))) {
      form = 2 * number_of(wider) + (form & 1);
    }
  }

  constexpr std::uint32_t number_of(image_border const& border) {
    std::uint32_t i = 0;
    while (i < layouts_.borders.size() && !(layouts_.borders[i] == border)) ++i;
    if (i == layouts_.borders.size()) layouts_.borders.push_back(border);
    return i;
  }

  Graph const* graph_;
  value_views const* views_;
  vector<location> const* places_;
  image_layouts layouts_;
  lowering lowering_;  // of one node at a time
};

}  // namespace detail
}  // namespace inlay::inline INLAY_VERSION
