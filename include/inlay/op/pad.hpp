// Elements around a tensor.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/checked.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/op/slice.hpp"
#include "inlay/op/squeeze.hpp"
#include "inlay/op/view.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// How many elements come in front of each axis and behind it; some may go instead.
struct padding {
  bool is_known = true;
  std::int64_t before[max_rank]{};
  std::int64_t after[max_rank]{};
};

/// Above, padding is nothing anybody means, and sums of it could overflow.
inline constexpr std::int64_t largest_padding = std::int64_t{1} << 40;

/// What the pads (input 1) and the axes (input 3) of a node say.
constexpr result<padding> padding_of(auto const& n, int rank) {
  padding p;
  if (auto e = check_integers(n, 1, "pads")) return e;
  if (n.has_input(3)) {
    if (auto e = check_integers(n, 3, "axes")) return e;
  }
  auto const axes = n.has_input(3) ? n.input_shape(3)[0] : rank;
  if (axes >= 0 && !n.can_equal(n.input_shape(1)[0], 2 * axes)) {
    return make_error(rule::an_attribute_must_be_in_range, "there are ", shape{n.input_shape(1)[0]},
                      " pads, where ", 2 * axes, " are expected");
  }
  p.is_known = axes >= 0 && n.has_elements(1) && (!n.has_input(3) || n.has_elements(3));
  bool is_named[max_rank]{};
  for (std::int64_t i = 0; p.is_known && i < axes; ++i) {
    auto const at = static_cast<std::size_t>(i);
    auto const named = n.has_input(3) ? n.element(3, at) : shape_element{i, true};
    auto const before = n.element(1, at);
    auto const after = n.element(1, at + static_cast<std::size_t>(axes));
    p.is_known = named.is_number && before.is_number && after.is_number;
    if (!p.is_known) break;
    int const axis = axis_of(named.value, rank);
    if (axis < 0 || is_named[axis]) {
      return make_error(rule::the_axis_must_be_within_the_rank, "axis ", named.value,
                        axis < 0 ? " is outside of the input's axes" : " is named twice");
    }
    is_named[axis] = true;
    for (auto const pad : {before.value, after.value}) {
      if (pad < -largest_padding || pad > largest_padding) {
        return make_error(rule::an_attribute_must_be_in_range, "a pad of ", pad, " is too large");
      }
    }
    p.before[axis] = before.value;
    p.after[axis] = after.value;
  }
  return p;
}

}  // namespace detail

namespace op {

/// The input with elements around it, as many as the pads (input 1) say in front of each axis, or
/// of the axes that input 3 names, and then behind each. They are the constant (input 2, or 0), or
/// what `mode` says: those at the `edge`, those that a mirror at the edge shows (`reflect`), or
/// those of the other end (`wrap`). Where a pad is negative, elements go. `convert_opset` brings
/// the form of opsets before 11 to this one.   {2, 3} with pads {0, 1, 0, -2} → {2, 2}     ONNX:
/// Pad, since 2
struct pad {
  static constexpr string_view name = "Pad";
  static constexpr int since = 2;
  static constexpr arity inputs{2, 4};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {{"mode", attribute_kind::text}};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    auto const mode = n.text("mode", "constant");
    bool const is_constant = mode == "constant";
    if (!is_constant && mode != "edge" && mode != "reflect" && mode != "wrap") {
      return make_error(rule::an_attribute_must_be_in_range, "attribute 'mode' is '", mode,
                        "', which is not one of constant, edge, reflect, wrap");
    }
    if (n.has_input(2) && (n.input(2).element != x.element || n.input_shape(2).size() > 1 ||
                           (n.input_shape(2).size() == 1 && n.input_shape(2)[0] != 1))) {
      return make_error(rule::element_types_of_the_inputs_must_agree, "the constant (input 2) is ",
                        n.input(2).element, " of shape ", n.input_shape(2), ", where one ",
                        x.element, " is expected");
    }
    auto const p = detail::padding_of(n, x.shape.size());
    if (!p) return p.failure();
    auto y = x.shape;
    if (!p->is_known) {
      for (int i = 0; i < y.size(); ++i) y[i] = n.extent_of(dimension_sum::unknown());
      return tensor_type{x.element, y};
    }
    for (int i = 0; i < y.size(); ++i) {
      auto const before = p->before[i];
      auto const after = p->after[i];
      if (y[i] < 0) {
        y[i] = n.extent_of(n.sum_of(y[i]) + dimension_sum(before + after));
        continue;
      }
      auto const extent = y[i];
      y[i] = saturating_add(extent, before + after);
      if (y[i] < 0 || saturating_add(extent, before < 0 ? before : 0) < 0) {
        return make_error(rule::an_extent_must_not_be_negative, "axis ", i, " of ", extent,
                          " elements loses more than it has");
      }
      // What is shown twice must be there.
      auto const most = mode == "reflect" ? extent - 1 : mode == "wrap" ? extent : INT64_MAX;
      if (!is_constant && (before < 0 || after < 0 || (y[i] != 0 && extent == 0) || before > most ||
                           after > most)) {
        return make_error(rule::an_attribute_must_be_in_range, "axis ", i, " of ", extent,
                          " elements has pads of ", before, " and ", after, ", which mode '", mode,
                          "' does not give");
      }
    }
    return tensor_type{x.element, y};
  }

