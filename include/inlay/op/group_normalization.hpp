// Normalization of channels, or groups of them, by their own statistics.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/string_view.hpp"
#include "inlay/kernel/group_normalization.hpp"
#include "inlay/op/elementwise.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Checks that scale and bias are lists of `count` elements, which `of` says they are.
constexpr error check_channel_lists(auto const& n, std::int64_t count, string_view of) {
  constexpr string_view names[] = {"scale", "bias"};
  for (int i = 1; i < 3; ++i) {
    auto const& list = n.input_shape(i);
    if (list.size() == 1 && n.can_equal(list[0], count)) continue;
    return make_error(rule::the_statistics_must_have_one_element_a_channel, "the ", names[i - 1],
                      " (input ", i, ") has shape ", list, ", the input has ", shape{count}, of);
  }
  return {};
}

constexpr error check_has_channels(shape const& x) {
  if (x.size() >= 2) return {};
  return make_error(rule::the_rank_must_match_the_operator, "the input of shape ", x,
                    " has no channels");
}

/// Images [n, groups, channels of a group, elements of a channel].
///   {2, 6, 4, 5} in 3 groups → {2, 3, 2, 20}
constexpr void lower_group_normalization(std::int64_t groups, std::int64_t channels,
                                         bool one_a_group, double epsilon, lowering& l) {
  auto const& x = l.inputs[0].extents;
  shape seen{x[0], groups, channels, 1};
  for (int i = 2; i < x.size(); ++i) seen[3] *= x[i];
  for (std::size_t i = 1; i < 3; ++i) {
    auto& list = l.inputs[i];
    list = layout(list.element, {groups, channels});
    if (one_a_group) list.strides = {1, 0};
  }
  l.inputs[0] = {l.inputs[0].element, seen};
  l.outputs[0] = {l.outputs[0].element, seen};
  append_words(l.words, group_normalization{epsilon});
  l.multiply_adds = elements_of(seen);
}

}  // namespace detail

namespace op {

/// y = (x - mean) / sqrt(variance + epsilon) · scale + bias, with the mean and the variance of each
/// group of channels of each image.
/// *Shapes*: x [n, c, …], scale and bias [c]; before opset 21 one of each a group.
///                                                             ONNX: GroupNormalization, since 18
struct group_norm {
  static constexpr string_view name = "GroupNormalization";
  static constexpr int since = 18;
  static constexpr arity inputs{3, 3};
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {{"epsilon", attribute_kind::real},
                                                  {"num_groups", attribute_kind::integer},
                                                  {"stash_type", attribute_kind::integer}};
  using types = float_types;
  using kernel = group_normalization;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    if (auto const e = detail::check_has_channels(x.shape)) return e;
    auto const groups = n.integer("num_groups", 0);
    if (groups < 1) {
      return make_error(rule::an_attribute_must_be_in_range, "attribute 'num_groups' is ", groups,
                        "; at least 1 is needed");
    }
    auto const channels = x.shape[1];
    if (channels >= 0 && channels % groups != 0) {
      return make_error(rule::channels_must_divide_into_the_groups, "the input's ", channels,
                        " channels do not divide into ", groups, " groups");
    }
    auto const stash = n.integer("stash_type", 1);
    if (stash != 1 && !(stash == 11 && x.element == element_type::float64)) {
      return make_error(rule::an_attribute_must_be_in_range, "attribute 'stash_type' is ", stash,
                        "; statistics have the element type of the input, ", x.element);
    }
    bool const one_a_group = n.opset() < 21;
    if (auto const e = detail::check_channel_lists(n, one_a_group ? groups : channels,
                                                   one_a_group ? " groups" : " channels")) {
      return e;
    }
    return x;
  }

  static constexpr void lower(auto const& n, lowering& l) {
    auto const groups = n.integer("num_groups", 1);
    detail::lower_group_normalization(groups, l.inputs[0].extents[1] / groups, n.opset() < 21,
                                      n.real("epsilon", 1e-5f), l);
  }
};

/// The same where each channel is a group.                     ONNX: InstanceNormalization, since 6
struct instance_norm {
  static constexpr string_view name = "InstanceNormalization";
  static constexpr int since = 6;
  static constexpr arity inputs{3, 3};
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {{"epsilon", attribute_kind::real}};
  using types = float_types;
  using kernel = group_normalization;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    if (auto const e = detail::check_has_channels(x.shape)) return e;
    if (auto const e = detail::check_channel_lists(n, x.shape[1], " channels")) return e;
    return x;
  }

  static constexpr void lower(auto const& n, lowering& l) {
    auto const channels = l.inputs[0].extents[1];
    detail::lower_group_normalization(channels, 1, false, n.real("epsilon", 1e-5f), l);
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
