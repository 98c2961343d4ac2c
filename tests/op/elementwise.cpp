// The types of the operators that go element by element.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/elementwise.hpp"

#include <doctest/doctest.h>

#include "inlay/op/activation.hpp"
#include "inlay/op/arithmetic.hpp"
#include "inlay/op/extreme.hpp"
#include "inlay/op/mathematics.hpp"
#include "inlay/op/shaped_activation.hpp"
#include "one_node.hpp"

namespace {
using namespace inlay_test;

static_assert(infers<op::add>({2, 3, 4}, {float32({3, 1}), float32({2, 1, 4})}));
static_assert(infers<op::add>({}, {float32({}), float32({})}));
static_assert(infers<op::add>({2}, {{element_type::int8, {2}}, {element_type::int8, {1}}}));
static_assert(
    refuses<op::add>(rule::shapes_must_broadcast,
                     "the shapes 2x3 and 2 do not broadcast: 3 and 2 stand on the same axis",
                     {float32({2, 3}), float32({2})}));

static_assert(infers<op::relu>({2, 0, 3}, {float32({2, 0, 3})}));
static_assert(infers<op::identity>({5}, {{element_type::boolean, {5}}}));

// Any number of inputs broadcast together; limits are single numbers; a slope goes to its input.
static_assert(infers<op::max>({4, 2, 3}, {float32({2, 3}), float32({3}), float32({4, 1, 1})}));
static_assert(infers<op::mean>({2, 3}, {float32({2, 3})}));
static_assert(infers<op::clip>({2, 3}, {float32({2, 3}), float32({}), float32({})}));
static_assert(infers<op::clip>({2, 3}, {float32({2, 3}), float32({1}), float32({1, 1})}));
static_assert(refuses<op::clip>(rule::shapes_must_broadcast,
                                "limit 2 of shape 3 is not a single number",
                                {float32({2, 3}), float32({}), float32({3})}));
static_assert(infers<op::prelu>({2, 3}, {float32({2, 3}), float32({3})}));
static_assert(
    refuses<op::prelu>(rule::shapes_must_broadcast,
                       "the slope of shape 2x1x3 does not broadcast to the input of shape 2x3",
                       {float32({2, 3}), float32({2, 1, 3})}));

static_assert(infers<op::pow>({2}, {float32({2}), float32({})}));
static_assert(
    refuses<op::pow>(rule::the_form_of_the_operator_must_be_supported,
                     "the exponent is int32, the base float32; only exponents of the same type are "
                     "supported",
                     {float32({2}), {element_type::int32, {2}}}));

// Attributes.
static_assert(infers<op::gelu>({5}, {float32({5})}, {{"approximate", "tanh"}}));
static_assert(refuses<op::gelu>(rule::an_attribute_must_be_in_range,
                                "attribute 'approximate' is 'erf'; it must be 'none' or 'tanh'",
                                {float32({5})}, {{"approximate", "erf"}}));
static_assert(refuses<op::celu>(rule::an_attribute_must_be_in_range,
                                "attribute 'alpha' is not above 0", {float32({5})},
                                {{"alpha", 0.0f}}));

constexpr bool attributes_are_words() {
  auto const l = lowered<op::hard_sigmoid>({float32({5})}, {{"beta", 0.25f}});
  auto const p = from_words<op::hard_sigmoid::parameters>(l.words.data());
  return l.words.size() == 2 && p.alpha == static_cast<double>(0.2f) && p.beta == 0.25;
}
static_assert(attributes_are_words());

constexpr bool add_of_a_row_repeats_it() {
  auto const l = lowered<op::add>({float32({2, 3}), float32({3})});
  return looks(l.inputs[0], {2, 3}, {3, 1}) && looks(l.inputs[1], {2, 3}, {0, 1}) &&
         looks(l.outputs[0], {2, 3}, {3, 1}) && l.words.empty() && l.multiply_adds == 0;
}
static_assert(add_of_a_row_repeats_it());

constexpr bool equal_shapes_are_one_axis() {
  auto const l = lowered<op::add>({float32({2, 3, 4}), float32({2, 3, 4})});
  return looks(l.inputs[0], {24}, {1}) && looks(l.inputs[1], {24}, {1}) &&
         looks(l.outputs[0], {24}, {1});
}
static_assert(equal_shapes_are_one_axis());

constexpr bool a_scalar_repeats_everywhere() {
  auto const l = lowered<op::add>({float32({2, 3}), float32({})});
  return looks(l.inputs[0], {6}, {1}) && looks(l.inputs[1], {6}, {0}) &&
         looks(l.outputs[0], {6}, {1});
}
static_assert(a_scalar_repeats_everywhere());

constexpr bool a_channel_bias_joins_the_image() {
  auto const l = lowered<op::add>({float32({1, 8, 5, 5}), float32({8, 1, 1})});
  return looks(l.inputs[0], {8, 25}, {25, 1}) && looks(l.inputs[1], {8, 25}, {1, 0}) &&
         looks(l.outputs[0], {8, 25}, {25, 1});
}
static_assert(a_channel_bias_joins_the_image());

constexpr bool a_scalar_has_one_axis() {
  auto const l = lowered<op::relu>({float32({})});
  return looks(l.inputs[0], {1}, {1}) && looks(l.outputs[0], {1}, {1});
}
static_assert(a_scalar_has_one_axis());

}  // namespace

TEST_CASE("an addition of ones on both sides has one axis") {
  auto const l = lowered<op::add>({float32({1, 1, 1}), float32({1})});
  CHECK(l.outputs[0].extents == shape{1});
  CHECK(l.inputs[1].extents == shape{1});
}
