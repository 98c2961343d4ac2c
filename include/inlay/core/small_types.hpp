// ONNX's small numbers, by ONNX's names.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstdint>

#include "inlay/core/config.hpp"
#include "inlay/core/element_type.hpp"
#include "inlay/core/float8e8m0.hpp"
#include "inlay/core/small_float.hpp"
#include "inlay/core/small_integer.hpp"

namespace inlay::inline INLAY_VERSION {

using float16 = small_float<5, 10, special_values::ieee>;
using bfloat16 = small_float<8, 7, special_values::ieee>;
using float8e4m3fn = small_float<4, 3, special_values::fn>;
using float8e4m3fnuz = small_float<4, 3, special_values::fnuz>;
using float8e5m2 = small_float<5, 2, special_values::ieee>;
using float8e5m2fnuz = small_float<5, 2, special_values::fnuz>;
using float6e2m3 = small_float<2, 3, special_values::none>;
using float6e3m2 = small_float<3, 2, special_values::none>;
using float4e2m1 = small_float<2, 1, special_values::none>;

/// The types that compute. Sums, products and quotients of two as doubles round to 11 bits as the
/// exact results do.
template <class T>
concept sixteen_bit_float = std::same_as<T, float16> || std::same_as<T, bfloat16>;

template <sixteen_bit_float T> constexpr T operator+(T a, T b) {
  return T(static_cast<double>(a) + static_cast<double>(b));
}
template <sixteen_bit_float T> constexpr T operator-(T a, T b) {
  return T(static_cast<double>(a) - static_cast<double>(b));
}
template <sixteen_bit_float T> constexpr T operator*(T a, T b) {
  return T(static_cast<double>(a) * static_cast<double>(b));
}
template <sixteen_bit_float T> constexpr T operator/(T a, T b) {
  return T(static_cast<double>(a) / static_cast<double>(b));
}
template <sixteen_bit_float T> constexpr T operator-(T a) {
  return T::from_bits(static_cast<std::uint16_t>(a.bits() ^ 0x8000));
}

using int4 = small_integer<4, true>;
using uint4 = small_integer<4, false>;
using int2 = small_integer<2, true>;
using uint2 = small_integer<2, false>;

template <> inline constexpr element_type element_of<float16> = element_type::float16;
template <> inline constexpr element_type element_of<bfloat16> = element_type::bfloat16;
template <> inline constexpr element_type element_of<float8e4m3fn> = element_type::float8e4m3fn;
template <> inline constexpr element_type element_of<float8e4m3fnuz> = element_type::float8e4m3fnuz;
template <> inline constexpr element_type element_of<float8e5m2> = element_type::float8e5m2;
template <> inline constexpr element_type element_of<float8e5m2fnuz> = element_type::float8e5m2fnuz;
template <> inline constexpr element_type element_of<float8e8m0> = element_type::float8e8m0;
template <> inline constexpr element_type element_of<float6e2m3> = element_type::float6e2m3;
template <> inline constexpr element_type element_of<float6e3m2> = element_type::float6e3m2;
template <> inline constexpr element_type element_of<float4e2m1> = element_type::float4e2m1;
template <> inline constexpr element_type element_of<int4> = element_type::int4;
template <> inline constexpr element_type element_of<uint4> = element_type::uint4;
template <> inline constexpr element_type element_of<int2> = element_type::int2;
template <> inline constexpr element_type element_of<uint2> = element_type::uint2;

}  // namespace inlay::inline INLAY_VERSION
