// Normalization of rows: which scales fit, and what the kernel sees.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/row_normalization.hpp"

#include <doctest/doctest.h>

#include "one_node.hpp"

namespace {
using namespace inlay_test;

constexpr auto x234 = float32({2, 3, 4});

static_assert(infers<op::layer_norm>({2, 3, 4}, {x234, float32({4}), float32({4})}));
static_assert(infers<op::layer_norm>({2, 3, 4}, {x234, float32({1, 4})}));
static_assert(infers<op::layer_norm>({2, 3, 4}, {x234, float32({})}, {{"axis", -2}}));
static_assert(infers<op::rms_norm>({2, 3, 4}, {x234, float32({3, 4})}, {{"axis", 1}}, 23));
static_assert(infers<op::layer_norm>({2, 3, 4}, {x234, float32({3, 1}), float32({2, 1, 4})}));
static_assert(infers<op::layer_norm>({2},
                                     {{element_type::float64, {2}}, {element_type::float64, {2}}},
                                     {{"stash_type", 11}}));

static_assert(refuses<op::layer_norm>(rule::the_axis_must_be_within_the_rank,
                                      "axis 3 is outside of the input's 3 axes",
                                      {x234, float32({4})}, {{"axis", 3}}));
static_assert(refuses<op::layer_norm>(
    rule::shapes_must_broadcast,
    "the scale of shape 3 does not broadcast to the input of shape 2x3x4", {x234, float32({3})}));
static_assert(refuses<op::layer_norm>(
    rule::shapes_must_broadcast,
    "the bias of shape 5x2x3x4 does not broadcast to the input of shape 2x3x4",
    {x234, float32({3, 4}), float32({5, 2, 3, 4})}, {{"axis", 1}}));
static_assert(refuses<op::rms_norm>(
    rule::an_attribute_must_be_in_range,
    "attribute 'stash_type' is 11; statistics have the element type of the input, float32",
    {x234, float32({4})}, {{"stash_type", 11}}, 23));

constexpr bool refuses_output(int output, std::string_view text) {
  auto g = one_node<op::layer_norm>({x234, float32({4})}, {}, 17);
  g.nodes[0].outputs = {static_cast<std::uint32_t>(g.operands.size()), 3};
  g.operands.append(g.outputs.data(), 1);
  for (int i = 1; i < 3; ++i) {
    g.operands.push_back(i == output ? static_cast<value_id>(g.values.size()) : no_value);
  }
  g.values.push_back({});
  return type_of(g).failure().text.view() == text;
}
static_assert(refuses_output(1, "the mean (output 1) is not supported"));
static_assert(refuses_output(2, "the deviation (output 2) is not supported"));

constexpr bool sees_rows() {
  auto const l = lowered<op::layer_norm>({x234, float32({1, 3, 4}), float32({1})},
                                         {{"axis", 1}, {"epsilon", 0.5f}});
  auto const r = lowered<op::rms_norm>({x234, float32({4})}, {}, 23);
  return looks(l.inputs[0], {2, 12}, {12, 1}) && looks(l.inputs[1], {12}, {1}) &&
         looks(l.inputs[2], {12}, {0}) && looks(l.outputs[0], {2, 12}, {12, 1}) &&
         from_words<layer_normalization>(l.words.data()).epsilon == 0.5 &&
         looks(r.inputs[0], {6, 4}, {4, 1}) && r.inputs.size() == 2 && r.multiply_adds == 24;
}
static_assert(sees_rows());

}  // namespace

TEST_CASE("a normalization of rows without a bias has no tensor in its place") {
  auto const l = lowered<op::layer_norm>({x234, float32({4})});
  REQUIRE(l.inputs.size() == 3);
  CHECK(l.inputs[2].element == element_type::undefined);
}
