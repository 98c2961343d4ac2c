// Conv: its types and what it hands to the kernel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/convolution.hpp"

#include <doctest/doctest.h>

#include "one_node.hpp"

namespace {
using namespace inlay_test;

constexpr auto image = float32({1, 4, 9, 9});

// onnx.shape_inference of Conv.
static_assert(infers<op::conv>({1, 6, 7, 7}, {image, float32({6, 4, 3, 3})}));
static_assert(infers<op::conv>({1, 6, 7, 7}, {image, float32({6, 2, 3, 3})}, {{"group", 2}}));
static_assert(
    infers<op::conv>({2, 5, 5, 3}, {float32({2, 3, 10, 8}), float32({5, 3, 3, 2})},
                     {{"strides", {2, 3}}, {"pads", {1, 0, 2, 1}}, {"dilations", {2, 1}}}));
static_assert(infers<op::conv>({1, 1, 3, 3}, {float32({1, 1, 5, 5}), float32({1, 1, 3, 3})},
                               {{"auto_pad", "SAME_LOWER"}, {"strides", {2, 2}}}));
// Over a sequence.
static_assert(infers<op::conv>({2, 6, 4}, {float32({2, 4, 9}), float32({6, 2, 3})},
                               {{"group", 2},
                                {"strides", {std::int64_t{2}}},
                                {"pads", {1, 0}},
                                {"kernel_shape", {std::int64_t{3}}}}));
static_assert(infers<op::conv>({0, 2, 5, 5}, {float32({0, 3, 5, 5}), float32({2, 3, 1, 1})}));
static_assert(infers<op::conv>({1, 4, 9, 9}, {image, float32({4, 1, 1, 1}), float32({4})},
                               {{"group", 4}, {"kernel_shape", {1, 1}}}));

static_assert(refuses<op::conv>(rule::the_form_of_the_operator_must_be_supported,
                                "the input of shape 1x4x9x9x9 and the weights of shape 6x4x3x3x3 "
                                "need 3 axes each, or 4; only sequences and images are supported",
                                {float32({1, 4, 9, 9, 9}), float32({6, 4, 3, 3, 3})}));
static_assert(refuses<op::conv>(rule::the_rank_must_match_the_operator,
                                "the input of shape 1x4x9x9 and the weights of shape 6x4x3 "
                                "need 3 axes each, or 4; only sequences and images are supported",
                                {image, float32({6, 4, 3})}));
static_assert(refuses<op::conv>(rule::channels_must_divide_into_the_groups,
                                "6 output channels do not divide into 4 groups",
                                {image, float32({6, 1, 3, 3})}, {{"group", 4}}));
static_assert(refuses<op::conv>(rule::channels_must_divide_into_the_groups,
                                "6 output channels do not divide into 0 groups",
                                {image, float32({6, 4, 3, 3})}, {{"group", 0}}));
static_assert(refuses<op::conv>(rule::channels_of_the_input_must_match_the_weights,
                                "the input has 4 channels in 1 group, the weights expect 3 in each",
                                {image, float32({6, 3, 3, 3})}));
static_assert(
    refuses<op::conv>(rule::channels_of_the_input_must_match_the_weights,
                      "the input has 4 channels in 2 groups, the weights expect 4 in each",
                      {image, float32({6, 4, 3, 3})}, {{"group", 2}}));
static_assert(
    refuses<op::conv>(rule::channels_of_the_input_must_match_the_weights,
                      "the input has 4 channels in 3 groups, the weights expect 1 in each",
                      {image, float32({6, 1, 3, 3})}, {{"group", 3}}));
static_assert(refuses<op::conv>(rule::the_bias_must_have_one_element_a_channel,
                                "the bias has shape 5, the weights make 6 channels",
                                {image, float32({6, 4, 3, 3}), float32({5})}));
static_assert(refuses<op::conv>(rule::the_bias_must_have_one_element_a_channel,
                                "the bias has shape 6x1, the weights make 6 channels",
                                {image, float32({6, 4, 3, 3}), float32({6, 1})}));
static_assert(refuses<op::conv>(rule::the_window_must_have_the_shape_of_the_weights,
                                "attribute 'kernel_shape' does not equal the weights' 3x2",
                                {image, float32({6, 4, 3, 2})}, {{"kernel_shape", {2, 3}}}));
static_assert(refuses<op::conv>(rule::the_window_must_have_the_shape_of_the_weights,
                                "attribute 'kernel_shape' does not equal the weights' 3x3",
                                {image, float32({6, 4, 3, 3})}, {{"kernel_shape", {3, 3, 3}}}));
static_assert(refuses<op::conv>(rule::the_window_must_have_the_shape_of_the_weights,
                                "attribute 'kernel_shape' does not equal the weights' 3",
                                {float32({1, 4, 9}), float32({6, 4, 3})},
                                {{"kernel_shape", {3, 3}}}));
// What window_of refuses, Conv refuses.
static_assert(refuses<op::conv>(rule::the_window_must_fit_into_the_padded_input,
                                "the window reaches over 10 rows, the padded input has 9",
                                {image, float32({6, 4, 10, 3})}));

constexpr bool lowers() {
  auto const l = lowered<op::conv>(
      {float32({2, 6, 9, 9}), float32({4, 3, 3, 2})},
      {{"group", 2}, {"strides", {2, 1}}, {"dilations", {1, 3}}, {"pads", {1, 2, 0, 0}}});
  auto const k = from_words<convolution>(l.words.data());
  // Rows: 9 + 1 - 3 over stride 2 is 3, and 1. Columns: 9 + 2 - 4 is 7, and 1.
  return l.words.size() == 9 && k.groups == 2 && k.rows.size == 3 && k.rows.stride == 2 &&
         k.rows.dilation == 1 && k.rows.pad == 1 && k.columns.size == 2 && k.columns.stride == 1 &&
         k.columns.dilation == 3 && k.columns.pad == 2 &&
         looks(l.outputs[0], {2, 4, 4, 8}, {128, 32, 8, 1}) && l.inputs.size() == 3 &&
         l.inputs[2].element == element_type::undefined &&
         l.multiply_adds == 2 * 4 * 4 * 8 * (3 * 3 * 2);
}
static_assert(lowers());

// A sequence is an image of one row.
constexpr bool a_sequence_is_a_row() {
  auto const l =
      lowered<op::conv>({float32({2, 6, 9}), float32({4, 3, 2})},
                        {{"group", 2}, {"strides", {std::int64_t{3}}}, {"pads", {1, 0}}});
  auto const k = from_words<convolution>(l.words.data());
  return k.groups == 2 && k.rows.size == 1 && k.rows.pad == 0 && k.columns.size == 2 &&
         k.columns.stride == 3 && k.columns.pad == 1 &&
         looks(l.inputs[0], {2, 6, 1, 9}, {54, 9, 9, 1}) &&
         looks(l.inputs[1], {4, 3, 1, 2}, {6, 2, 2, 1}) &&
         looks(l.outputs[0], {2, 4, 1, 3}, {12, 3, 3, 1}) && l.multiply_adds == 2 * 4 * 3 * (3 * 2);
}
static_assert(a_sequence_is_a_row());

}  // namespace

TEST_CASE("a bias goes to the kernel as it is") {
  auto const l = lowered<op::conv>({image, float32({6, 4, 3, 3}), float32({6})});
  CHECK(looks(l.inputs[2], {6}, {1}));
  CHECK(l.multiply_adds == 6 * 7 * 7 * 4 * 3 * 3);
}
