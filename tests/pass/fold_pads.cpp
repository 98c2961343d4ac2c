// Pads move into the windows behind them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/pass/fold_pads.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <limits>
#include <string_view>
#include <vector>

#include "golden.hpp"
#include "inlay/pass/infer_types.hpp"
#include "inlay/program/interpret-inl.hpp"
#include "inlay/program/lower.hpp"

namespace {
using namespace inlay_test;

constexpr auto pass = [](graph g) { return fold_pads(std::move(g)); };

// Pads 0, 0, 1, 0, 0, 2.
constexpr std::string_view example = R"(
graph "example" opset 28
input %0 : float32[1, 1, 4]
input %1 : float32[1, 1, 2]
constant %2 : int64[6] = AAAAAAAAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIAAAAAAAAA
%3 = Pad(%0, %2) : float32[1, 1, 7]
%4 = Conv(%3, %1) {strides = [2], pads = [0, 1]} : float32[1, 1, 4]
return %4
)";
static_assert(becomes(pass, example, R"(
graph "example" opset 28
input %0 : float32[1, 1, 4]
input %1 : float32[1, 1, 2]
constant %2 : int64[6]
%4 = Conv(%0, %1) {strides = [2], pads = [1, 3]} : float32[1, 1, 4]
return %4
)"));
static_assert(leaves_failures_alone(pass, example));

constexpr bool a_pad_with_another_reader_stays() {
  auto g = parse(example, find_operator);
  g.outputs.push_back(3);
  return pass(std::move(g)).nodes.size() == 2;
}
static_assert(a_pad_with_another_reader_stays());

constexpr auto lowest = std::numeric_limits<float>::lowest();
constexpr auto infinity = std::numeric_limits<float>::infinity();

/// A Pad, of an image of 6x5 if not said otherwise, and what looks at it.
struct padded {
  std::initializer_list<std::int64_t> pads = {0, 0, 1, 2, 0, 0, 0, 1};
  float value = 0;
  shape image{1, 3, 6, 5};
  bool has_relu = false;
  char const* mode = "constant";
  bool is_known = true;  // the pads are constants
};
template <class Operator>
constexpr graph graph_of(padded const& how, std::initializer_list<named_attribute> attributes) {
  builder b("", newest_opset);
  auto x = b.input("x", {element_type::float32, how.image});
  float w[54]{};
  for (int i = 0; i < 54; ++i) w[i] = static_cast<float>(i % 7) - 3;
  if (how.has_relu) x = apply<op::relu>(b, "", {x});
  shape const count{static_cast<std::int64_t>(how.pads.size())};
  auto const pads =
      how.is_known
          ? b.constant("", count, span<std::int64_t const>(how.pads.begin(), how.pads.size()))
          : b.input("pads", {element_type::int64, count});
  auto const value = b.constant("", shape{}, span<float const>(&how.value, 1));
  auto y = apply<op::pad>(b, "", {x, pads, value}, {{"mode", how.mode}});
  if constexpr (std::is_same_v<Operator, op::conv>) {
    y = apply<op::conv>(b, "", {y, b.constant("", {3, 1, 3, 3}, span<float const>(w, 27))},
                        attributes);
  } else {
    y = apply<Operator>(b, "", {y}, attributes);
  }
  b.output(y);
  return infer_types(b.finish());
}
template <class Operator>
constexpr bool folds(padded const& how, std::initializer_list<named_attribute> attributes) {
  auto const g = graph_of<Operator>(how, attributes);
  auto const before = g.nodes.size();
  return !g.failure && pass(g).nodes.size() == before - 1;
}

// What is no padding of a window, and padding that means something else to it.
static_assert(folds<op::conv>({}, {{"group", 3}}));
static_assert(!folds<op::conv>({.value = 1}, {{"group", 3}}));
static_assert(!folds<op::conv>({.mode = "edge"}, {{"group", 3}}));
static_assert(!folds<op::conv>({.pads = {0, 0, 1, 0, 0, 0, -1, 0}}, {{"group", 3}}));
static_assert(!folds<op::conv>({.pads = {1, 0, 1, 0, 0, 0, 0, 0}}, {{"group", 3}}));
static_assert(!folds<op::conv>({.pads = {0, 0, 1, 0, 0, 3, 0, 0}}, {{"group", 6}}));
static_assert(folds<op::conv>({}, {{"group", 3}, {"auto_pad", "VALID"}}));
static_assert(!folds<op::conv>({}, {{"group", 3}, {"auto_pad", "SAME_UPPER"}}));
static_assert(folds<op::max_pool>({.value = -infinity}, {{"kernel_shape", {1, 1}}}));
static_assert(folds<op::max_pool>({.value = lowest}, {{"kernel_shape", {3, 3}}}));
static_assert(!folds<op::max_pool>({.value = lowest}, {{"kernel_shape", {3, 2}}}));
static_assert(!folds<op::max_pool>({.value = lowest},
                                   {{"kernel_shape", {3, 3}}, {"dilations", {1, 2}}}));
static_assert(!folds<op::max_pool>({}, {{"kernel_shape", {3, 3}}}));
static_assert(folds<op::max_pool>({.has_relu = true}, {{"kernel_shape", {3, 3}}}));
static_assert(!folds<op::max_pool>({.has_relu = true}, {{"kernel_shape", {3, 2}}}));
static_assert(folds<op::average_pool>({}, {{"kernel_shape", {2, 2}}}));
static_assert(!folds<op::average_pool>({}, {{"kernel_shape", {2, 2}}, {"pads", {1, 0, 0, 0}}}));
static_assert(folds<op::average_pool>(
    {}, {{"kernel_shape", {2, 2}}, {"pads", {1, 0, 0, 0}}, {"count_include_pad", 1}}));
// The last window starts behind the image, on what the Pad has added.
static_assert(
    !folds<op::max_pool>({.pads = {0, 0, 0, 0, 0, 0, 3, 0}, .value = -infinity},
                         {{"kernel_shape", {2, 2}}, {"strides", {4, 1}}, {"ceil_mode", 1}}));
static_assert(
    folds<op::max_pool>({.pads = {0, 0, 1, 0, 0, 0, 0, 0}, .value = -infinity},
                        {{"kernel_shape", {2, 2}}, {"strides", {4, 1}}, {"ceil_mode", 1}}));

std::vector<float> run(graph const& g) {
  auto const p = lower(g);
  REQUIRE(p.failure.text.view() == "");
  std::vector<float> x(static_cast<std::size_t>(elements_of(p.inputs[0].type.shape)));
  std::vector<float> y(static_cast<std::size_t>(elements_of(p.outputs[0].type.shape)));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 37 % 23) - 11;
  void const* const inputs[] = {x.data()};
  void* const outputs[] = {y.data()};
  interpret(p, inputs, outputs);
  return y;
}
template <class Operator>
void check_bits(padded const& how, std::initializer_list<named_attribute> attributes) {
  auto const g = graph_of<Operator>(how, attributes);
  REQUIRE(g.failure.text.view() == "");
  auto const folded = pass(g);
  CHECK(folded.nodes.size() == g.nodes.size() - 1);
  CHECK(verify(folded).failure.text.view() == "");
  auto const a = run(g);
  auto const b = run(folded);
  REQUIRE(a.size() == b.size());
  CHECK(std::memcmp(a.data(), b.data(), 4 * a.size()) == 0);
}

}  // namespace

