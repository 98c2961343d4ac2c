// expect: the network has no parameter 'fc\.wieght'; the nearest name there is 'fc\.weight'$
// A misspelt name of a parameter.
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
    boost::hana::make_pair("fc.weight"_name, inlay::view<float const, 2, 3>(w)));
inline constexpr inlay::parameters<net> parameters(weights);
inline constexpr auto weight = parameters["fc.wieght"_name];
