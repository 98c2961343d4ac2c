// Normalization.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/string_view.hpp"
#include "inlay/kernel/normalization.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/op/view.hpp"

namespace inlay::inline INLAY_VERSION {
namespace op {

/// y = (x - mean) / sqrt(variance + epsilon) · scale + bias, with a number a channel of each: what
/// a batch normalization is when a network is not trained.
/// *Shapes*: x and y [n, c, …] or [n], of one channel; scale, bias, mean, variance [c].
///                                                             ONNX: BatchNormalization, since 7
struct batch_normalization {
  static constexpr string_view name = "BatchNormalization";
  static constexpr int since = 7;
  static constexpr arity inputs{5, 5};
  static constexpr arity outputs{1, 3};
  static constexpr attribute_rule attributes[] = {{"epsilon", attribute_kind::real},
                                                  {"momentum", attribute_kind::real},
                                                  {"training_mode", attribute_kind::integer}};
  using types = float_types;
  using kernel = channel_normalization;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input_shape(0);
    if (x.size() == 0) {
      return make_error(rule::the_rank_must_match_the_operator,
                        "the input is a scalar, which has no channels");
    }
    if (n.integer("training_mode", 0) != 0) {
      return make_error(rule::the_form_of_the_operator_must_be_supported,
                        "attribute 'training_mode' is 1; training is not supported");
    }
    if (n.has_output(1) || n.has_output(2)) {
      return make_error(rule::the_form_of_the_operator_must_be_supported,
                        "the statistics of training (output 1 and those behind it) are not "
                        "supported");
    }
    auto const channels = x.size() == 1 ? 1 : x[1];
    constexpr string_view names[] = {"scale", "bias", "mean", "variance"};
    for (int i = 0; i < 4; ++i) {
      if (n.input_shape(i + 1) == shape{channels}) continue;
      return make_error(rule::the_statistics_must_have_one_element_a_channel, "the ", names[i],
                        " (input ", i + 1, ") has shape ", n.input_shape(i + 1), ", the input has ",
                        channels, channels == 1 ? " channel" : " channels");
    }
    return n.input(0);
  }

  static constexpr bool reads(auto const&, int input, layout const& x) {
    return input == 0 && can_see_as(x, images_of_channels(x.extents));
  }
  static constexpr bool writes(auto const& n, layout const& y) { return reads(n, 0, y); }
  static constexpr void lower(auto const& n, lowering& l) {
    auto const seen = images_of_channels(l.inputs[0].extents);
    see_as(l.inputs[0], seen);
    see_as(l.outputs[0], seen);
    append_words(l.words, channel_normalization{n.real("epsilon", 1e-5f)});
    l.multiply_adds = elements_of(seen);
  }

 private:
  /// {2, 3, 4, 5} → {2, 3, 20}
  static constexpr shape images_of_channels(shape const& x) {
    shape seen{1, 1, 1};
    for (int i = 0; i < x.size(); ++i) seen[i == 0 && x.size() > 1 ? 0 : i == 1 ? 1 : 2] *= x[i];
    return seen;
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
