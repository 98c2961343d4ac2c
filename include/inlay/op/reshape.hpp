// Operators that only look at the same elements under another shape.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/string_view.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/op/view.hpp"

namespace inlay::inline INLAY_VERSION {
namespace op {

/// The input as a matrix: axes before `axis` make the rows, the others the columns.
/// {2, 3, 4} at axis 1 → {2, 12}                                            ONNX: Flatten, since 1
struct flatten {
  static constexpr string_view name = "Flatten";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {{"axis", attribute_kind::integer}};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input_shape(0);
    auto const axis = n.integer("axis", 1);
    // Axis `rank` is allowed: everything becomes rows.
    if (axis < -x.size() || axis > x.size()) {
      return make_error(rule::the_axis_must_be_within_the_rank, "axis ", axis,
                        " is outside of the input's ", x.size(), " axes");
    }
    auto const split = static_cast<int>(axis < 0 ? axis + x.size() : axis);
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    if (!n.count(x, 0, split, rows) || !n.count(x, split, x.size(), columns)) {
      return make_error(rule::a_tensor_must_fit_in_memory, "the input of shape ", x,
                        " is too large");
    }
    return tensor_type{n.input(0).element, {rows, columns}};
  }
  static constexpr bool view_of_input(auto const& n, int, tensor_view& v) {
    return see_as(v.lies, n.output(0).shape);
  }
  static constexpr bool view_of_output(auto const& n, int, tensor_view& v) {
    return see_as(v.lies, n.input_shape(0));
  }
};

/// The input under the shape that the second input gives: 0 keeps an extent (unless `allowzero`),
/// one -1 takes what is left. {2, 3, 4} to {0, -1} → {2, 12}. Where that input is computed from
/// what is not known, the output has no shape. ONNX: Reshape, since 5
struct reshape {
  static constexpr string_view name = "Reshape";
  static constexpr int since = 5;
  static constexpr arity inputs{2, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {{"allowzero", attribute_kind::integer}};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input_shape(0);
    auto const& list = n.input(1);
    if (list.element != element_type::int64 || list.shape.size() != 1 || list.shape[0] > max_rank) {
      return make_error(rule::a_shape_must_have_at_most_8_axes, "the shape (input 1) is ",
                        list.element, " of shape ", list.shape,
                        ", where a list of at most 8 int64 is expected");
    }
    if (!n.has_elements(1)) {
      tensor_type open;
      open.element = n.input(0).element;
      return open;
    }
    bool const keep_zero = n.integer("allowzero", 0) == 0;
    shape y;
    int rest = -1;
    for (int i = 0; i < list.shape[0]; ++i) {
      auto const element = n.element(1, static_cast<std::size_t>(i));
      auto extent = element.value;
      if (!element.is_number) {
        y.push_back(extent);
        continue;
      }
      if (extent == 0 && keep_zero) {
        if (i >= x.size()) {
          return make_error(rule::the_axis_must_be_within_the_rank, "extent ", i,
                            " of the new shape is kept, but the input has ", x.size(), " axes");
        }
        extent = x[i];
      } else if (extent == -1 && rest < 0) {
        rest = i;
        extent = 1;
      } else if (extent < 0) {
        return make_error(rule::an_extent_must_not_be_negative, "extent ", i,
                          " of the new shape is ", extent);
      }
      y.push_back(extent);
    }
    if (has_symbol(x) || has_symbol(y)) return infer_dimensions(n, x, y, rest);
    std::int64_t before = 0;
    std::int64_t after = 0;
    if (!count_elements(x, 0, x.size(), before) || !count_elements(y, 0, y.size(), after)) {
      return make_error(rule::a_tensor_must_fit_in_memory, "the shape ", y, " is too large");
    }
    if (rest >= 0 && after == 0) {
      return make_error(rule::the_number_of_elements_must_stay, "the new shape ", y,
                        " has an extent of 0, so that nothing decides what its -1 stands for");
    }
    if (rest >= 0 && before % after == 0) {
      y[rest] = before / after;
      after = before;
    }
    if (before != after) {
      return make_error(rule::the_number_of_elements_must_stay, "the input of shape ", x, " has ",
                        before, " elements, the new shape ", y, " has ", after);
    }
    return tensor_type{n.input(0).element, y};
  }

  static constexpr bool view_of_input(auto const& n, int, tensor_view& v) {
    return see_as(v.lies, n.output(0).shape);
  }
  static constexpr bool view_of_output(auto const& n, int, tensor_view& v) {
    return see_as(v.lies, n.input_shape(0));
  }

 private:
  /// The same where some extents have no value; at `rest` stands 1 for what is left.
  static constexpr result<tensor_type> infer_dimensions(auto const& n, shape const& x, shape y,
                                                        int rest) {
    auto const before = n.product(x, 0, x.size());
    auto const after = n.product(y, 0, y.size());
    if (rest >= 0 && after.is_number() && after.number() == 0) {
      return make_error(rule::the_number_of_elements_must_stay, "the new shape ", y,
                        " has an extent of 0, so that nothing decides what its -1 stands for");
    }
    if (rest >= 0) y[rest] = n.extent_of(n.dimensions()->divide_down(before, after));
    else if (!n.dimensions()->can_equal(before, after)) {
      return make_error(rule::the_number_of_elements_must_stay, "the input of shape ", x,
                        " has never as many elements as the new shape ", y);
    }
    return tensor_type{n.input(0).element, y};
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
