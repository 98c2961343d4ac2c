// Slice and Split: their types, their errors, and where their elements are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/slice.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "inlay/graph/parse.hpp"
#include "inlay/graph/print.hpp"
#include "inlay/graph/verify.hpp"
#include "inlay/pass/infer_types.hpp"
#include "one_node.hpp"

namespace {
using namespace inlay_test;

using list = std::initializer_list<std::int64_t>;

/// A Slice with these numbers as constants.
constexpr graph slice_of(shape const& x, list starts, list ends, list axes = {}, list steps = {}) {
  builder b("", 21);
  auto const constant = [&](list const& l) {
    if (l.size() == 0) return no_value;
    return b.constant({}, {static_cast<std::int64_t>(l.size())}, l);
  };
  auto const in = b.input({}, float32(x));
  auto const s = constant(starts);
  auto const e = constant(ends);
  auto const a = constant(axes);
  b.output(apply<op::slice>(b, "", {in, s, e, a, constant(steps)}));
  return b.finish();
}
constexpr bool refuses(graph g, rule broken, std::string_view text) {
  auto const type = type_of(std::move(g));
  return !type && type.failure().broken == broken && type.failure().text.view() == text;
}
/// Whether the elements have this shape, and lie so in the input.
constexpr bool is_at(graph g, shape const& to, shape const& strides, std::int64_t offset) {
  auto const type = type_of(g);
  tensor_view v{layout(g.values[0].type), 0};
  op::slice::view_of_input(node_view(g, g.nodes[0]), 0, v);
  return type && type->shape == to && looks(v.lies, to, strides) && v.offset == offset;
}

// numpy: x[1:3, :4], x[::-1, -1:0:-2], x[:, 3:100].
static_assert(is_at(slice_of({5, 6}, {1, 0}, {3, 4}), {2, 4}, {6, 1}, 6));
static_assert(is_at(slice_of({5, 6}, {-1, -1}, {INT64_MIN, 0}, {0, 1}, {-1, -2}), {5, 3}, {-6, -2},
                    29));
static_assert(is_at(slice_of({5, 6}, {3}, {100}, {-1}), {5, 3}, {6, 1}, 3));
// Nothing is left.
static_assert(is_at(slice_of({5, 6}, {3}, {3}), {0, 6}, {6, 1}, 0));

static_assert(refuses(slice_of({5, 6}, {1, 1}, {3}), rule::an_attribute_must_be_in_range,
                      "there are 2 starts, but 1 ends"));
static_assert(refuses(slice_of({5, 6}, {1}, {3}, {2}), rule::the_axis_must_be_within_the_rank,
                      "axis 2 is outside of the input's 2 axes"));
static_assert(refuses(slice_of({5, 6}, {1, 1}, {3, 3}, {1, -1}),
                      rule::the_axis_must_be_within_the_rank, "axis -1 is named twice"));
static_assert(refuses(slice_of({5, 6}, {1}, {3}, {0}, {0}), rule::an_attribute_must_be_in_range,
                      "step 0 is 0"));
static_assert(refuses(slice_of({5}, {1, 1}, {3, 3}), rule::the_axis_must_be_within_the_rank,
                      "there are 2 starts, the input has 1 axes"));
static_assert(inlay_test::refuses<op::slice>(
    rule::an_attribute_must_be_in_range,
    "the starts (input 1) are float32 of shape 1, where a list of integers is expected",
    {float32({3}), float32({1}), float32({1})}));

/// The type of the first result of the last node of a graph in text.
std::string_view last_type(std::string_view lines) {
  text_buffer source;  // in which the graph's names are
  source << "graph \"g\" opset 21\n" << lines;
  auto g = parse(source.view(), find_operator);
  REQUIRE_FALSE(g.failure);
  auto const last = g.operands[g.nodes.back().outputs.first];
  g = infer_types(verify(std::move(g)));
  static text_buffer text;
  text = {};
  if (g.failure) text << g.failure.text.view();
  else text << print(g, g.values[last].type).view();
  return text.view();
}

constexpr std::string_view numbers =
    "constant %1 : int64[1] = AAAAAAAAAAA=\n"   // 0
    "constant %2 : int64[1] = AgAAAAAAAAA=\n"   // 2
    "constant %3 : int64[1] = //////////8=\n"   // -1
    "constant %4 : int64[1] = /////////38=\n";  // INT64_MAX

std::string_view slice_of_n(std::string_view input, std::string_view node) {
  text_buffer text;
  text << "input %0 : float32[" << input << ", 4]\n"
       << numbers << "%5 = " << node << "\n"
       << "return %5\n";
  return last_type(text.view());
}

/// Split into equal parts, or of these sizes; its first outputs are those of the graph.
constexpr graph split_of(shape const& x, std::uint32_t outputs, list sizes,
                         std::initializer_list<named_attribute> attributes,
                         std::int64_t opset = 21) {
  builder b("", opset);
  auto const in = b.input({}, float32(x));
  auto s = no_value;
  if (sizes.size() > 0) s = b.constant({}, {static_cast<std::int64_t>(sizes.size())}, sizes);
  b.output(b.add(id_of<op::split>, "Split", "", {in, s}, attributes, outputs));
  return b.finish();
}
constexpr bool is_part(graph g, int output, shape const& to, std::int64_t offset) {
  inference known(g);
  auto const type = entry_of<graph>(g.nodes[0].op).infer({g, g.nodes[0], &known}, output);
  tensor_view v{layout(g.values[0].type), 0};
  op::split::view_of_input(node_view(g, g.nodes[0]), output, v);
  return type && type->shape == to && v.lies.extents == to &&
         v.lies.strides == contiguous_strides(g.values[0].type.shape) && v.offset == offset;
}
static_assert(is_part(split_of({2, 7}, 3, {}, {{"axis", 1}}), 1, {2, 3}, 3));
static_assert(is_part(split_of({2, 7}, 3, {}, {{"axis", -1}, {"num_outputs", 3}}), 2, {2, 1}, 6));
static_assert(is_part(split_of({6, 2}, 3, {1, 0, 5}, {}), 2, {5, 2}, 2));

static_assert(refuses(split_of({2, 7}, 3, {}, {{"axis", 1}}, 13),
                      rule::an_attribute_must_be_in_range,
                      "axis 1 of the input of shape 2x7 does not divide into 3 parts"));
static_assert(refuses(split_of({5}, 4, {}, {}), rule::an_attribute_must_be_in_range,
                      "axis 0 of the input of shape 5 does not divide into 4 parts"));
static_assert(refuses(split_of({4}, 2, {1, 2}, {}), rule::the_number_of_elements_must_stay,
                      "the sizes have the sum 3, axis 0 of the input has 4 elements"));
static_assert(refuses(split_of({4}, 2, {5, -1}, {}), rule::an_extent_must_not_be_negative,
                      "size 1 is -1"));
static_assert(refuses(split_of({4}, 2, {4}, {}),
                      rule::the_number_of_outputs_must_match_the_operator,
                      "there are 1 sizes (input 1), but 2 outputs"));
static_assert(refuses(split_of({4}, 2, {}, {{"num_outputs", 3}}),
                      rule::the_number_of_outputs_must_match_the_operator,
                      "attribute 'num_outputs' is 3, where there are 2 outputs"));

}  // namespace

