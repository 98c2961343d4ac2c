// From graphs to programs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/program/lower.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "inlay/graph/verify.hpp"
#include "inlay/pass/infer_types.hpp"

namespace {
using namespace inlay;

constexpr auto f = element_type::float32;

constexpr program lowered(builder& b) { return lower(infer_types(verify(b.finish()))); }

constexpr operator_id operator_of_step(program const& p, std::size_t i) {
  return p.structures[p.steps[i].structure].op;
}
constexpr location const& place_of(program const& p, std::size_t step, std::uint32_t operand) {
  return p.locations[p.steps[step].locations.first + operand];
}
constexpr bool is_at(location const& l, place where, std::uint32_t port, std::int64_t offset) {
  return l.where == where && l.port == port && l.offset == offset;
}

constexpr bool a_chain_goes_from_input_to_output() {
  builder b;
  auto const x = b.input("x", {f, {2, 3}});
  auto const a = apply<op::relu>(b, "", {x});
  auto const c = apply<op::softmax>(b, "", {a}, {{"axis", 0}});
  b.output(apply<op::softmax>(b, "", {c}, {{"axis", 0}}), "y");
  auto const p = lowered(b);
  // 24 bytes each, rounded to 64: two live at a time, for columns are not computed in place.
  return !p.failure && p.steps.size() == 3 && p.structures.size() == 2 && p.arena_bytes == 128 &&
         is_at(place_of(p, 0, 0), place::input, 0, 0) &&
         is_at(place_of(p, 0, 1), place::arena, 0, 0) &&
         is_at(place_of(p, 1, 1), place::arena, 0, 64) &&
         is_at(place_of(p, 2, 1), place::output, 0, 0) && p.inputs.size() == 1 &&
         p.inputs[0].name == "x" && p.outputs[0].name == "y" &&
         p.outputs[0].type == tensor_type(f, {2, 3}) && p.weights.empty();
}
static_assert(a_chain_goes_from_input_to_output());

constexpr bool equal_layers_share_a_structure() {
  builder b;
  auto x = b.input("x", {f, {4, 4}});
  for (int i = 0; i < 4; ++i) {
    auto const w = b.constant<float>("", {4, 4},
                                     {1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f, 7.0f, 8.0f, 1.0f, 2.0f,
                                      3.0f, 4.0f, 5.0f, 6.0f, 7.0f, 8.0f});
    x = apply<op::gemm>(b, "", {x, w}, {{"alpha", i < 3 ? 0.5f : 0.25f}});
  }
  b.output(x);
  auto const p = lowered(b);
  return p.steps.size() == 4 && p.structures.size() == 2 &&
         p.steps[0].structure == p.steps[2].structure &&
         p.steps[3].structure != p.steps[0].structure && p.multiply_adds == 4 * 4 * 4 * 4 &&
         p.structures[0].multiply_adds == 64 && p.weights.size() == 4 && p.pools[f] == 4 * 64 &&
         is_at(place_of(p, 2, 1), place::weights, 0, 128) &&
         place_of(p, 0, 2).where == place::nowhere && p.structures[0].layouts.count == 4;
}
static_assert(equal_layers_share_a_structure());

constexpr bool constants_on_the_right_are_packed() {
  builder b;
  auto const x = b.input("x", {f, {2, 3}});
  float elements[60];
  for (int i = 0; i < 60; ++i) elements[i] = static_cast<float>(i);
  auto const w = b.constant("w", {3, 20}, span<float const>(elements, 60));
  auto const flipped = b.constant("flipped", {20, 3}, span<float const>(elements, 60));
  auto const a = apply<op::matmul>(b, "", {x, w});
  auto const c = apply<op::gemm>(b, "", {x, w});
  auto const d = apply<op::gemm>(b, "", {x, flipped}, {{"transB", 1}});
  for (auto const y : {a, c, d}) b.output(y);
  auto const p = lowered(b);
  auto const& right = p.layouts[p.structures[0].layouts.first + 1];
  // Two panels of three steps of 16: 384 bytes. One operand is another order of its constant.
  return p.weights.size() == 2 && p.packings.size() == 2 && p.pools[f] == 2 * 384 &&
         p.structures.size() == 2 && right.extents == shape{2, 16, 3} &&
         right.strides == shape{48, 1, 16} && is_at(place_of(p, 1, 1), place::weights, 0, 0) &&
         is_at(place_of(p, 2, 1), place::weights, 0, 384);
}
static_assert(constants_on_the_right_are_packed());

constexpr bool images_have_their_channels_last_where_all_kernels_take_them() {
  builder b;
  auto const x = b.input("x", {f, {1, 1, 6, 6}});
  float elements[27]{};
  auto const w = b.constant("w", {3, 1, 3, 3}, span<float const>(elements, 27));
  auto const bias = b.constant("bias", {1, 3, 1, 1}, span<float const>(elements, 3));
  auto const a = apply<op::conv>(b, "", {x, w});
  auto const c = apply<op::relu>(b, "", {a});
  auto const d = apply<op::add>(b, "", {c, bias});
  auto const e = apply<op::max_pool>(b, "", {d}, {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}});
  b.output(apply<op::relu>(b, "", {apply<op::flatten>(b, "", {e})}));
  auto const p = lowered(b);
  auto const layout_at = [&](std::size_t step, std::uint32_t i) {
    return p.layouts[p.structures[p.steps[step].structure].layouts.first + i];
  };
  return p.steps.size() == 3 && layout_at(0, 3).strides == shape{3, 1, 0, 0} &&
         layout_at(0, 4).strides == shape{48, 1, 12, 3} &&
         layout_at(1, 0).strides == shape{48, 1, 12, 3} &&
         layout_at(1, 1).strides == shape{12, 4, 2, 1};
}
static_assert(images_have_their_channels_last_where_all_kernels_take_them());

