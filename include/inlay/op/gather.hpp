// Rows that indices choose.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/kernel/row_gathering.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/op/index_range.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

inline constexpr attribute_rule gather_attributes[] = {{"axis", attribute_kind::integer}};

}  // namespace detail

namespace op {

/// The parts of the input along `axis` (0) that indices (input 1) choose, which count from the end
/// where they are negative. `split_operators` makes indices int64, and a Slice of one index or a
/// run of them that are constants.   {5, 4} by {2, 3} → {2, 3, 4}
/// *Errors*: a constant that is outside; while a model runs, sessions say so, and everything else
/// takes the nearest part.                                                     ONNX: Gather, since
/// 1
struct gather {
  static constexpr string_view name = "Gather";
  static constexpr int since = 1;
  static constexpr arity inputs{2, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::gather_attributes;
  using types = stored_types;
  using kernel = row_gathering;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    auto const& indices = n.input(1);
    if (indices.element != element_type::int64 && indices.element != element_type::int32) {
      return make_error(rule::the_element_type_must_be_supported, "the indices (input 1) are ",
                        indices.element, ", where int64 or int32 is expected");
    }
    auto const axis = axis_of(n.integer("axis", 0), x.shape.size());
    if (axis < 0) {
      return make_error(rule::the_axis_must_be_within_the_rank, "axis ", n.integer("axis", 0),
                        " is outside of the input's ", x.shape.size(), " axes");
    }
    auto const rank = x.shape.size() - 1 + indices.shape.size();
    if (rank > max_rank) {
      return make_error(rule::a_shape_must_have_at_most_8_axes, "the result has ", rank,
                        " axes; at most 8 are supported");
    }
    if (auto e = check_constant(n, x.shape[axis])) return e;
    shape y;
    for (int i = 0; i < axis; ++i) y.push_back(x.shape[i]);
    for (int i = 0; i < indices.shape.size(); ++i) y.push_back(indices.shape[i]);
    for (int i = axis + 1; i < x.shape.size(); ++i) y.push_back(x.shape[i]);
    return tensor_type{x.element, y};
  }

  static constexpr void lower(auto const& n, lowering& l) {
    auto const& x = n.input_shape(0);
    auto const axis = axis_of(n.integer("axis", 0), x.size());
    auto const& indices = l.inputs[1].extents;
    std::int64_t before = 1;
    std::int64_t behind = 1;
    for (int i = 0; i < axis; ++i) before *= x[i];
    for (int i = axis + 1; i < x.size(); ++i) behind *= x[i];
    auto const count = elements_of(indices);
    l.inputs[0] = layout(l.inputs[0].element, {before, x[axis], behind});
    l.inputs[1] = layout(l.inputs[1].element, {count});
    l.outputs[0] = layout(l.outputs[0].element, {before, count, behind});
  }

 private:
  /// Whether there are elements to choose, and constants that do so are on the axis.
  static constexpr error check_constant(auto const& n, std::int64_t extent) {
    auto const& indices = n.input_shape(1);
    if (extent < 0 || has_symbol(indices)) return {};
    auto const count = static_cast<std::size_t>(elements_of(indices));
    if (extent == 0 && count != 0) {
      return make_error(rule::an_index_must_be_in_range, "there is nothing along the axis of 0");
    }
    if (!n.is_constant(1)) return {};
    for (std::size_t i = 0; i < count; ++i) {
      if (auto e = check_index(n.constant_integer(1, i), extent)) return e;
    }
    return {};
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
