// Poolings: their types and what it hands to the kernel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/pooling.hpp"

#include <doctest/doctest.h>

#include "one_node.hpp"

namespace {
using namespace inlay_test;

constexpr auto image = float32({1, 3, 32, 32});

// The examples of ONNX's MaxPool: maxpool_2d_default, _pads, _strides, _dilations, _ceil.
static_assert(infers<op::max_pool>({1, 3, 31, 31}, {image}, {{"kernel_shape", {2, 2}}}));
static_assert(infers<op::max_pool>({1, 3, 30, 30}, {float32({1, 3, 28, 28})},
                                   {{"kernel_shape", {3, 3}}, {"pads", {2, 2, 2, 2}}}));
static_assert(infers<op::max_pool>({1, 3, 10, 10}, {image},
                                   {{"kernel_shape", {5, 5}}, {"strides", {3, 3}}}));
static_assert(infers<op::max_pool>({1, 1, 2, 2}, {float32({1, 1, 4, 4})},
                                   {{"kernel_shape", {2, 2}}, {"dilations", {2, 2}}}));
static_assert(
    infers<op::max_pool>({1, 1, 2, 2}, {float32({1, 1, 4, 4})},
                         {{"kernel_shape", {3, 3}}, {"strides", {2, 2}}, {"ceil_mode", 1}}));
// maxpool_2d_ceil_output_size_reduce_by_one
static_assert(
    infers<op::max_pool>({1, 1, 1, 1}, {float32({1, 1, 2, 2})},
                         {{"kernel_shape", {1, 1}}, {"strides", {2, 2}}, {"ceil_mode", 1}}));
// maxpool_1d_default
// onnxruntime 1.31.1
static_assert(
    infers<op::max_pool>({1, 1, 1, 1}, {float32({1, 1, 4, 3})},
                         {{"kernel_shape", {5, 5}}, {"strides", {2, 3}}, {"ceil_mode", 1}}));
static_assert(refuses<op::max_pool>(
    rule::the_window_must_fit_into_the_padded_input,
    "the window reaches over 5 columns, the padded input has 3", {float32({1, 1, 4, 3})},
    {{"kernel_shape", {5, 5}}, {"strides", {2, 2}}, {"ceil_mode", 1}}));
static_assert(infers<op::max_pool>({1, 3, 31}, {float32({1, 3, 32})},
                                   {{"kernel_shape", {std::int64_t{2}}}}));
static_assert(infers<op::max_pool>({1, 1, 2, 2}, {{element_type::uint8, {1, 1, 3, 3}}},
                                   {{"kernel_shape", {2, 2}}, {"storage_order", 1}}));

static_assert(refuses<op::max_pool>(rule::the_form_of_the_operator_must_be_supported,
                                    "the input of shape 1x3x4x4x4 needs 3 axes or 4; only "
                                    "sequences and images are supported",
                                    {float32({1, 3, 4, 4, 4})}, {{"kernel_shape", {2, 2, 2}}}));
static_assert(refuses<op::max_pool>(rule::the_rank_must_match_the_operator,
                                    "attribute 'kernel_shape' has 2 values, where 1 are expected",
                                    {float32({1, 3, 32})}, {{"kernel_shape", {2, 2}}}));
static_assert(refuses<op::max_pool>(rule::the_rank_must_match_the_operator,
                                    "attribute 'pads' has 4 values, where 2 are expected",
                                    {float32({1, 3, 32})},
                                    {{"kernel_shape", {std::int64_t{2}}}, {"pads", {0, 0, 0, 0}}}));
static_assert(refuses<op::max_pool>(rule::the_rank_must_match_the_operator,
                                    "attribute 'kernel_shape' has 0 values, where 2 are expected",
                                    {image}));
static_assert(refuses<op::max_pool>(rule::the_rank_must_match_the_operator,
                                    "attribute 'kernel_shape' has 3 values, where 2 are expected",
                                    {image}, {{"kernel_shape", {2, 2, 2}}}));
static_assert(refuses<op::max_pool>(rule::the_window_must_fit_into_the_padded_input,
                                    "the window reaches over 33 columns, the padded input has 32",
                                    {image}, {{"kernel_shape", {2, 33}}}));

constexpr bool the_indices_are_refused() {
  builder b("", 12);
  auto const x = b.input("x", image);
  b.output(apply<op::max_pool>(b, "", {x}, {{"kernel_shape", {2, 2}}}));
  auto g = b.finish();
  // A second output, behind the first.
  g.values.push_back({});
  auto const first = static_cast<std::uint32_t>(g.operands.size());
  g.operands.push_back(1);
  g.operands.push_back(2);
  g.nodes[0].outputs = {first, 2};
  auto const type = type_of(g);
  g.operands[first + 1] = no_value;
  return !type && type.failure().broken == rule::the_form_of_the_operator_must_be_supported &&
         type.failure().text.view() == "the second output (indices) is not supported" && type_of(g);
}
static_assert(the_indices_are_refused());

constexpr bool lowers() {
  auto const l = lowered<op::max_pool>({float32({2, 3, 9, 8})}, {{"kernel_shape", {3, 2}},
                                                                 {"strides", {2, 1}},
                                                                 {"dilations", {1, 3}},
                                                                 {"pads", {1, 1, 0, 0}}});
  auto const k = from_words<max_pooling>(l.words.data());
  return l.words.size() == 8 && l.inputs.size() == 1 && l.multiply_adds == 0 && k.rows.size == 3 &&
         k.rows.stride == 2 && k.rows.dilation == 1 && k.rows.pad == 1 && k.columns.size == 2 &&
         k.columns.stride == 1 && k.columns.dilation == 3 && k.columns.pad == 1 &&
         l.outputs[0].extents == shape{2, 3, 4, 6};
}
static_assert(lowers());

// The examples of ONNX's AveragePool: averagepool_1d_default, _2d_ceil,
// _2d_ceil_last_window_starts_on_pad, _2d_dilations.
static_assert(infers<op::average_pool>({1, 3, 31}, {float32({1, 3, 32})},
                                       {{"kernel_shape", {std::int64_t{2}}}}));
static_assert(
    infers<op::average_pool>({1, 1, 2, 2}, {float32({1, 1, 4, 4})},
                             {{"kernel_shape", {3, 3}}, {"strides", {2, 2}}, {"ceil_mode", 1}}));
static_assert(infers<op::average_pool>({1, 3, 1, 1}, {float32({1, 3, 2, 2})},
                                       {{"kernel_shape", {3, 3}},
                                        {"strides", {3, 3}},
                                        {"pads", {1, 1, 1, 1}},
                                        {"ceil_mode", 1},
                                        {"count_include_pad", 1}}));
static_assert(infers<op::average_pool>({1, 1, 2, 2}, {float32({1, 1, 4, 4})},
                                       {{"kernel_shape", {2, 2}}, {"dilations", {2, 2}}}));
static_assert(refuses<op::average_pool>(rule::the_rank_must_match_the_operator,
                                        "attribute 'kernel_shape' has 0 values, where 2 are "
                                        "expected",
                                        {image}));

constexpr bool lowers_average() {
  auto const l = lowered<op::average_pool>(
      {float32({2, 3, 9})},
      {{"kernel_shape", {std::int64_t{4}}}, {"pads", {1, 2}}, {"count_include_pad", 1}});
  auto const k = from_words<average_pooling>(l.words.data());
  return k.rows.size == 1 && k.columns.size == 4 && k.columns.pad == 1 && k.counts_padding == 1 &&
         k.rows_behind == 0 && k.columns_behind == 2 &&
         looks(l.inputs[0], {2, 3, 1, 9}, {27, 9, 9, 1}) &&
         l.outputs[0].extents == shape{2, 3, 1, 9};
}
static_assert(lowers_average());

// {2, 3, 4, 5, 6} → {2, 3, 1, 120}
constexpr bool lowers_global() {
  auto const l = lowered<op::global_average_pool>({float32({2, 3, 4, 5, 6})});
  auto const k = from_words<average_pooling>(l.words.data());
  auto const image_of = lowered<op::global_max_pool>({float32({2, 3, 4, 5})});
  auto const window = from_words<max_pooling>(image_of.words.data());
  return k.rows.size == whole_axis && k.columns.size == whole_axis && k.counts_padding == 0 &&
         looks(l.inputs[0], {2, 3, 1, 120}, {360, 120, 120, 1}) &&
         looks(l.outputs[0], {2, 3, 1, 1}, {3, 1, 1, 1}) && window.rows.size == whole_axis &&
         window.columns.size == whole_axis && image_of.inputs[0].extents == shape{2, 3, 4, 5};
}
static_assert(lowers_global());

// A window over 2^61 rows without a column looks at none of them.
constexpr std::int64_t high = std::int64_t{1} << 61;
static_assert(lowered<op::global_max_pool>({float32({1, 1, high, 0})}).inputs[0].extents ==
              shape{1, 1, 0, 0});
static_assert(lowered<op::max_pool>({float32({1, 1, high, 0})},
                                    {{"kernel_shape", {high, 1}}, {"pads", {0, 1, 0, 0}}})
                  .inputs[0]
                  .extents == shape{1, 1, 0, 0});
static_assert(infers<op::global_average_pool>({2, 3, 1, 1, 1}, {float32({2, 3, 4, 5, 6})}));
static_assert(infers<op::global_max_pool>({2, 3, 1}, {float32({2, 3, 4})}));
static_assert(refuses<op::global_max_pool>(rule::the_rank_must_match_the_operator,
                                           "the input of shape 2x3 needs 3 axes or more: images, "
                                           "channels and what is in them",
                                           {float32({2, 3})}));

}  // namespace

