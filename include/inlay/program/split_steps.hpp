// Steps that take long become several, which compute parts of the result at the same time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "inlay/core/checked.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/link_chain.hpp"
#include "inlay/program/overlap.hpp"
#include "inlay/program/program.hpp"
#include "inlay/program/split_work.hpp"
#include "inlay/program/step_cuts.hpp"
#include "inlay/program/structure_table.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// What can be cut of an operator's steps, and how its parameters change with a part.
struct cutting_entry {
  std::size_t inputs;  // of its kernel; those behind are the links'
  void (*find)(std::int64_t const* words, step_tensors const&, step_cuts&);
  std::int64_t (*narrow)(lowering&, step_cut const&, output_part const&);
};

template <class Operator> constexpr cutting_entry cutting_of() {
  if constexpr (is_elementwise<Operator>()) {
    return {0,
            [](std::int64_t const*, step_tensors const& t, step_cuts& to) {
              find_cuts(elements_alone{}, t, to);
            },
            [](lowering&, step_cut const&, output_part const&) { return std::int64_t{0}; }};
  } else if constexpr (requires(typename Operator::kernel k, step_tensors const& t, step_cuts& to) {
                         find_cuts(k, t, to);
                       }) {
    using kernel = typename Operator::kernel;
    return {static_cast<std::size_t>(kernel::inputs),
            [](std::int64_t const* words, step_tensors const& t, step_cuts& to) {
              find_cuts(from_words<kernel>(words), t, to);
            },
            [](lowering& l, step_cut const& c, output_part const& part) {
              auto k = from_words<kernel>(l.words.data());
              auto const offset = narrow_kernel(k, c, part, l.inputs[0]);
              l.words.clear();
              append_words(l.words, k);
              return offset;
            }};
  } else {
    return {0, nullptr, nullptr};
  }
}
template <class... Operator> struct cutting_table {
  static constexpr cutting_entry entries[] = {cutting_of<Operator>()...};
};
template <class... Operator>
constexpr cutting_table<Operator...> cuttings_of(operator_list<Operator...>) {
  return {};
}

