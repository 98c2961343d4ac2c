// Pooling.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/string_view.hpp"
#include "inlay/kernel/pooling.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/op/lowering.hpp"
#include "inlay/op/window.hpp"

namespace inlay::inline INLAY_VERSION {
namespace op {

/// The largest element under a window over an image; padding counts as nothing.
/// *Shapes*: x [n, c, h, w], y [n, c, h', w'].                              ONNX: MaxPool, since 1
struct max_pool {
  static constexpr string_view name = "MaxPool";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 2};
  static constexpr attribute_rule attributes[] = {
      {"auto_pad", attribute_kind::text},      {"ceil_mode", attribute_kind::integer},
      {"dilations", attribute_kind::integers}, {"kernel_shape", attribute_kind::integers},
      {"pads", attribute_kind::integers},      {"storage_order", attribute_kind::integer},
      {"strides", attribute_kind::integers}};
  using types = type_list<float, double, std::int8_t, std::uint8_t>;
  using kernel = max_pooling;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input_shape(0);
    if (x.size() != 4) {
      return make_error(rule::the_rank_must_match_the_operator, "the input of shape ", x,
                        " needs 4 axes; only images are supported");
    }
    if (n.has_output(1)) {
      return make_error(rule::the_number_of_outputs_must_match_the_operator,
                        "the second output (indices) is not supported");
    }
    auto const sizes = n.integers("kernel_shape");
    if (sizes.size() != 2) {
      return make_error(rule::the_rank_must_match_the_operator, "attribute 'kernel_shape' has ",
                        sizes.size(), " values, where 2 are expected");
    }
    auto const w = window_of(n, x, {sizes[0], sizes[1]});
    if (!w) return w.failure();
    return tensor_type{n.input(0).element, {x[0], x[1], w->outputs[0], w->outputs[1]}};
  }

  static constexpr void lower(auto const& n, lowering& l) {
    auto const sizes = n.integers("kernel_shape");
    auto const w = window_of(n, l.inputs[0].extents, {sizes[0], sizes[1]});
    append_words(l.words, max_pooling{w->axes[0], w->axes[1]});
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
