// Normalization: which statistics fit, and what the kernel sees.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/normalization.hpp"

#include <doctest/doctest.h>

#include "one_node.hpp"

namespace {
using namespace inlay_test;

using normalization = op::batch_normalization;
constexpr auto three = float32({3});
constexpr tensor_type doubles{element_type::float64, {3}};

static_assert(infers<normalization>({2, 3, 4, 5},
                                    {float32({2, 3, 4, 5}), three, three, three, three}));
static_assert(infers<normalization>({2, 3}, {float32({2, 3}), three, three, three, three}));
static_assert(infers<normalization>({7}, {float32({7}), float32({1}), float32({1}), float32({1}),
                                          float32({1})}));
static_assert(infers<normalization>(
    {2, 3}, {{element_type::float64, {2, 3}}, doubles, doubles, doubles, doubles},
    {{"epsilon", 0.5f}, {"training_mode", 0}}));

static_assert(refuses<normalization>(rule::the_rank_must_match_the_operator,
                                     "the input is a scalar, which has no channels",
                                     {float32({}), three, three, three, three}));
static_assert(refuses<normalization>(rule::the_form_of_the_operator_must_be_supported,
                                     "attribute 'training_mode' is 1; training is not supported",
                                     {float32({2, 3}), three, three, three, three},
                                     {{"training_mode", 1}}));
static_assert(refuses<normalization>(rule::the_statistics_must_have_one_element_a_channel,
                                     "the mean (input 3) has shape 1x3, the input has 3 channels",
                                     {float32({2, 3}), three, three, float32({1, 3}), three}));
static_assert(refuses<normalization>(rule::the_statistics_must_have_one_element_a_channel,
                                     "the scale (input 1) has shape 3, the input has 1 channel",
                                     {float32({2}), three, three, three, three}));

constexpr bool refuses_a_second_output() {
  auto g = one_node<normalization>({float32({2, 3}), three, three, three, three}, {}, 15);
  g.nodes[0].outputs = {static_cast<std::uint32_t>(g.operands.size()), 2};
  g.operands.append(g.outputs.data(), 1);
  g.operands.push_back(static_cast<value_id>(g.values.size()));
  g.values.push_back({});
  auto const type = type_of(g);
  return type.failure().text.view() ==
         "the statistics of training (output 1 and those behind it) are not supported";
}
static_assert(refuses_a_second_output());

constexpr bool sees(shape const& x, shape const& seen) {
  auto const c = float32({x.size() == 1 ? 1 : x[1]});
  auto const l = lowered<normalization>({float32(x), c, c, c, c}, {{"epsilon", 0.5f}});
  return l.inputs.size() == 5 && looks(l.inputs[0], seen, contiguous_strides(seen)) &&
         looks(l.outputs[0], seen, contiguous_strides(seen)) && l.inputs[4].extents.size() == 1 &&
         l.multiply_adds == elements_of(x) &&
         from_words<channel_normalization>(l.words.data()).epsilon == 0.5;
}
static_assert(sees({2, 3, 4, 5}, {2, 3, 20}));
static_assert(sees({2, 3}, {2, 3, 1}));
static_assert(sees({7}, {1, 1, 7}));

}  // namespace

TEST_CASE("a channel has a number of each of the statistics") {
  CHECK_FALSE(
      type_of(one_node<normalization>({float32({2, 4}), three, three, three, three}, {}, 9)));
  CHECK(type_of(one_node<normalization>({float32({2, 3}), three, three, three, three}, {}, 9)));
}