  /// Where the input is, as far as the output shows it.
  static constexpr bool view_of_output(auto const& n, int input, tensor_view& v) {
    if (input != 0) return false;
    auto const p = detail::padding_of(n, v.lies.extents.size());
    auto const& x = n.input_shape(0);
    for (int i = 0; i < x.size(); ++i) {
      take(v, i, positive(p->before[i]), 1,
           x[i] - positive(-p->before[i]) - positive(-p->after[i]));
    }
    return true;
  }
  static constexpr void crop(auto const& n, tensor_view& v) {
    auto const p = detail::padding_of(n, v.lies.extents.size());
    for (int i = 0; i < v.lies.extents.size(); ++i) {
      auto const first = positive(-p->before[i]);
      take(v, i, first, 1, v.lies.extents[i] - first - positive(-p->after[i]));
    }
  }
  /// Axis by axis, what is in front of the part that is there so far, and what is behind it.
  static constexpr vector<view_fill> fills(auto const& n, tensor_view const& y) {
    int const rank = y.lies.extents.size();
    auto const p = detail::padding_of(n, rank);
    auto const mode = n.text("mode", "constant");
    vector<view_fill> all;
    tensor_view part = y;
    for (int i = 0; i < rank; ++i) {
      auto const before = positive(p->before[i]);
      part.offset += before * y.lies.strides[i];
      part.lies.extents[i] -= before + positive(p->after[i]);
    }
    for (int i = 0; i < rank; ++i) {
      auto const extent = part.lies.extents[i];
      auto const whole = part.lies.strides[i];
      auto const before = positive(p->before[i]);
      auto const after = positive(p->after[i]);
      auto const add = [&](std::int64_t first, std::int64_t count, std::int64_t from,
                           std::int64_t step) {
        if (count == 0) return;
        view_fill f{part, part, mode == "constant"};
        take(f.to, i, first, 1, count);
        if (f.is_constant) f.from = {layout(y.lies.element, shape{}), 0};
        else take(f.from, i, from, step, count);
        all.push_back(f);
      };
      if (mode == "edge") {
        add(-before, before, 0, 0);
        add(extent, after, extent - 1, 0);
      } else if (mode == "reflect") {
        add(-before, before, before, -1);
        add(extent, after, extent - 2, -1);
      } else {
        add(-before, before, extent - before, 1);
        add(extent, after, 0, 1);
      }
      part.offset -= before * whole;
      part.lies.extents[i] = before + extent + after;
    }
    return all;
  }

 private:
  static constexpr std::int64_t positive(std::int64_t x) { return x > 0 ? x : 0; }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
