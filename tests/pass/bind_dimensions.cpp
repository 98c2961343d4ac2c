// Names of dimensions get their values.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/pass/bind_dimensions.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "inlay/graph/builder.hpp"

namespace {
using namespace inlay;

constexpr graph image_net() {
  builder b;
  auto const n = b.symbol("batch");
  auto const h = b.symbol("height");
  auto const other = b.nameless_symbol();
  b.input("x", {element_type::float32, {n, 3, h, other}});
  b.input("y", {element_type::float32, {n, 2}});
  b.output(0);
  return b.finish();
}

template <std::size_t N> constexpr graph bound(dimension_value const (&dimensions)[N]) {
  return bind_dimensions(image_net(), dimensions);
}
template <std::size_t N>
constexpr bool gives(dimension_value const (&dimensions)[N], shape const& x, shape const& y) {
  auto const g = bound(dimensions);
  return !g.failure && g.values[0].type.shape == x && g.values[1].type.shape == y;
}
static_assert(gives({{"batch", 1}}, {1, 3, -2, -3}, {1, 2}));
static_assert(gives({{"height", 224}, {"batch", 8}}, {8, 3, 224, -3}, {8, 2}));

constexpr bool nothing_given_changes_nothing() {
  auto const g = bind_dimensions(image_net(), {});
  return !g.failure && g.values[0].type.shape == shape{-1, 3, -2, -3};
}
static_assert(nothing_given_changes_nothing());

template <std::size_t N>
constexpr bool refuses(dimension_value const (&dimensions)[N], rule broken, std::string_view text) {
  auto const g = bound(dimensions);
  return g.failure.broken == broken && g.failure.text.view() == text &&
         g.values[0].type.shape == shape{-1, 3, -2, -3};
}
static_assert(refuses({{"n", 1}}, rule::the_dimension_must_be_in_the_model,
                      "the model has no dimension 'n'; it has 'batch', 'height'"));
static_assert(refuses({{"", 1}}, rule::the_dimension_must_be_in_the_model,
                      "the model has no dimension ''; it has 'batch', 'height'"));
static_assert(refuses({{"batch", 0}}, rule::the_value_of_a_dimension_must_be_at_least_1,
                      "dimension 'batch' is given the value 0; it must be at least 1"));
static_assert(refuses({{"batch", 1}, {"height", -5}},
                      rule::the_value_of_a_dimension_must_be_at_least_1,
                      "dimension 'height' is given the value -5; it must be at least 1"));

constexpr bool a_model_without_names_says_so() {
  builder b;
  b.input("x", {element_type::float32, {b.nameless_symbol()}});
  dimension_value const dimensions[] = {{"n", 1}};
  auto const g = bind_dimensions(b.finish(), dimensions);
  return g.failure.text.view() ==
         "the model has no dimension 'n'; none of its dimensions has a name";
}
static_assert(a_model_without_names_says_so());

constexpr bool a_failed_graph_is_left_alone() {
  auto g = image_net();
  g.fail(make_error(rule::the_file_must_not_be_truncated, "earlier"));
  dimension_value const dimensions[] = {{"batch", 1}};
  g = bind_dimensions(std::move(g), dimensions);
  return g.failure.text.view() == "earlier" && g.values[0].type.shape[0] == -1;
}
static_assert(a_failed_graph_is_left_alone());

}  // namespace

TEST_CASE("one name is one dimension, in every input") {
  dimension_value const dimensions[] = {{"batch", 5}};
  auto const g = bound(dimensions);
  CHECK(g.values[0].type.shape[0] == 5);
  CHECK(g.values[1].type.shape[0] == 5);
}