constexpr bool views_cost_no_step() {
  builder b("", 13);
  auto const x = b.input("x", {f, {1, 2, 3, 4}});
  auto const a = apply<op::relu>(b, "", {x});
  auto const flat = apply<op::flatten>(b, "", {a});
  auto const s = b.constant<std::int64_t>("s", {2}, {std::int64_t{4}, std::int64_t{6}});
  auto const shaped = apply<op::reshape>(b, "", {flat, s});
  b.output(apply<op::softmax>(b, "", {shaped}, {{"axis", 0}}));
  auto const p = lowered(b);
  // The shape is no weight: no step reads it. The node is the one of the graph.
  return p.steps.size() == 2 && p.weights.empty() && p.arena_bytes == 128 &&
         is_at(place_of(p, 1, 0), place::arena, 0, 0) && p.steps[1].node == 3 &&
         p.layouts[p.structures[p.steps[1].structure].layouts.first].extents == shape{1, 4, 6};
}
static_assert(views_cost_no_step());

constexpr bool axes_are_no_operand() {
  builder b("", 18);
  auto const x = b.input("x", {f, {2, 3}});
  auto const axes = b.constant<std::int64_t>("axes", {1}, {std::int64_t{0}});
  b.output(apply<op::reduce_sum>(b, "", {x, axes}));
  auto const p = lowered(b);
  return p.steps.size() == 1 && p.weights.empty() && p.steps[0].locations.count == 2 &&
         is_at(place_of(p, 0, 1), place::output, 0, 0);
}
static_assert(axes_are_no_operand());

constexpr bool a_view_at_the_end_is_written_in_place() {
  builder b;
  auto const x = b.input("x", {f, {2, 3}});
  auto const a = apply<op::relu>(b, "", {x});
  b.output(apply<op::flatten>(b, "", {a}, {{"axis", 0}}), "y");
  auto const p = lowered(b);
  return p.steps.size() == 1 && p.arena_bytes == 0 &&
         is_at(place_of(p, 0, 1), place::output, 0, 0) && p.outputs[0].type.shape == shape{1, 6};
}
static_assert(a_view_at_the_end_is_written_in_place());

