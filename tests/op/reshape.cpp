// Flatten and Reshape.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/reshape.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "one_node.hpp"

namespace {
using namespace inlay_test;

constexpr auto x234 = float32({2, 3, 4});

// onnx.shape_inference of Flatten.
static_assert(infers<op::flatten>({2, 12}, {x234}));
static_assert(infers<op::flatten>({2, 12}, {x234}, {{"axis", 1}}));
static_assert(infers<op::flatten>({1, 24}, {x234}, {{"axis", 0}}));
static_assert(infers<op::flatten>({24, 1}, {x234}, {{"axis", 3}}));
static_assert(infers<op::flatten>({6, 4}, {x234}, {{"axis", -1}}));
static_assert(infers<op::flatten>({2, 12}, {x234}, {{"axis", -2}}));
static_assert(infers<op::flatten>({1, 24}, {x234}, {{"axis", -3}}));
static_assert(infers<op::flatten>({1, 1}, {float32({})}, {{"axis", 0}}));
static_assert(infers<op::flatten>({5, 1}, {float32({5})}));
static_assert(infers<op::flatten>({0, 4}, {float32({2, 0, 4})}, {{"axis", 2}}));

static_assert(refuses<op::flatten>(rule::the_axis_must_be_within_the_rank,
                                   "axis 4 is outside of the input's 3 axes", {x234},
                                   {{"axis", 4}}));
static_assert(refuses<op::flatten>(rule::the_axis_must_be_within_the_rank,
                                   "axis -4 is outside of the input's 3 axes", {x234},
                                   {{"axis", -4}}));
static_assert(refuses<op::flatten>(rule::the_axis_must_be_within_the_rank,
                                   "axis 1 is outside of the input's 0 axes", {float32({})}));
constexpr std::int64_t huge = std::int64_t{1} << 40;
static_assert(refuses<op::flatten>(rule::a_tensor_must_fit_in_memory,
                                   "the input of shape 1099511627776x1099511627776 is too large",
                                   {float32({huge, huge})}, {{"axis", 0}}));

/// Reshape with a shape that is a constant.
constexpr graph reshape_to(shape const& from, span<std::int64_t const> to,
                           std::int64_t allow_zero = 0) {
  builder b("", 21);
  auto const x = b.input({}, float32(from));
  auto const s = b.constant({}, {static_cast<std::int64_t>(to.size())}, to);
  b.output(apply<op::reshape>(b, "", {x, s}, {{"allowzero", allow_zero}}));
  return b.finish();
}
template <std::size_t N>
constexpr bool reshapes(shape const& from, std::int64_t const (&to)[N], shape const& expected,
                        std::int64_t allow_zero = 0) {
  auto const type = type_of(reshape_to(from, to, allow_zero));
  return type && *type == float32(expected);
}
template <std::size_t N>
constexpr bool refuses(shape const& from, std::int64_t const (&to)[N], rule broken,
                       std::string_view text, std::int64_t allow_zero = 0) {
  auto const type = type_of(reshape_to(from, to, allow_zero));
  return !type && type.failure().broken == broken && type.failure().text.view() == text;
}

// onnx.shape_inference of Reshape.
static_assert(reshapes({2, 3, 4}, {0, -1}, {2, 12}));
static_assert(reshapes({2, 3, 4}, {4, 2, 3}, {4, 2, 3}));
static_assert(reshapes({2, 3, 4}, {2, -1}, {2, 12}));
static_assert(reshapes({2, 3, 4}, {-1}, {24}));
static_assert(reshapes({2, 3, 4}, {0, 0, 0}, {2, 3, 4}));
static_assert(reshapes({2, 3, 4}, {-1, 2, 3, 4}, {1, 2, 3, 4}));
static_assert(reshapes({2, 3, 4}, {2, 12, 1}, {2, 12, 1}));
static_assert(reshapes({0, 3, 4}, {3, 4, 0}, {3, 4, 0}, 1));
static_assert(reshapes({1, 1}, {1, 1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1, 1}));
static_assert(type_of(reshape_to({1}, span<std::int64_t const>()))->shape == shape{});

static_assert(refuses({2, 3, 4}, {5, -1}, rule::the_number_of_elements_must_stay,
                      "the input of shape 2x3x4 has 24 elements, the new shape 5x1 has 5"));
static_assert(refuses({2, 3, 4}, {2, 3}, rule::the_number_of_elements_must_stay,
                      "the input of shape 2x3x4 has 24 elements, the new shape 2x3 has 6"));
static_assert(refuses({2, 3}, {2, 0, 3}, rule::the_number_of_elements_must_stay,
                      "the input of shape 2x3 has 6 elements, the new shape 2x0x3 has 0", 1));
static_assert(refuses({6}, {2, 3, 0}, rule::the_axis_must_be_within_the_rank,
                      "extent 2 of the new shape is kept, but the input has 1 axes"));
static_assert(refuses({2, 3}, {-1, -1}, rule::an_extent_must_not_be_negative,
                      "extent 1 of the new shape is -1"));
static_assert(refuses({2, 3}, {3, -2}, rule::an_extent_must_not_be_negative,
                      "extent 1 of the new shape is -2"));
static_assert(refuses({2, 3}, {huge, huge}, rule::a_tensor_must_fit_in_memory,
                      "the shape 1099511627776x1099511627776 is too large"));
static_assert(refuses({2, 3}, {1, 1, 1, 1, 1, 1, 1, 2, 3}, rule::a_shape_must_have_at_most_8_axes,
                      "the shape (input 1) is int64 of shape 9, where a list of at most 8 int64 is "
                      "expected"));

constexpr bool refuses_a_shape_of(rule broken, std::string_view text, tensor_type const& type,
                                  bool is_constant) {
  builder b("", 21);
  auto const x = b.input({}, float32({2}));
  auto const s =
      is_constant ? b.constant({}, type, std::string_view("\2\0\0\0", 4)) : b.input({}, type);
  b.output(apply<op::reshape>(b, "", {x, s}));
  auto const result = type_of(b.finish());
  return !result && result.failure().broken == broken && result.failure().text.view() == text;
}
static_assert(refuses_a_shape_of(rule::a_shape_must_have_at_most_8_axes,
                                 "the shape (input 1) is int32 of shape 1, where a list of at most "
                                 "8 int64 is expected",
                                 {element_type::int32, {1}}, true));
static_assert(refuses_a_shape_of(rule::a_shape_must_have_at_most_8_axes,
                                 "the shape (input 1) is int64 of shape scalar, where a list of at "
                                 "most 8 int64 is expected",
                                 {element_type::int64, {}}, true));

/// A shape that is computed leaves the result without one.
constexpr bool a_computed_shape_leaves_it_open() {
  builder b("", 21);
  auto const x = b.input({}, float32({2}));
  b.output(apply<op::reshape>(b, "", {x, b.input({}, {element_type::int64, {1}})}));
  auto const type = type_of(b.finish());
  return type && type->element == element_type::float32 && !type->has_shape;
}
static_assert(a_computed_shape_leaves_it_open());

static_assert(entry_of<graph>(id_of<op::reshape>).is_view &&
              entry_of<graph>(id_of<op::flatten>).is_view);

}  // namespace

TEST_CASE("a -1 beside a 0 is refused: no one number is left for it") {
  // onnx 1.23.2: "Product cannot be 0 in combination with -1"; numpy refuses it as well.
  std::int64_t const to[] = {0, -1};
  CHECK_FALSE(type_of(reshape_to({0, 3}, to)));
}
