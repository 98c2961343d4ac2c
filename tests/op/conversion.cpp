// The types of the operators that make elements of one type of those of another.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/cast.hpp"

#include <doctest/doctest.h>

#include "inlay/op/comparison.hpp"
#include "inlay/op/logic.hpp"
#include "inlay/pass/infer_types.hpp"
#include "one_node.hpp"

namespace {
using namespace inlay_test;

constexpr tensor_type boolean(shape const& s) { return {element_type::boolean, s}; }
constexpr tensor_type int32(shape const& s) { return {element_type::int32, s}; }

/// Whether the result of `Operator` has this type.
template <class Operator>
constexpr bool gives(tensor_type const& to, std::initializer_list<tensor_type> inputs,
                     std::initializer_list<named_attribute> attributes = {}) {
  auto const type = type_of(one_node<Operator>(inputs, attributes, 22));
  return type && *type == to;
}

static_assert(gives<op::cast>(int32({2, 3}), {float32({2, 3})}, {{"to", 6}}));
static_assert(gives<op::cast>(boolean({}), {float32({})}, {{"to", 9}}));
static_assert(refuses<op::cast>(rule::the_element_type_must_be_supported,
                                "a conversion to string is not supported", {float32({5})},
                                {{"to", 8}}));
static_assert(refuses<op::cast>(rule::an_attribute_must_be_in_range,
                                "attribute 'to' is 99; that is no element type", {float32({5})},
                                {{"to", 99}}));
static_assert(refuses<op::cast>(rule::an_attribute_must_be_in_range,
                                "attribute 'to' is 0; that is no element type", {float32({5})}));
static_assert(gives<op::cast_like>(int32({2}), {float32({2}), int32({7, 7})}));

static_assert(gives<op::less>(boolean({2, 3, 4}), {float32({3, 1}), float32({2, 1, 4})}));
static_assert(gives<op::equal>(boolean({2}), {boolean({2}), boolean({1})}));
static_assert(gives<op::is_nan>(boolean({2, 0}), {float32({2, 0})}));
static_assert(gives<op::is_inf>(boolean({2}), {float32({2})}, {{"detect_negative", 0}}));
static_assert(
    refuses<op::greater>(rule::shapes_must_broadcast,
                         "the shapes 2x3 and 2 do not broadcast: 3 and 2 stand on the same axis",
                         {float32({2, 3}), float32({2})}));
static_assert(gives<op::logical_and>(boolean({2, 3}), {boolean({2, 1}), boolean({3})}));
static_assert(gives<op::bitwise_xor>(int32({2, 3}), {int32({2, 1}), int32({3})}));

static_assert(gives<op::where>(float32({4, 2, 3}),
                               {boolean({4, 1, 1}), float32({2, 3}), float32({})}));
static_assert(
    refuses<op::where>(rule::shapes_must_broadcast,
                       "the shapes 2x3 and 2 do not broadcast: 3 and 2 stand on the same axis",
                       {boolean({2, 3}), float32({3}), float32({2})}));

/// What is said of a graph of one node.
template <class Operator>
constexpr bool complains(std::string_view text, std::initializer_list<tensor_type> inputs) {
  auto const g = infer_types(one_node<Operator>(inputs, {}, 22));
  return g.failure.text.view() == text;
}
static_assert(complains<op::where>("node 0 (Where): input 0 is float32, where bool is expected",
                                   {float32({2}), float32({2}), float32({2})}));
static_assert(complains<op::where>("node 0 (Where): input 2 is int32, input 1 is float32",
                                   {boolean({2}), float32({2}), int32({2})}));
static_assert(complains<op::logical_not>("node 0 (Not): element type float32 is not supported",
                                         {float32({2})}));

constexpr bool a_step_has_the_types_of_its_operator() {
  element_types const to_int{element_type::float32, element_type::int32};
  element_types const to_bool{element_type::float32, element_type::boolean};
  using pair = element_form<float, std::int32_t>;
  return pair::types == to_int && element_form<float, bool>::types == to_bool;
}
static_assert(a_step_has_the_types_of_its_operator());

// Of conversions between integers, those that do the same have one code.
template <class From, class To>
using coded = inlay::detail::coded_form<op::cast, element_form<From, To>>;
static_assert(std::is_same_v<coded<std::int32_t, std::int8_t>, coded<std::uint32_t, std::uint8_t>>);
static_assert(std::is_same_v<coded<std::int8_t, std::int64_t>, coded<std::int8_t, std::uint64_t>>);
static_assert(!std::is_same_v<coded<std::int8_t, std::int64_t>, coded<std::uint8_t, std::int64_t>>);
static_assert(std::is_same_v<coded<bool, float>, coded<std::uint8_t, float>>);
static_assert(std::is_same_v<coded<float, float>, element_form<std::uint32_t>>);

}  // namespace

TEST_CASE("the condition of a Where must be truths") {
  auto const g =
      infer_types(one_node<op::where>({float32({2}), float32({2}), float32({2})}, {}, 9));
  CHECK(g.failure.broken == rule::the_element_type_must_be_supported);
}
