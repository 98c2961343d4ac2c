// The small numbers are ONNX's: published special values, rounding, overflow and packing. Every bit
// pattern is compared in tests/reference/small_types.py.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/core/small_types.hpp"

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <string>
#include <string_view>

#include "inlay/core/bytes.hpp"

namespace {
using namespace inlay;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

template <class T> constexpr float value(typename T::storage bits) {
  return static_cast<float>(T::from_bits(bits));
}

template <class... T> constexpr bool sizes_are_of_element_table() {
  return ((bits_of(element_of<T>) == T::width && std::is_trivially_copyable_v<T> &&
           sizeof(T) == (T::width > 8 ? 2 : 1)) &&
          ...);
}
static_assert(sizes_are_of_element_table<float16, bfloat16, float8e4m3fn, float8e4m3fnuz,
                                         float8e5m2, float8e5m2fnuz, float8e8m0, float6e2m3,
                                         float6e3m2, float4e2m1, int4, uint4, int2, uint2>());

// The largest, the smallest with all bits of mantissa, the smallest: IEEE 754 binary16.
static_assert(value<float16>(0x7bff) == 65504);
static_assert(value<float16>(0x0400) == 0x1p-14f && value<float16>(0x0001) == 0x1p-24f);
static_assert(value<float16>(0x7c00) == infinity && float16::from_bits(0x7c01).is_nan());
static_assert(value<bfloat16>(0x7f7f) == 0x1.fep127f && value<bfloat16>(0x0001) == 0x1p-133f);

// OCP 8-bit Floating Point Specification (OFP8) 1.0, table 1; FNUZ: arXiv 2206.02915, table 2.
static_assert(value<float8e4m3fn>(0x7e) == 448 && value<float8e4m3fn>(0x01) == 0x1p-9f);
static_assert(value<float8e4m3fn>(0x08) == 0x1p-6f && float8e4m3fn::from_bits(0x7f).is_nan());
static_assert(value<float8e5m2>(0x7b) == 57344 && value<float8e5m2>(0x01) == 0x1p-16f);
static_assert(value<float8e5m2>(0xfc) == -infinity && float8e5m2::from_bits(0x7d).is_nan());
static_assert(value<float8e4m3fnuz>(0x7f) == 240 && value<float8e4m3fnuz>(0x01) == 0x1p-10f);
static_assert(value<float8e5m2fnuz>(0x7f) == 57344 && value<float8e5m2fnuz>(0x01) == 0x1p-17f);
static_assert(float8e4m3fnuz::from_bits(0x80).is_nan() && float8e5m2fnuz::from_bits(0x80).is_nan());

// OCP Microscaling Formats (MX) 1.0, tables 2 to 7.
static_assert(value<float6e2m3>(0x1f) == 7.5f && value<float6e2m3>(0x01) == 0.125f);
static_assert(value<float6e3m2>(0x1f) == 28 && value<float6e3m2>(0x01) == 0.0625f);
static_assert(value<float4e2m1>(0x7) == 6 && value<float4e2m1>(0x9) == -0.5f);
static_assert(value<float8e8m0>(0) == 0x1p-127f && value<float8e8m0>(254) == 0x1p127f);
static_assert(float8e8m0::from_bits(255).is_nan() && value<float8e8m0>(127) == 1);

// The nearest; of two, the even one; a double is rounded once.
static_assert(float16(1 + 0x1p-11).bits() == 0x3c00 && float16(1 + 3 * 0x1p-11).bits() == 0x3c02);
static_assert(float16(1 + 0x1p-11 + 0x1p-50).bits() == 0x3c01);
static_assert(bfloat16(0x1p-134f).bits() == 0 && bfloat16(0x1.8p-134f).bits() == 1);
static_assert(bfloat16((std::int64_t{1} << 62) + (std::int64_t{1} << 54) + 1).bits() == 0x5e81);
static_assert(bfloat16(-(std::int64_t{1} << 62) - (std::int64_t{1} << 54) - 1).bits() == 0xde81);
static_assert(bfloat16(~std::uint64_t{0}).bits() == 0x5f80 && float16(-2049).bits() == 0xe800);

// ONNX Cast-25: both tables of the 8-bit numbers.
template <class T> constexpr bool becomes(float x, int saturated, int not_saturated) {
  return T(x).bits() == saturated && T(x, overflow::to_special).bits() == not_saturated;
}
static_assert(becomes<float8e4m3fn>(infinity, 0x7e, 0x7f) && becomes<float8e4m3fn>(-0.f, 128, 128));
static_assert(becomes<float8e4m3fn>(464, 0x7e, 0x7e) && becomes<float8e4m3fn>(-465, 0xfe, 0xff));
static_assert(becomes<float8e5m2>(-infinity, 0xfb, 0xfc) && becomes<float8e5m2>(nan, 0x7e, 0x7e));
static_assert(becomes<float8e4m3fnuz>(infinity, 0x7f, 0x80));
static_assert(becomes<float8e5m2fnuz>(-infinity, 0xff, 0x80) &&
              becomes<float8e5m2fnuz>(-0.f, 0, 0));
static_assert(becomes<float8e4m3fnuz>(-0x1p-20f, 0, 0) && becomes<float4e2m1>(-infinity, 15, 15));
static_assert(becomes<float16>(65520, 0x7c00, 0x7c00));
static_assert(float16(infinity, overflow::to_largest) == float16::largest());

// ONNX Cast-24: the table of FLOAT8E8M0.
static_assert(float8e8m0(0.f).bits() == 0 && float8e8m0(infinity).bits() == 254);
static_assert(float8e8m0(1.1).bits() == 128 && float8e8m0(1.1, power_rounding::down).bits() == 127);
static_assert(float8e8m0(1.5, power_rounding::nearest).bits() == 128);
static_assert(float8e8m0(0.f, power_rounding::nearest, overflow::to_special).is_nan());

// Comparisons are those of the values.
static_assert(float16(0) == float16(-0.0) && float16(nan) != float16(nan));
static_assert(float8e5m2(-1) < float8e5m2(0.5) && !(bfloat16(nan) < bfloat16(1)));
static_assert(float8e8m0(1.f) < float8e8m0(2.f) && int4(-1) < int4(0) && uint4(-1) > uint4(0));

static_assert(float16(1) / float16(3) == float16(1 / 3.0) && -float16(2) == float16(-2));
static_assert(bfloat16::largest() * bfloat16::largest() == bfloat16(infinity));

// Toward zero, then modulo 2^width.
static_assert(int4(-8.9f).value() == -8 && int4(9).value() == -7 && int4(-9.0).value() == 7);
static_assert(uint4(-1).value() == 15 && int2(2).value() == -2 && uint2(7.5f).value() == 3);
static_assert(int4(nan).value() == 0 && int4(infinity).value() == 0 && int4(-1).bits() == 15);
static_assert(int4::lowest == -8 && int4::largest == 7 && uint2::lowest == 0 &&
              uint2::largest == 3);

static_assert(read_little_endian<bfloat16>(std::string_view("\xc0\x3f\0\xc0", 4), 1) ==
              bfloat16(-2));

template <class T, std::size_t Count> constexpr bool survives_packing() {
  std::array<char, Count> bytes{};
  T elements[Count];
  for (std::size_t i = 0; i < Count; ++i)
    elements[i] = T::from_bits(static_cast<typename T::storage>(i * 37));
  std::size_t size = 0;
  write_packed(elements, Count, [&](char byte) { bytes[size++] = byte; });
  if (static_cast<std::int64_t>(size) != bytes_of(element_of<T>, Count)) return false;
  for (std::size_t i = 0; i < Count; ++i) {
    if (read_packed<T>({bytes.data(), size}, i).bits() != elements[i].bits()) return false;
  }
  return true;
}
static_assert(survives_packing<int4, 7>() && survives_packing<uint2, 9>());
static_assert(survives_packing<float6e2m3, 11>() && survives_packing<float8e4m3fn, 3>());

}  // namespace

TEST_CASE("the first elements lie in the low bits of a byte") {
  int4 const elements[] = {int4(1), int4(-2), int4(3)};
  std::string bytes;
  write_packed(elements, 3, [&](char byte) { bytes += byte; });
  CHECK(bytes == "\xe1\x03");
  CHECK(read_packed<int4>(bytes, 1) == int4(-2));
}

TEST_CASE("16-bit numbers compute as in constant expressions") {
  std::uint16_t const volatile seven = 0x4700;
  auto const x = float16::from_bits(seven);
  CHECK(x / float16(3) == float16(7 / 3.0));
  CHECK((x - x) / (x - x) != x);
}
