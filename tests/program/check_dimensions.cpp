// What has no value when a graph is lowered.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/program/check_dimensions.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "inlay/pass/optimize.hpp"
#include "inlay/program/lower.hpp"

namespace {
using namespace inlay;

template <class Build> constexpr bool refuses(rule broken, std::string_view text, Build build) {
  builder b("net", 21);
  build(b);
  auto g = optimize(b.finish());
  if (g.failure) return false;
  check_dimensions(g);
  return g.failure.broken == broken && g.failure.text.view() == text;
}

static_assert(refuses(rule::every_dimension_must_have_a_value,
                      "input 'x': dimension 1 'width' has no value; give it one", [](builder& b) {
                        b.output(b.input("x", {element_type::float32, {1, b.symbol("width")}}));
                      }));
static_assert(refuses(rule::every_dimension_must_have_a_value, "input 'x': it has no shape",
                      [](builder& b) { b.output(b.input("x", {})); }));
static_assert(refuses(rule::every_dimension_must_have_a_value, "input 'x': it has no shape",
                      [](builder& b) {
                        auto const x = b.input("x", {});
                        b.output(b.add(operator_id::unlisted, "Shape", "s", {x}));
                      }));
static_assert(refuses(rule::the_shape_must_be_a_constant,
                      "node 0 'r' (Reshape): the shape (input 1) is computed; only a constant is "
                      "supported",
                      [](builder& b) {
                        auto const x = b.input("x", {element_type::float32, {2}});
                        auto const s = b.input("s", {element_type::int64, {1}});
                        auto const y = apply<op::reshape>(b, "r", {x, s});
                        b.output(apply<op::relu>(b, "a", {y}));
                      }));

constexpr bool passes() {
  builder b("net", 21);
  auto const x = b.input("x", {element_type::float32, {2}});
  b.output(apply<op::relu>(b, "a", {x}));
  auto g = optimize(b.finish());
  check_dimensions(g);
  return !g.failure;
}
static_assert(passes());

}  // namespace

TEST_CASE("lowering says what has no value") {
  builder b("net", 21);
  auto const x = b.input("x", {element_type::float32, {b.symbol("batch"), 8}});
  b.output(apply<op::relu>(b, "act", {x}));
  CHECK(lower(optimize(b.finish())).failure.text.view() ==
        "input 'x': dimension 0 'batch' has no value; give it one");
}
