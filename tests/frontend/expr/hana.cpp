// Names as Hana strings, and a network's parameters as a Hana map.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/hana.hpp>

#include <array>
#include <boost/hana/define_struct.hpp>
#include <inlay/frontend/expr.hpp>

namespace {

using namespace inlay::literals;
namespace hana = boost::hana;

inline constexpr auto net = inlay::network([](inlay::input<float, 1, 1, 4, 4> image) {
  auto const x = relu(conv<2, 3>(image, "conv1"_name));
  return dense<1>(flatten(x), "fc"_name);
});

// A layer's name is a Hana string or a literal.
static_assert(net().values[net().inputs[1]].name == inlay::string_view("conv1.weight"));
static_assert(std::is_same_v<decltype("fc"_name), hana::string<'f', 'c'>>);

// Images of one channel need no axis for it.
inline constexpr auto lenet = inlay::network([](inlay::input<float, 1, 28, 28> image) {
  auto x = max_pool<2>(relu(conv<8, 5>(image, "conv1"_name)));
  x = max_pool<2>(relu(conv<16, 5>(x, "conv2"_name)));
  return softmax(dense<10>(flatten(x), "fc"_name));
});
static_assert(
    std::is_same_v<decltype(hana::at_key(std::declval<inlay::parameters<lenet>::map_type>(),
                                         "fc.weight"_name)),
                   inlay::view<float const, 10, 256>&&>);

// The map has the names, the element types and the shapes.
using map = inlay::parameters<net>::map_type;
static_assert(inlay::parameters<net>::size == 4);
static_assert(std::is_same_v<decltype(hana::at_key(std::declval<map>(), "conv1.weight"_name)),
                             inlay::view<float const, 2, 1, 3, 3>&&>);
static_assert(std::is_same_v<decltype(hana::at_key(std::declval<map>(), "fc.bias"_name)),
                             inlay::view<float const, 1>&&>);

struct convolution_weights {
  BOOST_HANA_DEFINE_STRUCT(convolution_weights, (std::array<float, 18>, weight),
                           (std::array<float, 2>, bias));
};
struct dense_weights {
  BOOST_HANA_DEFINE_STRUCT(dense_weights, (std::array<float, 8>, weight),
                           (std::array<float, 1>, bias));
};
struct network_weights {
  BOOST_HANA_DEFINE_STRUCT(network_weights, (convolution_weights, conv1), (dense_weights, fc));
};

inline constexpr network_weights weights{{{1, 2, 3}, {4, 5}}, {{6, 7}, {8}}};
inline constexpr inlay::parameters<net> of_struct(weights);
static_assert(of_struct["conv1.weight"_name](0, 0, 0, 2) == 3);
static_assert(of_struct["fc.bias"_name][0] == 8);

inline constexpr float bias[2] = {4, 5};
inline constexpr auto of_map =
    hana::make_map(hana::make_pair("conv1.weight"_name, weights.conv1.weight),
                   hana::make_pair("conv1.bias"_name, inlay::view<float const, 2>(bias)),
                   hana::make_pair("fc.weight"_name, weights.fc.weight),
                   hana::make_pair("fc.bias"_name, weights.fc.bias));
static_assert(inlay::parameters<net>(of_map)["conv1.bias"_name][1] == 5);

// In the order of the network's inputs.
static_assert(of_struct.apply([](auto a, auto b, auto c, auto d) {
  return a[0] == 1 && b[0] == 4 && c[0] == 6 && d[0] == 8;
}));

}  // namespace