TEST_CASE("a window that pads gives the bits of one behind a Pad") {
  check_bits<op::conv>({}, {{"group", 3}});
  // Some windows see nothing else.
  check_bits<op::conv>({.pads = {0, 0, 7, 0, 0, 0, 0, 5}},
                       {{"group", 3}, {"strides", {1, 2}}, {"dilations", {2, 1}}});
  check_bits<op::max_pool>({.pads = {0, 0, 3, 0, 0, 0, 1, 4}, .value = -infinity},
                           {{"kernel_shape", {3, 2}}, {"strides", {1, 2}}});
  check_bits<op::max_pool>({.pads = {0, 0, 1, 0, 0, 1}, .image = {1, 2, 9}, .has_relu = true},
                           {{"kernel_shape", {3}}});
  check_bits<op::average_pool>({.pads = {0, 0, 3, 0, 0, 0, 1, 4}},
                               {{"kernel_shape", {3, 2}}, {"ceil_mode", 0}});
  check_bits<op::average_pool>(
      {}, {{"kernel_shape", {2, 3}}, {"pads", {1, 0, 0, 2}}, {"count_include_pad", 1}});
}

TEST_CASE("two Pads in a row are the padding of one window") {
  builder b("", newest_opset);
  auto y = b.input("x", {element_type::float32, {1, 1, 4}});
  std::int64_t const pads[] = {0, 0, 1, 0, 0, 2};
  for (int i = 0; i < 2; ++i) {
    y = apply<op::pad>(b, "", {y, b.constant("", {6}, span<std::int64_t const>(pads, 6))});
  }
  b.output(apply<op::average_pool>(b, "", {y}, {{"kernel_shape", {2}}}));
  auto const g = pass(infer_types(b.finish()));
  REQUIRE(g.nodes.size() == 1);
  auto const found = node_view(g, g.nodes[0]).integers("pads");
  CHECK(found.size() == 2);
  CHECK(found[0] == 2);
  CHECK(found[1] == 4);
}

TEST_CASE("pads that are not known stay") {
  auto const g =
      graph_of<op::max_pool>({.value = -infinity, .is_known = false}, {{"kernel_shape", {1, 1}}});
  REQUIRE(g.failure.text.view() == "");
  CHECK(pass(g).nodes.size() == 2);
}

TEST_CASE("an extent without a value") {
  builder b("", newest_opset);
  auto const h = b.symbol("h");
  auto const x = b.input("x", {element_type::float32, {1, 1, h, 4}});
  std::int64_t const pads[] = {0, 0, 1, 0, 0, 0, 1, 0};
  auto const y = apply<op::pad>(b, "", {x, b.constant("", {8}, span<std::int64_t const>(pads, 8))});
  b.output(apply<op::average_pool>(b, "", {y}, {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}}));
  CHECK(pass(infer_types(b.finish())).nodes.size() == 1);
}
