// Normalization of groups: which lists fit, and what the kernel sees.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/group_normalization.hpp"

#include <doctest/doctest.h>

#include "one_node.hpp"

namespace {
using namespace inlay_test;

constexpr auto image = float32({2, 6, 4, 5});
constexpr auto six = float32({6});
constexpr auto three = float32({3});

static_assert(infers<op::group_norm>({2, 6, 4, 5}, {image, six, six}, {{"num_groups", 3}}));
static_assert(infers<op::group_norm>({2, 6, 4, 5}, {image, three, three}, {{"num_groups", 3}}, 20));
static_assert(infers<op::instance_norm>({2, 6, 4, 5}, {image, six, six}));

static_assert(refuses<op::group_norm>(rule::an_attribute_must_be_in_range,
                                      "attribute 'num_groups' is 0; at least 1 is needed",
                                      {image, six, six}));
static_assert(refuses<op::group_norm>(rule::channels_must_divide_into_the_groups,
                                      "the input's 6 channels do not divide into 4 groups",
                                      {image, six, six}, {{"num_groups", 4}}));
static_assert(refuses<op::group_norm>(rule::the_statistics_must_have_one_element_a_channel,
                                      "the scale (input 1) has shape 3, the input has 6 channels",
                                      {image, three, three}, {{"num_groups", 3}}));
static_assert(refuses<op::group_norm>(rule::the_statistics_must_have_one_element_a_channel,
                                      "the bias (input 2) has shape 6, the input has 3 groups",
                                      {image, three, six}, {{"num_groups", 3}}, 18));
static_assert(refuses<op::instance_norm>(rule::the_statistics_must_have_one_element_a_channel,
                                         "the bias (input 2) has shape 3, the input has 6 channels",
                                         {image, six, three}));
static_assert(refuses<op::instance_norm>(rule::the_rank_must_match_the_operator,
                                         "the input of shape 6 has no channels", {six, six, six}));

constexpr bool sees_groups() {
  auto const l = lowered<op::group_norm>({image, six, six}, {{"num_groups", 3}});
  auto const old = lowered<op::group_norm>({image, three, three}, {{"num_groups", 3}}, 18);
  auto const i = lowered<op::instance_norm>({image, six, six}, {{"epsilon", 0.5f}});
  return looks(l.inputs[0], {2, 3, 2, 20}, {120, 40, 20, 1}) &&
         looks(l.inputs[1], {3, 2}, {2, 1}) &&
         looks(l.outputs[0], {2, 3, 2, 20}, {120, 40, 20, 1}) &&
         looks(old.inputs[2], {3, 2}, {1, 0}) && l.multiply_adds == 240 &&
         looks(i.inputs[0], {2, 6, 1, 20}, {120, 20, 20, 1}) &&
         looks(i.inputs[2], {6, 1}, {1, 1}) &&
         from_words<group_normalization>(i.words.data()).epsilon == 0.5;
}
static_assert(sees_groups());

}  // namespace

TEST_CASE("an image without channels has nothing to normalize") {
  auto const none = float32({0});
  CHECK(lowered<op::instance_norm>({float32({2, 0, 4}), none, none}).inputs[0].extents[1] == 0);
}
