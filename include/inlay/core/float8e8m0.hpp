// A power of two in a byte, the scale of a block of smaller numbers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <compare>
#include <cstdint>

#include "inlay/core/config.hpp"
#include "inlay/core/small_float.hpp"

namespace inlay::inline INLAY_VERSION {

/// Which power of two a number becomes. ONNX: Cast's attribute `round_mode`.
enum class power_rounding : std::uint8_t {
  up,
  down,
  nearest,  // the larger of two
};

/// From 2^-127, whose bits are 0, to 2^127; all bits set is not a number. What lies outside, be it
/// zero or negative, becomes the nearer end, or, with overflow::to_special, not a number.
/// *Source*: ONNX Cast-24, its table; where that is silent, ONNX Runtime 1.31.1.
class float8e8m0 {
 public:
  static constexpr int width = 8;
  using storage = std::uint8_t;

  float8e8m0() = default;
  explicit constexpr float8e8m0(double x, power_rounding rounding = power_rounding::up,
                                overflow past = overflow::to_largest)
      : bits_(rounded(x, rounding, past)) {}
  explicit constexpr float8e8m0(float x, power_rounding rounding = power_rounding::up,
                                overflow past = overflow::to_largest)
      : float8e8m0(static_cast<double>(x), rounding, past) {}

  static constexpr float8e8m0 from_bits(storage bits) {
    float8e8m0 x;
    x.bits_ = bits;
    return x;
  }
  constexpr storage bits() const { return bits_; }
  constexpr bool is_nan() const { return bits_ == not_a_number; }

  explicit constexpr operator float() const {
    constexpr std::uint32_t least = 1u << 22;  // 2^-127 as a float, which has no leading one
    constexpr std::uint32_t quiet = 0x1ffu << 22;
    if (is_nan()) return std::bit_cast<float>(quiet);
    return std::bit_cast<float>(bits_ == 0 ? least : static_cast<std::uint32_t>(bits_) << 23);
  }
  explicit constexpr operator double() const {
    return static_cast<double>(static_cast<float>(*this));
  }

  friend constexpr bool operator==(float8e8m0 a, float8e8m0 b) {
    return a.bits_ == b.bits_ && !a.is_nan();
  }
  friend constexpr std::partial_ordering operator<=>(float8e8m0 a, float8e8m0 b) {
    return static_cast<float>(a) <=> static_cast<float>(b);
  }

 private:
  static constexpr storage largest = 254;
  static constexpr storage not_a_number = 255;

  static constexpr storage rounded(double x, power_rounding rounding, overflow past) {
    if (x != x) return not_a_number;
    if (x < 0x1p-127) return past == overflow::to_largest ? storage{0} : not_a_number;
    if (x > 0x1p127) return past == overflow::to_largest ? largest : not_a_number;
    auto const source = std::bit_cast<std::uint64_t>(x);
    auto const fraction = source & ((std::uint64_t{1} << 52) - 1);
    auto const half = std::uint64_t{1} << 51;
    auto const is_up = (rounding == power_rounding::up && fraction != 0) ||
                       (rounding == power_rounding::nearest && fraction >= half);
    return static_cast<storage>((source >> 52) - 1023 + 127 + (is_up ? 1 : 0));
  }

  storage bits_;
};

}  // namespace inlay::inline INLAY_VERSION
