// A network whose kernels read what element operators make of tensors, or hand theirs to them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <vector>

#include "inlay/execute/model.hpp"
#include "networks.hpp"

namespace inlay_test {

inline constexpr weight_bytes<50> weights_of_rows(11);
inline constexpr weight_bytes<3> offsets_of_rows(12);
inline constexpr weight_bytes<50 * 20> product_of_rows(13);

/// Of x [2, 3, 50]: the roots of the means of the squares of its rows; a softmax of rows of which
/// some elements are left out; rows with an offset each, normalized; the largest magnitude among
/// the products of these and x, of all rows of an image; means of weighted columns; the largest
/// elements of rows with an offset an image; the shares of products of which some are left out.
inline constexpr auto rows = [] {
  builder b("rows", 18);
  auto const x = b.input("x", {float32, {2, 3, 50}});
  auto const w = b.constant("w", {float32, {50}}, weights_of_rows.view());
  auto const offsets = b.constant("offsets", {float32, {3, 1}}, offsets_of_rows.view());
  auto const least = b.constant<float>("", {}, {-1e9f});
  auto const last = b.constant<std::int64_t>("", {1}, {-1});
  auto const inner = b.constant<std::int64_t>("", {2}, {1, 2});
  auto const square = apply<op::mul>(b, "", {x, x});
  auto const mean = apply<op::reduce_mean>(b, "", {square, last});
  b.output(apply<op::sqrt>(b, "", {mean}), "roots");
  auto const is_in = apply<op::greater>(b, "", {x, w});
  auto const some = apply<op::where>(b, "", {is_in, x, least});
  b.output(apply<op::softmax>(b, "", {some}), "shares");
  auto const moved = apply<op::add>(b, "", {offsets, x});
  b.output(apply<op::layer_norm>(b, "", {moved, w}), "normal");
  auto const twice = apply<op::mul>(b, "", {moved, x});
  auto const magnitude = apply<op::abs>(b, "", {twice});
  b.output(apply<op::reduce_max>(b, "", {magnitude, inner}), "largest");
  auto const middle = b.constant<std::int64_t>("", {1}, {1});
  auto const weighted = apply<op::mul>(b, "", {x, w});
  b.output(apply<op::reduce_mean>(b, "", {weighted, middle}), "columns");
  auto const of_images = b.constant<float>("", {2, 1, 1}, {0.25f, -3.0f});
  auto const shifted = apply<op::sub>(b, "", {x, of_images});
  b.output(apply<op::reduce_max>(b, "", {shifted, last}), "spread");
  auto const v = b.constant("v", {float32, {50, 20}}, product_of_rows.view());
  auto const are_in = b.constant<bool>("", {2, 3, 1}, {true, false, true, true, true, false});
  auto const product = apply<op::matmul>(b, "", {x, v});
  auto const chosen = apply<op::where>(b, "", {are_in, product, least});
  b.output(apply<op::softmax>(b, "", {chosen}), "chosen");
  return b.finish();
};

// One step an output, and that of the sum that two of them read.
static_assert(inlay::model<rows>::steps == 8);

template <class View> std::vector<float> elements_in(View const& y) {
  return {y.data(), y.data() + y.size()};
}
template <class Model> std::vector<std::vector<float>> results_of(float const (&x)[2][3][50]) {
  Model const net;
  typename Model::context context;
  auto const y = net(context, x);
  return {elements_in(get<0>(y)), elements_in(get<1>(y)), elements_in(get<2>(y)),
          elements_in(get<3>(y)), elements_in(get<4>(y)), elements_in(get<5>(y)),
          elements_in(get<6>(y))};
}

/// Numbers of both signs.
struct rows_input {
  float x[2][3][50];
  rows_input() {
    for (int i = 0; i < 300; ++i) (&x[0][0][0])[i] = static_cast<float>(i * i % 311 - 150) / 16;
  }
};

}  // namespace inlay_test
