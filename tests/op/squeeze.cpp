// Squeeze and Unsqueeze.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/squeeze.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "one_node.hpp"

namespace {
using namespace inlay_test;

/// `Operator` of opset 13 or later, with the axes in an input.
template <class Operator> constexpr graph with_axes(shape const& x, span<std::int64_t const> axes) {
  builder b("", 21);
  auto const a = b.input({}, float32(x));
  auto const list = b.constant({}, {static_cast<std::int64_t>(axes.size())}, axes);
  b.output(apply<Operator>(b, "", {a, list}));
  return b.finish();
}
template <class Operator, std::size_t N>
constexpr bool gives(shape const& x, std::int64_t const (&axes)[N], shape const& y) {
  auto const type = type_of(with_axes<Operator>(x, axes));
  return type && *type == float32(y);
}
template <class Operator, std::size_t N>
constexpr bool refuses(shape const& x, std::int64_t const (&axes)[N], rule broken,
                       std::string_view text) {
  auto const type = type_of(with_axes<Operator>(x, axes));
  return !type && type.failure().broken == broken && type.failure().text.view() == text;
}

// onnx.shape_inference of Squeeze and Unsqueeze.
static_assert(gives<op::squeeze>({2, 1, 3, 1}, {1}, {2, 3, 1}));
static_assert(gives<op::squeeze>({2, 1, 3, 1}, {-1, 1}, {2, 3}));
static_assert(gives<op::unsqueeze>({2, 3}, {0, 3}, {1, 2, 3, 1}));
static_assert(gives<op::unsqueeze>({2, 3}, {-1}, {2, 3, 1}));
static_assert(gives<op::unsqueeze>({}, {0}, {1}));
static_assert(infers<op::squeeze>({2, 3}, {float32({2, 1, 3, 1})}));
static_assert(infers<op::squeeze>({}, {float32({1, 1})}));

static_assert(refuses<op::squeeze>({2, 1}, {0}, rule::the_number_of_elements_must_stay,
                                   "axis 0 of the input of shape 2x1 has not the extent 1"));
static_assert(refuses<op::squeeze>({2, 1}, {2}, rule::the_axis_must_be_within_the_rank,
                                   "axis 2 is outside of 2 axes"));
static_assert(refuses<op::unsqueeze>({2}, {1, 1}, rule::the_axis_must_be_within_the_rank,
                                     "axis 1 is named twice"));
static_assert(refuses<op::unsqueeze>({1, 1, 1, 1, 1, 1, 1, 1}, {0},
                                     rule::a_shape_must_have_at_most_8_axes,
                                     "the result has 9 axes; at most 8 are supported"));
static_assert(inlay_test::refuses<op::unsqueeze>(rule::an_attribute_must_have_a_value,
                                                 "no axes are given", {float32({2})}));
static_assert(inlay_test::refuses<op::squeeze>(
    rule::an_attribute_must_be_in_range,
    "the axes (input 1) are float32 of shape 1, where a list of int64 is expected",
    {float32({1}), float32({1})}));

}  // namespace

TEST_CASE("axes that are computed leave the shape open") {
  builder b("", 21);
  auto const x = b.input({}, float32({2, 1}));
  b.output(apply<op::squeeze>(b, "", {x, b.input({}, {element_type::int64, {1}})}));
  auto const type = type_of(b.finish());
  REQUIRE(type);
  CHECK_FALSE(type->has_shape);
}