constexpr bool what_no_kernel_writes_is_copied() {
  builder b;
  auto const x = b.input("x", {f, {2, 3}});
  auto const w = b.constant<float>("w", {2}, {1.0f, 2.0f});
  auto const y = apply<op::relu>(b, "", {x});
  b.output(x);
  b.output(w);
  b.output(y);
  b.output(y);
  b.output(apply<op::flatten>(b, "", {x}));
  auto const p = lowered(b);
  if (p.steps.size() != 5 || p.outputs.size() != 5 || p.arena_bytes != 0) return false;
  for (std::size_t i = 1; i < 5; ++i) {
    if (operator_of_step(p, i) != id_of<op::identity>) return false;
  }
  return is_at(place_of(p, 0, 1), place::output, 2, 0) &&
         is_at(place_of(p, 1, 0), place::input, 0, 0) &&
         is_at(place_of(p, 1, 1), place::output, 0, 0) &&
         is_at(place_of(p, 2, 0), place::weights, 0, 0) &&
         is_at(place_of(p, 2, 1), place::output, 1, 0) &&
         is_at(place_of(p, 3, 0), place::output, 2, 0) &&
         is_at(place_of(p, 3, 1), place::output, 3, 0) &&
         is_at(place_of(p, 4, 0), place::input, 0, 0) &&
         is_at(place_of(p, 4, 1), place::output, 4, 0);
}
static_assert(what_no_kernel_writes_is_copied());

constexpr bool an_output_that_is_read_stays_an_output() {
  builder b;
  auto const x = b.input("x", {f, {2}});
  auto const y = apply<op::relu>(b, "", {x});
  b.output(y);
  b.output(apply<op::add>(b, "", {y, y}));
  auto const p = lowered(b);
  return p.steps.size() == 2 && p.arena_bytes == 0 &&
         is_at(place_of(p, 1, 0), place::output, 0, 0) &&
         is_at(place_of(p, 1, 2), place::output, 1, 0);
}
static_assert(an_output_that_is_read_stays_an_output());

constexpr bool a_weight_that_two_read_is_there_once() {
  builder b;
  auto const x = b.input("x", {f, {2}});
  auto const w = b.constant<float>("w", {2}, {1.0f, 2.0f});
  auto const a = apply<op::add>(b, "", {x, w});
  b.constant<float>("unused", {2}, {3.0f, 4.0f});
  auto const d = b.constant<double>("d", {1}, {1.0});
  b.output(apply<op::add>(b, "", {w, a}));
  b.output(d);
  auto const p = lowered(b);
  return p.weights.size() == 2 && p.pools[f] == 64 && p.pools[element_type::float64] == 64 &&
         is_at(place_of(p, 0, 1), place::weights, 0, 0) &&
         is_at(place_of(p, 0, 2), place::weights, 0, 0) &&
         is_at(place_of(p, 1, 0), place::weights, 0, 0) &&
         p.weights[1].element == element_type::float64;
}
static_assert(a_weight_that_two_read_is_there_once());

constexpr bool a_failed_graph_is_a_failed_program() {
  builder b;
  auto const p = lowered(b);
  return p.failure.broken == rule::a_graph_must_have_an_output && p.steps.empty();
}
static_assert(a_failed_graph_is_a_failed_program());

}  // namespace

