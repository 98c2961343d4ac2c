// Elements that repeat.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/string_view.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/op/squeeze.hpp"
#include "inlay/op/view.hpp"

namespace inlay::inline INLAY_VERSION {
namespace op {

/// The input as it broadcasts with the shape that the second input gives. Where that input is
/// computed from what is not known, the output has no shape.
///   {3, 1} to {2, 1, 4} → {2, 3, 4}                                        ONNX: Expand, since 8
struct expand {
  static constexpr string_view name = "Expand";
  static constexpr int since = 8;
  static constexpr arity inputs{2, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    auto const& list = n.input(1);
    if (list.element != element_type::int64 || list.shape.size() != 1 || list.shape[0] > max_rank) {
      return make_error(rule::a_shape_must_have_at_most_8_axes, "the shape (input 1) is ",
                        list.element, " of shape ", list.shape,
                        ", where a list of at most 8 int64 is expected");
    }
    if (!n.has_elements(1) || list.shape[0] < 0) return detail::without_shape(x.element);
    shape to;
    for (int i = 0; i < list.shape[0]; ++i) {
      auto const element = n.element(1, static_cast<std::size_t>(i));
      if (element.is_number && element.value < 0) {
        return make_error(rule::an_extent_must_not_be_negative, "extent ", i,
                          " of the new shape is ", element.value);
      }
      to.push_back(element.value);
    }
    auto const y = broadcast(x.shape, to, n.dimensions());
    if (!y) return y.failure();
    return tensor_type{x.element, *y};
  }

  static constexpr bool view_of_input(auto const& n, int, tensor_view& v) {
    v.lies = broadcast_to(v.lies, n.output(0).shape);
    return true;
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
