// Products of matrices.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/string_view.hpp"
#include "inlay/kernel/matrix_product.hpp"
#include "inlay/op/elementwise.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {
/// Whether x may broadcast to y as it is: no axis of y is 1 where that of x is more.
constexpr bool broadcasts_to(auto const& n, shape const& x, shape const& y) {
  if (x.size() > y.size()) return false;
  for (int i = 0; i < x.size(); ++i) {
    auto const extent = x[i];
    if (extent != 1 && !n.can_equal(extent, y[y.size() - x.size() + i]) &&
        !(extent < 0 && n.can_equal(extent, 1))) {
      return false;
    }
  }
  return true;
}
/// Whether a product of so many rows reads its right-hand operand where the columns of that lie
/// `stride` elements apart. Each row of a tile uses what is loaded for all; to copy the operand
/// pays where there are several tiles.
constexpr bool reads_columns(std::int64_t rows, std::int64_t columns, std::int64_t stride) {
  return stride == 1 || columns == 1 || rows <= 4;
}

}  // namespace detail

namespace op {

/// y = alpha · a · b + beta · c, where a and b may be transposed and c broadcasts.   ONNX: Gemm,
/// since 7
struct gemm {
  static constexpr string_view name = "Gemm";
  static constexpr int since = 7;
  static constexpr arity inputs{2, 3};
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {{"alpha", attribute_kind::real},
                                                  {"beta", attribute_kind::real},
                                                  {"transA", attribute_kind::integer},
                                                  {"transB", attribute_kind::integer}};
  using types = float_types;
  using kernel = matrix_product;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& a = n.input_shape(0);
    auto const& b = n.input_shape(1);
    if (a.size() != 2 || b.size() != 2) {
      return make_error(rule::the_rank_must_match_the_operator, "the shapes ", a, " and ", b,
                        " are not those of two matrices");
    }
    bool const flip_a = n.integer("transA", 0) != 0;
    bool const flip_b = n.integer("transB", 0) != 0;
    auto const columns_a = a[flip_a ? 0 : 1];
    auto const rows_b = b[flip_b ? 1 : 0];
    if (!n.can_equal(columns_a, rows_b)) {
      return make_error(rule::columns_of_left_must_equal_rows_of_right, "the left operand has ",
                        shape{columns_a}, " columns", flip_a ? " (transposed)" : "",
                        ", the right operand has ", shape{rows_b}, " rows",
                        flip_b ? " (transposed)" : "");
    }
    shape const y{a[flip_a ? 1 : 0], b[flip_b ? 0 : 1]};
    if (n.has_input(2)) {
      if (!detail::broadcasts_to(n, n.input_shape(2), y)) {
        return make_error(rule::shapes_must_broadcast, "the addend of shape ", n.input_shape(2),
                          " does not broadcast to the result's ", y);
      }
    }
    return tensor_type{n.input(0).element, y};
  }

  static constexpr bool reads(auto const& n, int input, layout const& x) {
    if (input != 1) return true;
    int const columns = n.integer("transB", 0) != 0 ? 0 : 1;
    return detail::reads_columns(n.output(0).shape[0], x.extents[columns], x.strides[columns]);
  }
  static constexpr bool writes(auto const&, layout const&) { return true; }
  static constexpr void lower(auto const& n, lowering& l) {
    if (n.integer("transA", 0) != 0) transpose(l.inputs[0]);
    if (n.integer("transB", 0) != 0) transpose(l.inputs[1]);
    auto const& y = l.outputs[0].extents;
    if (n.has_input(2)) l.inputs[2] = broadcast_to(l.inputs[2], y);
    append_words(l.words, matrix_product{n.real("alpha", 1), n.real("beta", 1)});
    l.multiply_adds = saturating_multiply(elements_of(y), l.inputs[0].extents[1]);
  }

 private:
  static constexpr void transpose(layout& x) {
    x.extents = {x.extents[1], x.extents[0]};
    x.strides = {x.strides[1], x.strides[0]};
  }
};

/// y = a · b over the last two axes; the others broadcast, and a list counts as a matrix of one row
/// (left) or one column (right), without that axis in the result.                         ONNX:
/// MatMul, since 1
struct matmul {
  static constexpr string_view name = "MatMul";
  static constexpr int since = 1;
  static constexpr arity inputs{2, 2};
  static constexpr arity outputs{1, 1};
  using types = type_list<float, double, std::int32_t, std::int64_t, std::uint32_t, std::uint64_t>;
  using kernel = matrix_product;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto a = n.input_shape(0);
    auto b = n.input_shape(1);
    if (a.size() == 0 || b.size() == 0) {
      return make_error(rule::the_rank_must_match_the_operator,
                        "a scalar is no operand of a matrix product");
    }
    bool const list_a = a.size() == 1;
    bool const list_b = b.size() == 1;
    if (list_a) a = {1, a[0]};
    if (list_b) b = {b[0], 1};
    auto const columns = a.back();
    auto const rows = b[b.size() - 2];
    if (!n.can_equal(columns, rows)) {
      return make_error(rule::columns_of_left_must_equal_rows_of_right, "the left operand has ",
                        shape{columns}, " columns, the right operand has ", shape{rows}, " rows");
    }
    auto const batch = broadcast(without_matrix(a), without_matrix(b), n.dimensions());
    if (!batch) return batch.failure();
    auto y = *batch;
    if (!list_a) y.push_back(a[a.size() - 2]);
    if (!list_b) y.push_back(b.back());
    return tensor_type{n.input(0).element, y};
  }

  static constexpr bool reads(auto const& n, int input, layout const& x) {
    auto const& a = n.input_shape(0);
    if (input == 0 || x.extents.size() == 1 || a.size() == 1) return true;
    return detail::reads_columns(a[a.size() - 2], x.extents.back(), x.strides.back());
  }
  static constexpr bool writes(auto const&, layout const&) { return true; }
  static constexpr void lower(node_view const&, lowering& l) {
    auto& a = l.inputs[0];
    auto& b = l.inputs[1];
    auto& y = l.outputs[0];
    bool const list_a = a.extents.size() == 1;
    bool const list_b = b.extents.size() == 1;
    if (list_b) add_column(b), add_column(y);
    if (list_a) add_row(a), add_row(y);
    auto const full = y.extents;
    a = with_batch(a, full);
    b = with_batch(b, full);
    append_words(l.words, matrix_product{});
    l.multiply_adds = saturating_multiply(elements_of(full), a.extents.back());
  }

 private:
  static constexpr shape without_matrix(shape const& x) {
    shape batch;
    for (int i = 0; i + 2 < x.size(); ++i) batch.push_back(x[i]);
    return batch;
  }
  // A last axis of one element, and one before the last.
  static constexpr void add_column(layout& x) {
    x.extents.push_back(1);
    x.strides.push_back(1);
  }
  static constexpr void add_row(layout& x) {
    auto const columns = x.extents.back();
    auto const stride = x.strides.back();
    x.extents[x.extents.size() - 1] = 1;
    x.strides[x.strides.size() - 1] = columns * stride;
    x.extents.push_back(columns);
    x.strides.push_back(stride);
  }
  // The operand's own matrix behind the batch axes of the result.
  static constexpr layout with_batch(layout const& x, shape const& y) {
    shape to = without_matrix(y);
    to.push_back(x.extents[x.extents.size() - 2]);
    to.push_back(x.extents.back());
    return broadcast_to(x, to);
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
