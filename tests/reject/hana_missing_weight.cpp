// expect: the parameter 'fc\.weight' of shape 2x3 is not among the weights$
// A weight that is not in the map.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>
#include <inlay/frontend/hana.hpp>

using namespace inlay::literals;

inline constexpr auto net =
    inlay::network([](inlay::input<float, 1, 3> x) { return dense<2>(x, "fc"_name); });
inline constexpr float b[2]{};
inline constexpr auto weights =
    boost::hana::make_map(boost::hana::make_pair("fc.bias"_name, inlay::view<float const, 2>(b)));
inline constexpr inlay::parameters<net> parameters(weights);