TEST_CASE("slices of an axis whose extent has no value") {
  CHECK(slice_of_n("n", "Slice(%0, %1, %4)") == "float32[n, 4]");
  CHECK(slice_of_n("n + 3", "Slice(%0, %2, %4)") == "float32[n + 1, 4]");
  CHECK(slice_of_n("n + 2", "Slice(%0, %1, %3)") == "float32[n + 1, 4]");
  CHECK(slice_of_n("n + 1", "Slice(%0, %3, %4)") == "float32[1, 4]");
  CHECK(slice_of_n("n", "Slice(%0, %1, %4, %1, %2)") == "float32[floor((n + 1) / 2), 4]");
  CHECK(slice_of_n("n + 2", "Slice(%0, %4, %1, %1, %3)") == "float32[n + 1, 4]");
  CHECK(slice_of_n("n + 2", "Slice(%0, %1, %2)") == "float32[2, 4]");
  // Of n elements there may be less than two.
  CHECK(slice_of_n("n", "Slice(%0, %1, %2)") == "float32[?0, 4]");
}

TEST_CASE("parts of an axis whose extent has no value") {
  CHECK(last_type("input %0 : float32[2 * n, 4]\n%1, %2 = Split(%0)\nreturn %1\n") ==
        "float32[n, 4]");
}
