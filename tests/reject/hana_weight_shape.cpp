// expect: the parameter 'fc\.weight' is float32 of shape 2x3, the weight has other elements$
// A weight of another shape.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>
#include <inlay/frontend/hana.hpp>

using namespace inlay::literals;

inline constexpr auto net =
    inlay::network([](inlay::input<float, 1, 3> x) { return dense<2>(x, "fc"_name); });
inline constexpr float b[2]{};
inline constexpr float w[6]{};
inline constexpr auto weights = boost::hana::make_map(
    boost::hana::make_pair("fc.bias"_name, inlay::view<float const, 2>(b)),
    boost::hana::make_pair("fc.weight"_name, inlay::view<float const, 3, 2>(w)));
inline constexpr inlay::parameters<net> parameters(weights);