/// Splits the steps of a program.
template <class Graph> class step_splitter {
 public:
  constexpr step_splitter(program const& p, split_options const& how) : from_(&p), how_(how) {}

  constexpr program run() {
    auto const& p = *from_;
    static_cast<program_facts&>(made_) = p;
    made_.inputs = p.inputs;
    made_.outputs = p.outputs;
    made_.weights = p.weights;
    made_.packings = p.packings;
    made_.storage = p.storage;
    whole_ = vector<std::uint32_t>(p.structures.size(), none);
    for (auto const& s : p.steps) {
      auto const first = static_cast<std::uint32_t>(made_.steps.size());
      if (!split(s)) keep(s);
      made_.groups.push_back({first, static_cast<std::uint32_t>(made_.steps.size()) - first});
    }
    return std::move(made_);
  }

 private:
  static constexpr std::uint32_t none = 0xffff'ffff;

  /// A cut into parts of the same length; the last one may be shorter.
  struct choice {
    step_cut cut;
    std::int64_t count = 1;
    std::int64_t length = 0;  // of a part, in indices of what it writes
    std::int64_t extent = 0;  // of all parts
  };

  /// The inputs of a kernel, and how many more tensors its step has instead of the first one.
  struct input_count {
    std::size_t of_kernel = 0;
    std::size_t more = 0;
  };

  constexpr span<link const> links_at(range const& place) const {
    return {from_->links.data() + place.first, place.count};
  }
  constexpr std::uint32_t intern(structure const& what, lowering const& l) {
    return structures_.intern(what.op, l, links_at(what.links), what.ending,
                              links_at(what.readers));
  }
  constexpr location const* locations_of(step const& s) const {
    return from_->locations.data() + s.locations.first;
  }
  static constexpr cutting_entry const& cutting(operator_id op) {
    using all_cuttings = decltype(cuttings_of(operators{}));
    return all_cuttings::entries[static_cast<std::size_t>(op) - 1];
  }

  /// A structure as it was lowered.
  constexpr lowering lowered(structure const& what) const {
    lowering l;
    auto const* const layouts = from_->layouts.data() + what.layouts.first;
    l.inputs.append(layouts, what.layouts.count - 1);
    l.outputs.push_back(layouts[what.layouts.count - 1]);
    l.words.append(from_->words.data() + what.words.first, what.words.count);
    l.types = what.types;
    l.multiply_adds = what.multiply_adds;
    l.sized_words = what.sized_words;
    return l;
  }

  constexpr void keep(step const& s) {
    auto& structure = whole_[s.structure];
    auto const& what = from_->structures[s.structure];
    if (structure == none) {
      structure = intern(what, lowered(what));
    }
    auto const first = static_cast<std::uint32_t>(made_.locations.size());
    made_.locations.append(locations_of(s), s.locations.count);
    made_.steps.push_back({structure, {first, s.locations.count}, s.node});
  }

  constexpr bool split(step const& s) {
    auto const& what = from_->structures[s.structure];
    auto const& entry = cutting(what.op);
    if (entry.find == nullptr) return false;
    auto const l = lowered(what);
    auto const parts = most_parts(l, what);
    if (parts < 2 || !has_whole_bytes(l)) return false;
    bool const is_pooled = what.ending == id_of<op::max_pool>;
    step_tensors const tensors{{l.inputs.data(), l.inputs.size()},
                               l.outputs[0],
                               what.ending != operator_id::unlisted && !is_pooled,
                               is_pooled,
                               what.readers.count != 0};
    auto const more = tensors_more(what, from_->links.data());
    step_cuts cuts;
    entry.find(l.words.data(), tensors, cuts);
    choice best;
    for (auto const& c : cuts) {
      if (is_safe(s, l, c, {entry.inputs, more})) improve(best, c, l.outputs[0], parts);
    }
    for (std::int64_t i = 0; i < best.count && best.count > 1; ++i) {
      add_part(s, l, best, i, {entry.inputs, more}, is_pooled);
    }
    return best.count > 1;
  }

  /// How many parts there may be that are worth it.
  constexpr std::int64_t most_parts(lowering const& l, structure const& what) const {
    if (how_.least_work < 1) return how_.parts;
    auto const most = work_of(l, what) / how_.least_work;
    return most < how_.parts ? most : how_.parts;
  }
  /// What a step has to do, in multiply-adds: to read or to write an element takes as long as a few
  /// of those in vectors, and to compute one by an element operator several.
  constexpr std::int64_t work_of(lowering const& l, structure const& what) const {
    constexpr std::int64_t of_access = 8;
    constexpr std::int64_t of_operation = 16;
    std::int64_t accesses = 0;
    for (auto const& x : l.inputs) accesses = saturating_add(accesses, distinct_elements(x));
    auto const& y = l.outputs[0];
    auto const computed =
        entry_of<Graph>(what.op).is_elementwise ? what.links.count + 1u : what.links.count;
    accesses = saturating_add(accesses, distinct_elements(y));
    auto const all = saturating_add(saturating_multiply(accesses, of_access), l.multiply_adds);
    auto const read = saturating_multiply(elements_of(l.inputs[0].extents), what.readers.count);
    auto const made = saturating_multiply(elements_of(y.extents), computed);
    return saturating_add(all, saturating_multiply(saturating_add(read, made), of_operation));
  }
  static constexpr std::int64_t distinct_elements(layout const& x) {
    if (x.element == element_type::undefined) return 0;
    std::int64_t count = 1;
    for (int i = 0; i < x.extents.size(); ++i) {
      if (x.strides[i] != 0) count = saturating_multiply(count, x.extents[i]);
    }
    return count;
  }
  /// Elements that share a byte cannot be written at the same time.
  static constexpr bool has_whole_bytes(lowering const& l) {
    for (auto const& x : l.inputs) {
      if (x.element != element_type::undefined && bits_of(x.element) < 8) return false;
    }
    return bits_of(l.outputs[0].element) >= 8;
  }

  /// Takes a cut if its largest part is smaller than that of the best one.
  static constexpr void improve(choice& best, step_cut const& c, layout const& y,
                                std::int64_t parts) {
    auto const extent = y.extents[c.output.axis];
    auto const units = divide_up(extent, c.output.unit);
    for (auto most = parts < units ? parts : units; most > 1; --most) {
      auto const length = divide_up(units, most) * c.output.unit;
      auto const count = divide_up(extent, length);
      auto const last = extent - (count - 1) * length;
      if (count < 2 || last < c.least || length < c.least) continue;
      auto const is_smaller =
          best.count == 1 || static_cast<double>(length) * static_cast<double>(best.extent) <
                                 static_cast<double>(best.length) * static_cast<double>(extent);
      if (is_smaller) {
        best.cut = c;
        best.count = count;
        best.length = length;
        best.extent = extent;
      }
    }
  }

  /// Whether no part reads what another one writes: an input that lies where the output does is
  /// that itself, cut as it is.
  constexpr bool is_safe(step const& s, lowering const& l, step_cut const& c,
                         input_count const& inputs) const {
    auto const* const at = locations_of(s);
    auto const& y = l.outputs[0];
    auto const& to = at[l.inputs.size()];
    for (std::size_t i = 0; i < l.inputs.size(); ++i) {
      auto const& x = l.inputs[i];
      if (!do_overlap(x, at[i], y, to)) continue;
      bool const is_same = at[i].offset == to.offset && x == y;
      auto const& axis = axis_of_input(c, i, inputs);
      if (!is_same || c.parameter != cut_parameter::none || !(axis == c.output)) return false;
    }
    return true;
  }
  static constexpr cut_axis const& axis_of_input(step_cut const& c, std::size_t i,
                                                 input_count const& inputs) {
    if (i <= inputs.more) i = 0;
    else i -= inputs.more;
    return i < inputs.of_kernel ? c.inputs[i] : c.output;
  }

  /// Part `number` of a step.
  constexpr void add_part(step const& s, lowering const& whole, choice const& how,
                          std::int64_t number, input_count const& inputs, bool is_pooled) {
    auto const& what = from_->structures[s.structure];
    auto const& c = how.cut;
    auto l = whole;
    auto const begin = number * how.length;
    auto const end = begin + how.length < how.extent ? begin + how.length : how.extent;
    auto const first = static_cast<std::uint32_t>(made_.locations.size());
    made_.locations.append(locations_of(s), s.locations.count);
    auto* const at = made_.locations.data() + first;
    auto const move = [&](std::size_t i, layout const& t, std::int64_t elements) {
      at[i].offset += elements * bits_of(t.element) / 8;
    };
    bool const is_window =
        c.parameter == cut_parameter::rows || c.parameter == cut_parameter::columns;
    std::int64_t const by = is_window && is_pooled ? 2 : 1;
    auto const moved = cutting(what.op).narrow(l, c, {by * begin, by * end, by * how.extent});
    if (moved != 0) move(0, l.inputs[0], moved);
    auto const units = begin / c.output.unit;
    auto const unit_end = divide_up(end, c.output.unit);
    for (std::size_t i = 0; i <= l.inputs.size(); ++i) {
      bool const is_output = i == l.inputs.size();
      auto& t = is_output ? l.outputs[0] : l.inputs[i];
      auto const& axis = is_output ? c.output : axis_of_input(c, i, inputs);
      if (axis.axis < 0 || t.element == element_type::undefined) continue;
      auto& extent = t.extents[axis.axis];
      auto const from = units * axis.unit;
      auto const to = unit_end * axis.unit < extent ? unit_end * axis.unit : extent;
      move(i, t, from * t.strides[axis.axis]);
      extent = to - from;
    }
    l.multiply_adds = share_of(whole.multiply_adds, end, how.extent) -
                      share_of(whole.multiply_adds, begin, how.extent);
    made_.steps.push_back({intern(what, l), {first, s.locations.count}, s.node});
  }
  /// all · part / count, of numbers up to 2^63.
  static constexpr std::int64_t share_of(std::int64_t all, std::int64_t part, std::int64_t count) {
    return all / count * part + all % count * part / count;
  }

  program const* from_;
  split_options how_;
  program made_;
  structure_table structures_{made_};
  vector<std::uint32_t> whole_;  // of each structure, what it is where it is not split
};

}  // namespace detail

/// The same program with the steps that have enough to do split: `groups` says which of the steps
/// are parts of one, as many groups as there were steps. Outputs are split, never sums, so that
/// what is computed has the same bits, and is where it was. A step that could write what another
/// part of it reads stays whole.
///   MatMul 128x768 by 768x768 in 2 parts → two of 64x768, with the same weights
template <class Graph> constexpr program split_steps(program const& p, split_options const& how) {
  return detail::step_splitter<Graph>(p, how).run();
}

}  // namespace inlay::inline INLAY_VERSION
