// Axes of extent 1 come and go.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/string_view.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/op/view.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// The axes that a node names in its second input.
struct named_axes {
  bool is_known = true;  // false where they are computed
  bool is_given = false;
  bool is_named[max_rank]{};
  int count = 0;
};

/// Axes of a tensor of `rank` axes, each once.
constexpr result<named_axes> axes_of(auto const& n, int rank) {
  named_axes axes;
  axes.is_given = n.has_input(1);
  if (!axes.is_given) return axes;
  auto const& list = n.input(1);
  if (list.element != element_type::int64 || list.shape.size() != 1) {
    return make_error(rule::an_attribute_must_be_in_range, "the axes (input 1) are ", list.element,
                      " of shape ", list.shape, ", where a list of int64 is expected");
  }
  axes.is_known = n.has_elements(1);
  for (std::int64_t i = 0; axes.is_known && i < list.shape[0]; ++i) {
    auto const element = n.element(1, static_cast<std::size_t>(i));
    if (!element.is_number) {
      axes.is_known = false;
      break;
    }
    auto const axis = element.value;
    int const found = axis_of(axis, rank);
    if (found < 0) {
      return make_error(rule::the_axis_must_be_within_the_rank, "axis ", axis, " is outside of ",
                        rank, " axes");
    }
    if (axes.is_named[found]) {
      return make_error(rule::the_axis_must_be_within_the_rank, "axis ", axis, " is named twice");
    }
    axes.is_named[found] = true;
    ++axes.count;
  }
  return axes;
}

/// A type of which only the element is known.
constexpr tensor_type without_shape(element_type element) {
  tensor_type t;
  t.element = element;
  return t;
}

}  // namespace detail

namespace op {

/// The input without the named axes, or without all of extent 1. `convert_opset` brings the form of
/// opsets before 13 to this one.   {2, 1, 3, 1} without {1} → {2, 3, 1}     ONNX: Squeeze, since 1
struct squeeze {
  static constexpr string_view name = "Squeeze";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    auto const axes = detail::axes_of(n, x.shape.size());
    if (!axes) return axes.failure();
    // Which extents are 1 nobody knows while some have no value.
    if (!axes->is_known || (!axes->is_given && has_symbol(x.shape))) {
      return detail::without_shape(x.element);
    }
    shape y;
    for (int i = 0; i < x.shape.size(); ++i) {
      auto const extent = x.shape[i];
      bool const goes = axes->is_given ? axes->is_named[i] : extent == 1;
      if (!goes) y.push_back(extent);
      else if (!n.can_equal(extent, 1)) {
        return make_error(rule::the_number_of_elements_must_stay, "axis ", i,
                          " of the input of shape ", x.shape, " has not the extent 1");
      }
    }
    return tensor_type{x.element, y};
  }
  static constexpr bool view_of_input(auto const& n, int, tensor_view& v) {
    return see_as(v.lies, n.output(0).shape);
  }
  static constexpr bool view_of_output(auto const& n, int, tensor_view& v) {
    return see_as(v.lies, n.input_shape(0));
  }
};

/// The input with axes of extent 1, which are named as the result counts them. `convert_opset`
/// brings the form of opsets before 13 to this one.   {2, 3} with {0, 3} → {1, 2, 3, 1}
///                                                                        ONNX: Unsqueeze, since 1
struct unsqueeze {
  static constexpr string_view name = "Unsqueeze";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    if (!n.has_input(1)) {
      return make_error(rule::an_attribute_must_have_a_value, "no axes are given");
    }
    auto const& list = n.input_shape(1);
    auto const added = list.size() == 1 ? list[0] : 0;
    if (added < 0) return detail::without_shape(x.element);
    if (added > max_rank - x.shape.size()) {
      return make_error(rule::a_shape_must_have_at_most_8_axes, "the result has ",
                        added + x.shape.size(), " axes; at most 8 are supported");
    }
    auto const rank = x.shape.size() + static_cast<int>(added);
    auto const axes = detail::axes_of(n, rank);
    if (!axes) return axes.failure();
    if (!axes->is_known) return detail::without_shape(x.element);
    shape y;
    int next = 0;
    for (int i = 0; i < rank; ++i) y.push_back(axes->is_named[i] ? 1 : x.shape[next++]);
    return tensor_type{x.element, y};
  }
  static constexpr bool view_of_input(auto const& n, int, tensor_view& v) {
    return see_as(v.lies, n.output(0).shape);
  }
  static constexpr bool view_of_output(auto const& n, int, tensor_view& v) {
    return see_as(v.lies, n.input_shape(0));
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
