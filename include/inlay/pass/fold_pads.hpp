// Moves the padding of images into the windows that look at them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/bytes.hpp"
#include "inlay/core/least_value.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/op/list.hpp"
#include "inlay/pass/folding_budget.hpp"
#include "inlay/pass/remove_parts.hpp"
#include "inlay/pass/value_uses.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Folds the Pads of one graph, whose types are known.
template <class Graph> class pad_folder {
  struct window_pads {
    vector<std::int64_t> of;  // in front of each axis, then behind each
    bool are_known = false;
    bool have_own = false;  // the window pads too
  };

  /// What the window of `n` pads with once it pads as `pad` does as well.
  constexpr window_pads pads_of(node const& pad, node const& n) const {
    node_view const p(*graph_, pad);
    node_view const w(*graph_, n);
    window_pads all;
    auto const& x = p.input(0);
    int const rank = x.shape.size();
    auto const auto_pad = w.text("auto_pad", "NOTSET");
    if (!x.has_shape || rank < 3 || is_same(auto_pad) || p.text("mode", "constant") != "constant" ||
        !is_list(p, pad, 1) || (p.has_input(3) && !is_list(p, pad, 3))) {
      return all;
    }
    auto const added = padding_of(p, rank);
    if (!added) return all;
    for (int i = 0; i < rank; ++i) {
      auto const before = added->before[i];
      auto const after = added->after[i];
      if (before < 0 || after < 0 || (i < 2 && (before > 0 || after > 0))) return all;
    }
    auto const own = auto_pad == "NOTSET" ? w.integers("pads") : span<std::int64_t const>{};
    auto const axes = rank - 2;
    for (int i = 0; i < 2 * axes; ++i) {
      auto const of_window = value_or(own, static_cast<std::size_t>(i), 0);
      all.have_own = all.have_own || of_window != 0;
      all.of.push_back(of_window + (i < axes ? added->before[i + 2] : added->after[i - axes + 2]));
    }
    all.are_known = true;
    return all;
  }
  /// Whether an input is a list whose numbers are at hand.
  constexpr bool is_list(node_view const& p, node const& pad, int input) const {
    return p.has_input(input) &&
           is_foldable(*graph_, graph_->inputs_of(pad)[static_cast<std::size_t>(input)]);
  }

  /// Whether what `pad` pads with counts for the window of `n` as its own padding does.
  constexpr bool is_neutral(node const& pad, node const& n, window_pads const& pads) const {
    node_view const p(*graph_, pad);
    bool const is_given = p.has_input(2);
    if (is_given && !is_list(p, pad, 2)) return false;
    if (is<op::average_pool>(n) && pads.have_own &&
        node_view(*graph_, n).integer("count_include_pad", 0) == 0) {
      return false;
    }
    bool fits = false;
    with_type(p.input(0).element, op::max_pool::types{}, [&]<class T>(T x) {
      if (is_given) x = read<T>(graph_->inputs_of(pad)[2]);
      if (is<op::max_pool>(n)) {
        fits = x == least_value<T>() || (is_below(x, graph_->inputs_of(pad)[0]) &&
                                         all_touch_image(n, p.input(0).shape, pads));
      } else {
        fits = x == T{0};
      }
    });
    return fits;
  }
  template <class T> constexpr T read(value_id id) const {
    return read_little_endian<T>(graph_->bytes_of(graph_->constants[graph_->values[id].constant]),
                                 0);
  }
  /// Whether no finite element of an image is less: where x is the lowest number, and 0 behind a
  /// Relu.
  template <class T> constexpr bool is_below(T const& x, value_id image) const {
    if (x == lowest_finite<T>()) return true;
    auto const maker = uses_.producer[image];
    return x == T{0} && maker != value_uses<Graph>::not_a_node &&
           is<op::relu>(graph_->nodes[maker]);
  }
  /// Whether no window lies on its padding as a whole.
  constexpr bool all_touch_image(node const& n, shape const& image, window_pads const& pads) const {
    node_view const w(*graph_, n);
    auto const sizes = w.integers("kernel_shape");
    for (auto const dilation : w.integers("dilations")) {
      if (dilation != 1) return false;
    }
    for (std::size_t i = 0; i < pads.of.size(); ++i) {
      auto const axis = i % sizes.size();
      if (pads.of[i] >= sizes[axis] || image[static_cast<int>(axis) + 2] == 0) return false;
    }
    return true;
  }

  /// Gives the window its new pads, and has it read x.
  constexpr void rewrite(node& n, value_id x, window_pads const& pads) {
    auto& g = *graph_;
    auto const inputs = n.inputs;
    n.inputs.first = static_cast<std::uint32_t>(g.operands.size());
    g.operands.push_back(x);
    for (std::uint32_t i = 1; i < inputs.count; ++i) {
      value_id const other = g.operands[inputs.first + i];
      g.operands.push_back(other);
    }
    auto const attributes = n.attributes;
    n.attributes = {static_cast<std::uint32_t>(g.attributes.size()), 0};
    for (std::uint32_t i = 0; i < attributes.count; ++i) {
      auto const a = g.attributes[attributes.first + i];
      if (a.name == "auto_pad" || a.name == "pads" || a.name == "count_include_pad") continue;
      g.attributes.push_back(a);
      ++n.attributes.count;
    }
    add_attribute(n, "pads", attribute_kind::integers, {pads.of.data(), pads.of.size()});
    std::int64_t const one[] = {1};
    if (is<op::average_pool>(n)) {
      add_attribute(n, "count_include_pad", attribute_kind::integer, one);
    }
  }
  constexpr void add_attribute(node& n, string_view name, attribute_kind kind,
                               span<std::int64_t const> values) {
    auto& g = *graph_;
    range const held{static_cast<std::uint32_t>(g.integers.size()),
                     static_cast<std::uint32_t>(values.size())};
    g.integers.append(values.data(), values.size());
    g.attributes.push_back({name, kind, held});
    ++n.attributes.count;
  }

 public:
  constexpr explicit pad_folder(Graph& g) : graph_(&g), uses_(g), known_(g) {}

  static constexpr std::uint32_t none = value_uses<Graph>::not_a_node;

  /// Lets the window of `n` pad as the Pad before it does; which node that is, or `none`.
  constexpr std::uint32_t fold(node& n) {
    auto& g = *graph_;
    auto const padded = g.inputs_of(n)[0];
    auto const index = uses_.producer[padded];
    if (index == none || uses_.count[padded] != 1 || !is<op::pad>(g.nodes[index])) return none;
    auto const& pad = g.nodes[index];
    auto const pads = pads_of(pad, n);
    if (!pads.are_known || !is_neutral(pad, n, pads)) return none;
    auto const before = n;
    rewrite(n, g.inputs_of(pad)[0], pads);
    // A last window that ceil_mode adds may start behind the image, and its own padding not.
    auto const type = entry_of<Graph>(n.op).infer({g, n, &known_}, 0);
    if (type && *type == g.values[g.outputs_of(n)[0]].type) return index;
    n = before;
    return none;
  }

 private:
  Graph* graph_;
  value_uses<Graph> uses_;
  inference known_;
};

}  // namespace detail

