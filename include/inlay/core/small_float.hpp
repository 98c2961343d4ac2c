// Floating-point numbers of 4 to 16 bits: what their bits mean, and rounding to them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <compare>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// What a format has beside the finite numbers.
enum class special_values : std::uint8_t {
  ieee,  // infinities, and what is not a number, share the largest exponent
  fn,    // no infinity; all bits beside the sign set is not a number
  fnuz,  // no infinity, no -0: its bits are not a number
  none,
};

/// What a number past the largest one becomes: that one, or infinity, or, without infinity, not a
/// number. ONNX: Cast's attribute `saturate`.
enum class overflow : std::uint8_t { to_largest, to_special };

/// A sign, an exponent and a mantissa, from the highest bit to the lowest. Numbers are rounded
/// once, to the nearest; of two, to the even one. By default those of 16 bits overflow to infinity,
/// the smaller to the largest number.
/// *Source*: ONNX Cast-25; its table says what infinities become, also for older versions.
template <int ExponentBits, int MantissaBits, special_values Special> class small_float {
 public:
  static constexpr int width = 1 + ExponentBits + MantissaBits;
  using storage = std::conditional_t<(width > 8), std::uint16_t, std::uint8_t>;
  static constexpr overflow default_overflow =
      width > 8 ? overflow::to_special : overflow::to_largest;

  small_float() = default;
  explicit constexpr small_float(double x, overflow past = default_overflow)
      : bits_(rounded(x, past)) {}
  explicit constexpr small_float(float x, overflow past = default_overflow)
      : small_float(static_cast<double>(x), past) {}
  template <std::integral Integer>
  explicit constexpr small_float(Integer x, overflow past = default_overflow)
      : small_float(odd_double(x), past) {}

  /// Bits above the `width` lowest are dropped.
  static constexpr small_float from_bits(storage bits) {
    small_float x;
    x.bits_ = static_cast<storage>(bits & (2 * sign_bit - 1));
    return x;
  }
  constexpr storage bits() const { return bits_; }
  static constexpr small_float largest() { return from_bits(static_cast<storage>(last)); }

  explicit constexpr operator float() const {
    auto const magnitude = bits_ & (sign_bit - 1);
    auto const sign = (bits_ & sign_bit) << (32 - width);
    return std::bit_cast<float>(sign | magnitude_of_float(magnitude));
  }
  explicit constexpr operator double() const {
    return static_cast<double>(static_cast<float>(*this));
  }

  constexpr bool is_nan() const {
    auto const magnitude = bits_ & (sign_bit - 1);
    if (Special == special_values::ieee) return magnitude > last + 1;
    if (Special == special_values::fn) return magnitude > last;
    return Special == special_values::fnuz && bits_ == sign_bit;
  }

  friend constexpr bool operator==(small_float a, small_float b) {
    return static_cast<float>(a) == static_cast<float>(b);
  }
  friend constexpr std::partial_ordering operator<=>(small_float a, small_float b) {
    return static_cast<float>(a) <=> static_cast<float>(b);
  }

 private:
  static constexpr std::uint32_t one = 1;
  static constexpr std::uint32_t sign_bit = one << (width - 1);
  static constexpr int bias = (1 << (ExponentBits - 1)) - (Special == special_values::fnuz ? 0 : 1);
  static constexpr int least_exponent = 1 - bias;  // of numbers with all bits of mantissa
  static constexpr std::uint32_t last =            // the bits of the largest number
      Special == special_values::ieee ? sign_bit - (one << MantissaBits) - 1
      : Special == special_values::fn ? sign_bit - 2
                                      : sign_bit - 1;

  constexpr std::uint32_t magnitude_of_float(std::uint32_t magnitude) const {
    constexpr std::uint32_t infinity = 0xffu << 23;
    if (Special == special_values::ieee && magnitude > last) {
      return infinity + ((magnitude - last - 1) << (23 - MantissaBits));
    }
    if (is_nan()) return infinity | one << 22;
    if constexpr (bias != 127) {
      constexpr auto exponent = static_cast<std::uint32_t>(least_exponent - MantissaBits + 127);
      auto const units = static_cast<float>(magnitude) * std::bit_cast<float>(exponent << 23);
      if (magnitude >> MantissaBits == 0) return std::bit_cast<std::uint32_t>(units);
    }
    return (magnitude << (23 - MantissaBits)) + (static_cast<std::uint32_t>(127 - bias) << 23);
  }

  static constexpr storage rounded(double x, overflow past) {
    auto const source = std::bit_cast<std::uint64_t>(x);
    auto const sign = source >> 63 != 0 ? sign_bit : 0;
    // Numbers below 2^-1022 lack the leading one, but they become zero with it or without it.
    auto const fraction = source & ((std::uint64_t{1} << 52) - 1);
    auto const significand = fraction | std::uint64_t{1} << 52;
    auto const exponent = static_cast<int>(source >> 52 & 0x7ff) - 1023;
    if (exponent == 1024 && fraction != 0) return static_cast<storage>(not_a_number(sign));
    auto const kept = exponent > least_exponent ? exponent : least_exponent;
    // A carry out of the mantissa goes to the exponent, and so gives the bits of the next number.
    auto magnitude = static_cast<std::uint64_t>(kept - least_exponent) << MantissaBits;
    if (auto const dropped = 52 - MantissaBits + kept - exponent; dropped <= 53) {
      auto const rest = significand & ((std::uint64_t{1} << dropped) - 1);
      auto const half = std::uint64_t{1} << (dropped - 1);
      magnitude += significand >> dropped;
      magnitude += rest > half || (rest == half && magnitude % 2 == 1) ? 1 : 0;
    }
    if (magnitude > last) {  // the next is infinity, or, without infinity, not a number
      auto const has_next = Special != special_values::none && past == overflow::to_special;
      magnitude = has_next ? last + 1 : last;
    }
    if (Special == special_values::fnuz && magnitude == 0) return 0;
    return static_cast<storage>(sign | magnitude);
  }

  /// Without one it is zero of the other sign, as in ml_dtypes 0.6.0 and so in ONNX's cases.
  static constexpr std::uint32_t not_a_number(std::uint32_t sign) {
    if (Special == special_values::none) return sign ^ sign_bit;
    auto const quiet = Special == special_values::ieee ? one << (MantissaBits - 1) : 0;
    return sign | (last + 1) | quiet;
  }

  /// An integer as a double. One that does not fit becomes an odd neighbour, so that rounding that
  /// to fewer bits rounds the integer itself.
  template <std::integral Integer> static constexpr double odd_double(Integer x) {
    if constexpr (sizeof(Integer) < 8) {
      return static_cast<double>(x);
    } else {
      auto const above = x >> 53;
      if (above == 0 || above == static_cast<Integer>(-1)) return static_cast<double>(x);
      auto const rest = static_cast<Integer>(x % 2048 != 0 ? 1 : 0);
      return 2048 * static_cast<double>((x >> 11) | rest);
    }
  }

  storage bits_;
};

}  // namespace inlay::inline INLAY_VERSION