TEST_CASE("a diamond keeps both its arms alive") {
  builder b;
  auto const x = b.input("x", {f, {1, 16}});
  auto const a = apply<op::softmax>(b, "", {x});
  // Views: the sums are no links of a softmax.
  auto const left = apply<op::flatten>(b, "", {apply<op::softmax>(b, "", {a})});
  auto const right = apply<op::flatten>(b, "", {apply<op::softmax>(b, "", {a})});
  auto const sum = apply<op::add>(b, "", {left, right});
  b.output(apply<op::add>(b, "", {sum, a}));
  auto const p = lowered(b);
  REQUIRE(p.steps.size() == 4);
  // a lives to the end, where both additions are.
  CHECK(p.arena_bytes == 3 * 64);
  CHECK(p.structures.size() == 2);
}

TEST_CASE("a thousand equal layers have one structure and two tensors") {
  builder b;
  auto x = b.input("x", {f, {50, 2}});
  for (int i = 0; i < 1'000; ++i) x = apply<op::softmax>(b, "", {x}, {{"axis", 0}});
  b.output(x);
  auto const p = lowered(b);
  CHECK(p.steps.size() == 1'000);
  CHECK(p.structures.size() == 1);
  CHECK(p.arena_bytes == 2 * 448);
}

TEST_CASE("multiply-adds that pass the numbers are as many as there are") {
  builder b;
  auto const x = b.input("x", {f, {1 << 21, 1 << 21}});
  b.output(apply<op::matmul>(b, "", {x, x}), "y");
  CHECK(lowered(b).multiply_adds == INT64_MAX);
}

TEST_CASE("a tensor without elements has a program as well, however long its other axes are") {
  auto const mega = std::int64_t{1} << 40;
  builder b;
  auto const x = b.input("x", {f, {0, mega, mega}});
  b.output(apply<op::relu>(b, "", {x}));
  b.output(x);
  auto const p = lowered(b);
  if (!p.failure) CHECK(p.steps.empty());
}

TEST_CASE("what lives at once must have at most 2^62 bytes") {
  builder b;
  auto const x = b.input("x", {element_type::float64, {1 << 21, 1 << 21}});
  vector<value_id> all;
  for (int i = 0; i <= 1 << 17; ++i) {
    all.push_back(apply<op::flatten>(b, "", {apply<op::softmax>(b, "", {x})}));
  }
  auto sum = all[0];
  for (auto const id : all) sum = apply<op::add>(b, "", {sum, id});
  b.output(sum);
  auto const p = lowered(b);
  CHECK(p.failure.broken == rule::the_arena_must_fit_in_memory);
  CHECK(p.failure.text.view() ==
        "the tensors that live at step 131072 have more than 2^62 bytes together");
  CHECK(p.steps.empty());
}

TEST_CASE("of images of any extents the steps are the same ones where that is asked for") {
  auto const steps = [](std::int64_t extent, bool serves_all_extents) {
    builder b;
    auto const x = b.input("x", {f, {1, 2, extent, extent}});
    auto const w = b.input("w", {f, {2, 2, 3, 3}});
    std::int64_t const two[] = {2, 2};
    named_attribute const by_two{"strides", two};
    named_attribute const around{"auto_pad", "SAME_LOWER"};
    auto y = apply<op::conv>(b, "", {x, w}, {by_two, around});
    y = apply<op::conv>(b, "", {y, w}, {by_two, {"pads", {1, 1, 1, 1}}});
    b.output(apply<op::max_pool>(b, "", {y}, {{"kernel_shape", {2, 2}}, by_two, around}));
    lower_options how;
    how.serves_all_extents = serves_all_extents;
    auto const p = lower(infer_types(verify(b.finish())), how);
    REQUIRE_FALSE(p.failure);
    std::vector<operator_id> all;
    for (std::size_t i = 0; i < p.steps.size(); ++i) all.push_back(operator_of_step(p, i));
    return all;
  };
  auto const wanted = steps(32, true);
  bool differ = false;
  for (std::int64_t extent = 33; extent < 41; ++extent) {
    CAPTURE(extent);
    CHECK(steps(extent, true) == wanted);
    differ = differ || steps(extent, false) != steps(32, false);
  }
  CHECK(differ);
}
