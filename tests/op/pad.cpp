// Pad: its type, its errors, and what its output is made of.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/pad.hpp"

#include <doctest/doctest.h>

#include <string_view>
#include <vector>

#include "inlay/pass/infer_types.hpp"
#include "inlay/program/interpret-inl.hpp"
#include "inlay/program/lower.hpp"
#include "one_node.hpp"

namespace {
using namespace inlay_test;

using list = std::initializer_list<std::int64_t>;

constexpr graph pad_of(shape const& x, list pads, char const* mode, list axes = {}) {
  builder b("", 21);
  auto const constant = [&](list const& l) {
    if (l.size() == 0) return no_value;
    return b.constant({}, {static_cast<std::int64_t>(l.size())}, l);
  };
  auto const in = b.input({}, float32(x));
  auto const p = constant(pads);
  b.output(apply<op::pad>(b, "", {in, p, no_value, constant(axes)}, {{"mode", mode}}));
  return b.finish();
}
constexpr bool gives(graph g, shape const& y) {
  auto const type = type_of(std::move(g));
  return type && type->shape == y;
}
constexpr bool refuses(graph g, rule broken, std::string_view text) {
  auto const type = type_of(std::move(g));
  return !type && type.failure().broken == broken && type.failure().text.view() == text;
}

// onnx.shape_inference.
static_assert(gives(pad_of({2, 3}, {1, 0, 0, 2}, "constant"), {3, 5}));
static_assert(gives(pad_of({2, 3}, {-1, 0, 0, 2}, "constant"), {1, 5}));
static_assert(gives(pad_of({2, 3}, {1, 2}, "edge", {-1}), {2, 6}));

static_assert(refuses(pad_of({2}, {1, 1}, "mirror"), rule::an_attribute_must_be_in_range,
                      "attribute 'mode' is 'mirror', which is not one of constant, edge, reflect, "
                      "wrap"));
static_assert(refuses(pad_of({2}, {1}, "constant"), rule::an_attribute_must_be_in_range,
                      "there are 1 pads, where 2 are expected"));
static_assert(refuses(pad_of({2}, {-2, -1}, "constant"), rule::an_extent_must_not_be_negative,
                      "axis 0 of 2 elements loses more than it has"));
static_assert(refuses(pad_of({2}, {2, 0}, "reflect"), rule::an_attribute_must_be_in_range,
                      "axis 0 of 2 elements has pads of 2 and 0, which mode 'reflect' does not "
                      "give"));
static_assert(refuses(pad_of({2, 3}, {1, 1}, "constant", {2}),
                      rule::the_axis_must_be_within_the_rank,
                      "axis 2 is outside of the input's axes"));
static_assert(refuses(pad_of({2, 3}, {1, 1, 1, 1}, "constant", {1, -1}),
                      rule::the_axis_must_be_within_the_rank, "axis -1 is named twice"));

std::vector<float> padded(list pads, char const* mode, shape const& s = {2, 3}) {
  auto const p = lower(infer_types(pad_of(s, pads, mode)));
  REQUIRE_FALSE(p.failure);
  float const x[] = {1, 2, 3, 4, 5, 6};
  std::vector<float> y(static_cast<std::size_t>(elements_of(p.outputs[0].type.shape)), 99.0f);
  void const* const inputs[] = {x};
  void* const outputs[] = {y.data()};
  interpret(p, inputs, outputs);
  return y;
}

}  // namespace

TEST_CASE("padding as numpy.pad has it") {
  CHECK(padded({1, 1, 0, 0}, "constant") == std::vector<float>{0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6});
  CHECK(padded({2, 1, 0, 0}, "constant", {0, 2}) == std::vector<float>(6, 0));
  CHECK(padded({0, -1, 0, 1}, "constant") == std::vector<float>{2, 3, 0, 5, 6, 0});
  CHECK(padded({0, 1, 1, 1}, "edge") ==
        std::vector<float>{1, 1, 2, 3, 3, 4, 4, 5, 6, 6, 4, 4, 5, 6, 6});
  CHECK(padded({1, 2, 0, 1}, "reflect") ==
        std::vector<float>{6, 5, 4, 5, 6, 5, 3, 2, 1, 2, 3, 2, 6, 5, 4, 5, 6, 5});
  CHECK(padded({1, 0, 0, 2}, "wrap") ==
        std::vector<float>{4, 5, 6, 4, 5, 1, 2, 3, 1, 2, 4, 5, 6, 4, 5});
}
