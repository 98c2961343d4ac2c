// Reductions: axes of which one element is left.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/string_view.hpp"
#include "inlay/kernel/reduction.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/op/reduction_axes.hpp"

namespace inlay::inline INLAY_VERSION {
namespace op {

// The axes are the second input, a constant; `convert_opset` brings the forms that have an
// attribute to this one. Without axes all are reduced, or none where `noop_with_empty_axes` is 1.
// Integers wrap.

using wide_types =
    type_list<float, double, std::int32_t, std::int64_t, std::uint32_t, std::uint64_t>;
using compared_types = type_list<float, double, std::int8_t, std::uint8_t, std::int32_t,
                                 std::int64_t, std::uint32_t, std::uint64_t>;

/// The sum.                                                                ONNX: ReduceSum, since 1
struct reduce_sum {
  static constexpr string_view name = "ReduceSum";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = wide_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::sum);
  }
};

/// The sum divided by the number of elements; not a number of none.       ONNX: ReduceMean, since 1
struct reduce_mean {
  static constexpr string_view name = "ReduceMean";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = float_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::mean);
  }
};

/// The largest element, not a number if one is; the least number of none.  ONNX: ReduceMax, since 1
struct reduce_max {
  static constexpr string_view name = "ReduceMax";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = compared_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::largest);
  }
};

/// The smallest element, not a number if one is; the greatest number of none.
///                                                                         ONNX: ReduceMin, since 1
struct reduce_min {
  static constexpr string_view name = "ReduceMin";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = compared_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::smallest);
  }
};

/// The product; 1 of none.                                                ONNX: ReduceProd, since 1
struct reduce_prod {
  static constexpr string_view name = "ReduceProd";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = wide_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::product);
  }
};

/// The sum of the squares.                                           ONNX: ReduceSumSquare, since 1
struct reduce_sum_square {
  static constexpr string_view name = "ReduceSumSquare";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = wide_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::sum_of_squares);
  }
};

/// The sum of the magnitudes.                                               ONNX: ReduceL1, since 1
struct reduce_l1 {
  static constexpr string_view name = "ReduceL1";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = wide_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::sum_of_magnitudes);
  }
};

/// The root of the sum of the squares.                                      ONNX: ReduceL2, since 1
struct reduce_l2 {
  static constexpr string_view name = "ReduceL2";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = float_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::root_of_squares);
  }
};

/// The logarithm of the sum.                                            ONNX: ReduceLogSum, since 1
struct reduce_log_sum {
  static constexpr string_view name = "ReduceLogSum";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = float_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::log_of_sum);
  }
};

/// The logarithm of the sum of the exponentials.                     ONNX: ReduceLogSumExp, since 1
struct reduce_log_sum_exp {
  static constexpr string_view name = "ReduceLogSumExp";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = float_types;
  using kernel = log_sum_exp_reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) { detail::lower_reduction(n, l); }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
