// Tensors one after the other.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/string_view.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/op/view.hpp"

namespace inlay::inline INLAY_VERSION {
namespace op {

/// The inputs one after the other along `axis`.
///   {2, 3} and {2, 1} along 1 → {2, 4}                                     ONNX: Concat, since 4
struct concat {
  static constexpr string_view name = "Concat";
  static constexpr int since = 4;
  static constexpr arity inputs{1, 4096};
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {{"axis", attribute_kind::integer}};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    if (!n.has_attribute("axis")) {
      return make_error(rule::an_attribute_must_have_a_value, "attribute 'axis' is left out");
    }
    auto const given = n.integer("axis", 0);
    int const axis = axis_of(given, x.shape.size());
    if (axis < 0) {
      return make_error(rule::the_axis_must_be_within_the_rank, "axis ", given,
                        " is outside of the input's ", x.shape.size(), " axes");
    }
    auto y = x.shape;
    for (int i = 1; i < n.inputs(); ++i) {
      if (!n.has_input(i)) {
        return make_error(rule::the_number_of_inputs_must_match_the_operator, "input ", i,
                          " is left out, but needed");
      }
      auto const& next = n.input_shape(i);
      bool fits = next.size() == y.size();
      for (int a = 0; fits && a < y.size(); ++a) fits = a == axis || n.can_equal(next[a], y[a]);
      if (!fits) {
        return make_error(rule::shapes_must_broadcast, "input ", i, " of shape ", next,
                          " differs from input 0 of shape ", x.shape, " along another axis than ",
                          axis);
      }
      y[axis] = n.add(y[axis], next[axis]);
      for (int a = 0; a < y.size(); ++a) {
        if (y[a] < 0 && a != axis && next[a] >= 0) y[a] = next[a];
      }
    }
    return tensor_type{x.element, y};
  }

  static constexpr bool view_of_output(auto const& n, int input, tensor_view& v) {
    int const axis = axis_of(n.integer("axis", 0), v.lies.extents.size());
    std::int64_t first = 0;
    for (int i = 0; i < input; ++i) first += n.input_shape(i)[axis];
    take(v, axis, first, 1, n.input_shape(input)[axis]);
    return true;
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
