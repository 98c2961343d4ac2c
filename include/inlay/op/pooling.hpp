// Pooling.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/string_view.hpp"
#include "inlay/kernel/pooling.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/op/lowering.hpp"
#include "inlay/op/window.hpp"

namespace inlay::inline INLAY_VERSION {
namespace detail {

/// The window that attribute `kernel_shape`, of one value or two, declares.
constexpr window_sizes declared_sizes(auto const& n) {
  auto const declared = n.integers("kernel_shape");
  if (declared.size() == 1) return {{1, declared[0]}};
  return {{declared[0], declared[1]}};
}

/// The type of what a window makes of each channel of the first input.
constexpr result<tensor_type> infer_pooling(auto const& n) {
  auto const& x = n.input_shape(0);
  if (!is_image_or_sequence(x)) {
    return make_error(rule::the_rank_must_match_the_operator, "the input of shape ", x,
                      " needs 3 axes or 4; only sequences and images are supported");
  }
  auto const declared = n.integers("kernel_shape").size();
  if (declared + 2 != static_cast<std::size_t>(x.size())) {
    return make_error(rule::the_rank_must_match_the_operator, "attribute 'kernel_shape' has ",
                      declared, " values, where ", x.size() - 2, " are expected");
  }
  auto const w = window_of(n, x, declared_sizes(n));
  if (!w) return w.failure();
  return tensor_type{n.input(0).element, shape_under(x, x[1], w->outputs)};
}

}  // namespace detail

namespace op {

/// The largest element under a window over an image or a sequence; padding counts as nothing.
/// *Shapes*: x [n, c, h, w], y [n, c, h', w'], or without h and h'.         ONNX: MaxPool, since 1
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
    if (n.has_output(1)) {
      return make_error(rule::the_number_of_outputs_must_match_the_operator,
                        "the second output (indices) is not supported");
    }
    return detail::infer_pooling(n);
  }

  static constexpr void lower(auto const& n, lowering& l) {
    auto const w = window_of(n, l.inputs[0].extents, detail::declared_sizes(n));
    see_as_image(l.inputs[0]);
    see_as_image(l.outputs[0]);
    append_words(l.words, max_pooling{w->axes[0], w->axes[1]});
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