TEST_CASE("SAME_UPPER and SAME_LOWER give as many outputs as strides start in the input") {
  // ONNX: output = ceil(input / stride).
  for (std::int64_t input = 1; input < 12; ++input) {
    for (std::int64_t stride = 1; stride < 5; ++stride) {
      auto const outputs = (input + stride - 1) / stride;
      for (auto const* const same : {"SAME_UPPER", "SAME_LOWER"}) {
        CHECK(infers<op::max_pool>(
            {1, 1, outputs, outputs}, {float32({1, 1, input, input})},
            {{"kernel_shape", {3, 3}}, {"strides", {stride, stride}}, {"auto_pad", same}}));
      }
    }
  }
}

TEST_CASE("what other extents make of the padding is known beforehand") {
  for (auto const* const around : {"SAME_UPPER", "SAME_LOWER", "NOTSET", "VALID"}) {
    for (std::int64_t size = 1; size < 5; ++size) {
      for (std::int64_t stride = 1; stride < 5; ++stride) {
        auto const of_extent = [&](std::int64_t extent) {
          return lowered<op::max_pool>({float32({1, 1, extent, extent + 5})},
                                       {{"kernel_shape", {size, size}},
                                        {"strides", {stride, stride}},
                                        {"auto_pad", around},
                                        {"pads", {0, 1, 1, 0}}});
        };
        auto const first = of_extent(4);
        for (std::int64_t extent = 4; extent < 17; ++extent) {
          auto const l = of_extent(extent);
          auto const k = from_words<max_pooling>(l.words.data());
          auto const border =
              border_of(k.rows, k.columns, l.inputs[0].extents, l.outputs[0].extents);
          CHECK(l.widest.with(border) == l.widest);
          CHECK(l.widest == first.widest);
          CHECK(l.sized_words == first.sized_words);
          for (std::size_t i = 0; i < l.words.size(); ++i) {
            if ((l.sized_words >> i & 1) == 0) CHECK(l.words[i] == first.words[i]);
          }
        }
      }
    }
  }
  auto const counting =
      lowered<op::average_pool>({float32({1, 1, 9, 9})}, {{"kernel_shape", {3, 3}},
                                                          {"strides", {1, 2}},
                                                          {"auto_pad", "SAME_UPPER"},
                                                          {"count_include_pad", 1}});
  CHECK(counting.sized_words == (1u << 7 | 1u << 10));  // the columns' pad, and theirs behind
}
