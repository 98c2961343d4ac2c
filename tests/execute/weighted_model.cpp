// A network as expressions runs with weights that are not part of it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/execute/weighted_model.hpp"

#include <doctest/doctest.h>

#include <array>
#include <inlay/frontend/expr.hpp>
#include <inlay/frontend/hana.hpp>

namespace {

using namespace inlay::literals;

inline constexpr auto net =
    inlay::network([](inlay::input<float, 1, 3> x) { return dense<2>(x, "fc"_name) * 2; });

inline constexpr std::array<float, 2> b = {0.5f, -1};
inline constexpr float ones[3] = {1, 1, 1};

constexpr bool is_the_product(inlay::weighted_model<net> const& model) {
  inlay::weighted_model<net>::context context;
  auto const y = model(context, ones);
  return y[0] == 2 * (6 + 0.5f) && y[1] == 2 * (15 - 1.0f);
}

inline constexpr float flat[6] = {1, 2, 3, 4, 5, 6};
inline constexpr auto map = boost::hana::make_map(
    boost::hana::make_pair("fc.bias"_name, b),
    boost::hana::make_pair("fc.weight"_name, inlay::view<float const, 2, 3>(flat)));
static_assert(is_the_product(inlay::weighted_model<net>(inlay::parameters<net>(map))));
static_assert(is_the_product(inlay::weighted_model<net>(flat, b)));

TEST_CASE("weights are read when the model runs") {
  float weights[2][3] = {{1, 2, 3}, {4, 5, 6}};
  inlay::weighted_model<net> const model(weights, b);
  CHECK(is_the_product(model));
  weights[0][0] = 2;
  inlay::weighted_model<net>::context context;
  CHECK(model(context, ones)[0] == 15);
}

}  // namespace
