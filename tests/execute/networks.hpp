// Small networks, for the tests of executors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <string_view>

#include "inlay/op/list.hpp"

namespace inlay_test {

using namespace inlay;

inline constexpr auto float32 = element_type::float32;

/// y = Relu(x · w + c): x 1x2, w 2x3.
inline constexpr auto dense = [] {
  builder b("dense", 13);
  auto const x = b.input("x", {float32, {1, 2}});
  auto const w = b.constant<float>("w", {2, 3}, {1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f});
  auto const c = b.constant<float>("c", {3}, {0.5f, -100.0f, 0.0f});
  auto const fc = apply<op::gemm>(b, "fc", {x, w, c});
  b.output(apply<op::relu>(b, "relu", {fc}), "y");
  return b.finish();
};

/// Numbers between -1/2 and 1/2, little-endian, from a linear congruential generator: whole
/// multiples of 2^-24, so every float is exact.
template <std::size_t Count> struct weight_bytes {
  char bytes[4 * Count]{};
  constexpr explicit weight_bytes(std::uint32_t seed) {
    auto* to = bytes;
    for (std::size_t i = 0; i < Count; ++i) {
      seed = seed * 1664525u + 1013904223u;  // Numerical Recipes
      auto const number = static_cast<float>(static_cast<std::int32_t>(seed) >> 8) * 0x1p-24f;
      auto const bits = std::bit_cast<std::uint32_t>(number);
      for (int shift = 0; shift < 32; shift += 8) *to++ = static_cast<char>(bits >> shift);
    }
  }
  constexpr std::string_view view() const { return {bytes, sizeof(bytes)}; }
};
inline constexpr weight_bytes<8 * 25> image_filters(1);
inline constexpr weight_bytes<8> image_offsets(2);
template <std::size_t Hidden> inline constexpr weight_bytes<128 * Hidden> image_hidden(3);
template <std::size_t Hidden> inline constexpr weight_bytes<Hidden * 10> image_classes(4);

inline constexpr weight_bytes<48> weight_bytes_of_activations(5);

/// A network over an image of 12x12, with 8·8·8·25 + 128·Hidden + Hidden·10 multiply-adds.
template <std::int64_t Hidden>
inline constexpr auto image_network = [] {
  builder b("image", 13);
  auto const x = b.input("image", {float32, {1, 1, 12, 12}});
  auto const w = b.constant("filters", {float32, {8, 1, 5, 5}}, image_filters.view());
  auto const c = b.constant("offsets", {float32, {8}}, image_offsets.view());
  auto const hidden = b.constant("hidden", {float32, {128, Hidden}}, image_hidden<Hidden>.view());
  auto const classes = b.constant("classes", {float32, {Hidden, 10}}, image_classes<Hidden>.view());
  auto y = apply<op::conv>(b, "conv", {x, w, c});
  y = apply<op::relu>(b, "", {y});
  y = apply<op::max_pool>(b, "pool", {y}, {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}});
  y = apply<op::flatten>(b, "", {y});
  y = apply<op::gemm>(b, "fc1", {y, hidden});
  y = apply<op::relu>(b, "", {y});
  y = apply<op::gemm>(b, "fc2", {y, classes});
  b.output(apply<op::softmax>(b, "", {y}), "scores");
  return b.finish();
};

/// Element operators with attributes: behind a product, and one after the other.
inline constexpr auto activations = [] {
  builder b("activations", 22);
  auto const x = b.input("x", {float32, {2, 4}});
  auto const w = b.constant("w", {float32, {4, 12}}, weight_bytes_of_activations.view());
  auto const six = b.constant<float>("six", {}, {0.5f});
  auto const zero = b.constant<float>("zero", {}, {-0.25f});
  auto const m = apply<op::matmul>(b, "", {x, w});
  auto y = apply<op::leaky_relu>(b, "", {m}, {{"alpha", 0.25f}});
  y = apply<op::gelu>(b, "", {y}, {{"approximate", "tanh"}});
  y = apply<op::clip>(b, "", {y, zero, six});
  auto z = apply<op::elu>(b, "", {x}, {{"alpha", 0.5f}});
  z = apply<op::hard_sigmoid>(b, "", {z}, {{"alpha", 0.125f}});
  z = apply<op::max>(b, "", {z, x, zero});
  z = apply<op::tanh>(b, "", {apply<op::pow>(b, "", {z, b.constant<float>("", {}, {2.0f})})});
  b.output(y, "y");
  b.output(z, "z");
  return b.finish();
};

}  // namespace inlay_test