/// A Pad of an image's rows and columns, or of a sequence, that only a convolution or a pooling
/// reads becomes the padding of its windows, if it pads with what they take padding for: zeros, or
/// before a largest pooling minus infinity, the lowest number, or zeros where a Relu is before it.
/// Runs after types are inferred. The result differs only where a largest pooling finds nothing but
/// zeros of both signs, or minus infinity beside the lowest number.
///   before   %2 = Pad(%0, %1)   %4 = Conv(%2, %3)      where %1 is 0, 0, 1, 1, 0, 0, 2, 2
///   after    %4 = Conv(%0, %3) {pads = [1, 1, 2, 2]}
template <class Graph> constexpr Graph fold_pads(Graph g) {
  if (g.failure) return g;
  bool has_any = false;
  for (auto const& n : g.nodes) has_any = has_any || n.op == id_of<op::pad>;
  if (!has_any) return g;
  detail::pad_folder folder(g);
  vector<char> is_removed(g.nodes.size(), 0);
  for (auto& n : g.nodes) {
    if (!is<op::conv>(n) && !is<op::max_pool>(n) && !is<op::average_pool>(n)) continue;
    for (auto pad = folder.fold(n); pad != folder.none; pad = folder.fold(n)) is_removed[pad] = 1;
  }
  remove_nodes(g, is_removed);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
