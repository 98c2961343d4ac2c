// Softmax: its axis.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/softmax.hpp"

#include <doctest/doctest.h>

#include "one_node.hpp"

namespace {
using namespace inlay_test;

constexpr auto x234 = float32({2, 3, 4});

static_assert(infers<op::softmax>({2, 3, 4}, {x234}));
static_assert(infers<op::softmax>({2, 3, 4}, {x234}, {{"axis", -3}}));
static_assert(infers<op::softmax>({5}, {float32({5})}));
static_assert(infers<op::softmax>({2, 3}, {{element_type::float64, {2, 3}}}));
static_assert(refuses<op::softmax>(rule::the_axis_must_be_within_the_rank,
                                   "axis 3 is outside of the input's 3 axes", {x234},
                                   {{"axis", 3}}));
static_assert(refuses<op::softmax>(rule::the_axis_must_be_within_the_rank,
                                   "axis -4 is outside of the input's 3 axes", {x234},
                                   {{"axis", -4}}));
static_assert(refuses<op::softmax>(rule::the_axis_must_be_within_the_rank,
                                   "axis -1 is outside of the input's 0 axes", {float32({})}));

constexpr bool sees(shape const& seen, std::initializer_list<named_attribute> attributes) {
  auto const l = lowered<op::softmax>({x234}, attributes);
  return l.inputs.size() == 1 && l.words.empty() && l.multiply_adds == 0 &&
         looks(l.inputs[0], seen, contiguous_strides(seen)) &&
         looks(l.outputs[0], seen, contiguous_strides(seen));
}
// Along one axis, the last by default.
static_assert(sees({6, 4, 1}, {}));
static_assert(sees({6, 4, 1}, {{"axis", -1}}));
static_assert(sees({2, 3, 4}, {{"axis", 1}}));
static_assert(sees({1, 2, 12}, {{"axis", 0}}));
static_assert(sees({1, 2, 12}, {{"axis", -3}}));

constexpr bool logarithm_is_alike() {
  auto const l = lowered<op::log_softmax>({x234}, {{"axis", 1}});
  return looks(l.inputs[0], {2, 3, 4}, {12, 4, 1});
}
static_assert(logarithm_is_alike() && infers<op::log_softmax>({2, 3, 4}, {x234}));
}  // namespace

TEST_CASE("a list has one axis") {
  CHECK(type_of(one_node<op::softmax>({float32({5})}, {}, 13)));
  CHECK_FALSE(type_of(one_node<op::softmax>({float32({5})}, {{"axis", 1}}, 13)));
}
