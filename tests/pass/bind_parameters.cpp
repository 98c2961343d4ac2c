// Parameters become the constants that have their names.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/pass/bind_parameters.hpp"

#include <doctest/doctest.h>

#include <string>

#include "inlay/graph/builder.hpp"
#include "inlay/op/list.hpp"

namespace {

using namespace inlay;

constexpr auto float32 = element_type::float32;

/// x 1x2 times fc.weight 2x3.
constexpr graph product() {
  builder b("product", newest_opset);
  auto const x = b.input("x", {float32, {1, 2}});
  auto const w = b.input("fc.weight", {float32, {2, 3}});
  b.output(apply<op::matmul>(b, "fc", {x, w}), "y");
  return b.finish();
}
constexpr graph weights(string_view name, shape const& s) {
  builder b;
  b.constant<float>("other", {1}, {7.0f});
  b.constant<float>(name, s, {1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f});
  return b.finish();
}

static_assert([] {
  auto const g = bind_parameters(product(), 1, weights("fc.weight", {2, 3}));
  if (g.failure || g.inputs.size() != 1 || !g.is_constant(1)) return false;
  auto const bytes = g.bytes_of(g.constants[g.values[1].constant]);
  return bytes.size() == 24 && read_little_endian<float>(bytes, 5) == 6.0f;
}());

std::string refusal(graph const& w) {
  auto const g = bind_parameters(product(), 1, w);
  return std::string(g.failure.text.view());
}

TEST_CASE("a weight that is missing is named, with the nearest name that is there") {
  CHECK(refusal(weights("fc.wieght", {2, 3})) ==
        "the parameter 'fc.weight' of shape 2x3 is not among the weights; the nearest name there "
        "is 'fc.wieght'");
  CHECK(refusal(graph{}) ==
        "the parameter 'fc.weight' of shape 2x3 is not among the weights; they have no names");
}

TEST_CASE("a weight of another shape is refused with both shapes") {
  CHECK(refusal(weights("fc.weight", {3, 2})) ==
        "the parameter 'fc.weight' is float32 of shape 2x3, the weight is float32 of shape 3x2");
}

TEST_CASE("weights that could not be read say why") {
  graph failed;
  failed.fail(make_error(rule::the_file_must_be_readable, "no such file"));
  CHECK(refusal(failed) == "no such file");
}

}  // namespace
