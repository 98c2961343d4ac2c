// Integers of 2 and 4 bits, and elements that share a byte.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "inlay/core/config.hpp"
#include "inlay/core/string_view.hpp"

namespace inlay::inline INLAY_VERSION {

/// An integer of a few bits, to be stored; computing is done in `int`.
template <int Width, bool IsSigned> class small_integer {
 public:
  static constexpr int width = Width;
  static constexpr int lowest = IsSigned ? -(1 << (Width - 1)) : 0;
  static constexpr int largest = lowest + (1 << Width) - 1;
  using storage = std::uint8_t;

  small_integer() = default;
  /// Higher bits are dropped: 9 becomes -7 as an int4.   *Source*: ONNX Cast-25
  template <std::integral Integer>
  explicit constexpr small_integer(Integer x) : small_integer(from_bits(static_cast<storage>(x))) {}
  /// Rounds toward zero, then drops higher bits; infinity and what is not a number become 0. ONNX
  /// leaves undefined what is out of range; its cases have what ml_dtypes 0.6.0 computes, as here.
  template <std::floating_point Float>
  explicit constexpr small_integer(Float x)
      : small_integer(x > Float{-0x1p63} && x < Float{0x1p63} ? static_cast<std::int64_t>(x) : 0) {}

  /// Bits above the `width` lowest are dropped.
  static constexpr small_integer from_bits(storage bits) {
    auto const kept = bits & ((1 << Width) - 1);
    small_integer x;
    x.value_ = static_cast<number>(kept > largest ? kept - (1 << Width) : kept);
    return x;
  }
  constexpr storage bits() const { return static_cast<storage>(value_ & ((1 << Width) - 1)); }
  constexpr int value() const { return value_; }
  explicit constexpr operator int() const { return value_; }
  explicit constexpr operator float() const { return value_; }

  friend bool operator==(small_integer, small_integer) = default;
  friend auto operator<=>(small_integer, small_integer) = default;

 private:
  using number = std::conditional_t<IsSigned, std::int8_t, std::uint8_t>;
  number value_;
};

/// Element `index` of elements of `T::width` bits that follow each other without gaps, the first in
/// the lowest bits. There must be that many bytes.
template <class T> constexpr T read_packed(string_view bytes, std::size_t index) {
  static_assert(T::width <= 8);
  auto const position = index * static_cast<std::size_t>(T::width);
  auto const in_byte = static_cast<int>(position % 8);
  auto value = static_cast<unsigned>(static_cast<unsigned char>(bytes[position / 8])) >> in_byte;
  if (in_byte + T::width > 8) {
    auto const next = static_cast<unsigned>(static_cast<unsigned char>(bytes[position / 8 + 1]));
    value |= next << (8 - in_byte);
  }
  return T::from_bits(static_cast<typename T::storage>(value));
}

/// Calls `put` with each byte of `count` elements as read_packed finds them; unused bits are 0.
///   int4 1, 2, 3 → 0x21, 0x03
template <class T, class Put>
constexpr void write_packed(T const* elements, std::size_t count, Put&& put) {
  static_assert(T::width <= 8);
  unsigned held = 0;
  int filled = 0;
  for (std::size_t i = 0; i < count; ++i) {
    held |= static_cast<unsigned>(elements[i].bits()) << filled;
    filled += T::width;
    if (filled < 8) continue;
    put(static_cast<char>(held & 0xff));
    held >>= 8;
    filled -= 8;
  }
  if (filled > 0) put(static_cast<char>(held));
}

}  // namespace inlay::inline INLAY_VERSION
