// ConvTranspose: its type, its errors, and how its kernel sees the tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/transposed_convolution.hpp"

#include <doctest/doctest.h>

#include "one_node.hpp"

namespace {
using namespace inlay_test;
using attributes = std::initializer_list<named_attribute>;

constexpr bool gives(shape const& y, shape const& x, shape const& w, attributes a = {}) {
  return infers<op::conv_transpose>(y, {float32(x), float32(w)}, a);
}
// The shapes of ONNX's own cases of ConvTranspose.
static_assert(gives({1, 2, 5, 5}, {1, 1, 3, 3}, {1, 2, 3, 3}));
static_assert(gives({1, 2, 5}, {1, 1, 3}, {1, 2, 3}));
static_assert(gives({1, 2, 10, 8}, {1, 1, 3, 3}, {1, 2, 3, 3},
                    {{"strides", {3, 2}}, {"output_shape", {10, 8}}}));
static_assert(gives({1, 2, 10, 8}, {1, 1, 3, 3}, {1, 2, 3, 3},
                    {{"strides", {3, 2}}, {"output_padding", {1, 1}}}));
static_assert(gives({1, 2, 7, 3}, {1, 1, 3, 3}, {1, 2, 3, 3},
                    {{"strides", {3, 2}}, {"pads", {1, 2, 1, 2}}}));
static_assert(gives({1, 1, 5, 5}, {1, 1, 3, 3}, {1, 1, 2, 2}, {{"dilations", {2, 2}}}));
static_assert(gives({1, 2, 6, 6}, {1, 1, 3, 3}, {1, 2, 4, 4},
                    {{"auto_pad", "SAME_UPPER"}, {"strides", {2, 2}}}));
static_assert(gives({1, 4, 5, 5}, {1, 4, 3, 3}, {4, 2, 3, 3}, {{"group", 2}}));

constexpr bool fails(rule broken, std::string_view text, shape const& x, shape const& w,
                     attributes a = {}) {
  return refuses<op::conv_transpose>(broken, text, {float32(x), float32(w)}, a);
}
static_assert(fails(rule::channels_of_the_input_must_match_the_weights,
                    "the input has 2 channels, the weights expect 3", {1, 2, 3, 3}, {3, 2, 3, 3}));
static_assert(fails(rule::channels_must_divide_into_the_groups,
                    "3 input channels do not divide into 2 groups", {1, 3, 3, 3}, {3, 2, 3, 3},
                    {{"group", 2}}));
static_assert(fails(rule::the_window_must_fit_into_the_padded_input,
                    "the taps reach over 3 columns, of which the pads take 4", {1, 1, 1, 1},
                    {1, 1, 3, 3}, {{"pads", {0, 2, 0, 2}}}));
static_assert(fails(rule::an_attribute_must_be_in_range,
                    "attribute 'output_padding' holds -1, where at least 0 is expected",
                    {1, 1, 3, 3}, {1, 1, 3, 3}, {{"output_padding", {-1, 0}}}));
static_assert(fails(rule::an_attribute_must_be_in_range,
                    "attribute 'auto_pad' is 'SAME', which is not one of NOTSET, SAME_UPPER, "
                    "SAME_LOWER, VALID",
                    {1, 1, 3, 3}, {1, 1, 3, 3}, {{"auto_pad", "SAME"}}));

/// The pads in front that the kernel gets.
constexpr bool has_pads(std::int64_t rows, std::int64_t columns, attributes a) {
  auto const l = lowered<op::conv_transpose>({float32({1, 1, 3, 3}), float32({1, 2, 3, 3})}, a);
  auto const k = from_words<transposed_convolution>(l.words.data());
  return k.rows.pad == rows && k.columns.pad == columns && l.multiply_adds == 162;
}
static_assert(has_pads(1, 2, {{"pads", {1, 2, 0, 0}}}));
static_assert(has_pads(1, 1, {{"auto_pad", "SAME_UPPER"}}));
// One pad more is in front, but where SAME_UPPER says otherwise.
static_assert(has_pads(1, 0, {{"output_shape", {4, 6}}}));
static_assert(has_pads(0, 0, {{"auto_pad", "SAME_UPPER"}, {"strides", {2, 2}}}));
static_assert(has_pads(1, 1, {{"auto_pad", "SAME_LOWER"}, {"strides", {2, 2}}}));

}  // namespace
