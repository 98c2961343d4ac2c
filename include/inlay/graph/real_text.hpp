// Real numbers as text, to the last bit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/graph/text_buffer.hpp"

namespace inlay::inline INLAY_VERSION::detail {

inline constexpr std::uint32_t quiet_nan = 0x40'0000;

/// Exactly: whole numbers as 2.0, others in hexadecimal as 0x1.99999ap-4; `inf`; `nan`, or
/// `nan.800002` with the fraction of another one.
constexpr void print_real(text_buffer& out, float x) {
  auto const bits = std::bit_cast<std::uint32_t>(x);
  int const exponent = static_cast<int>(bits >> 23 & 0xff);
  auto const fraction = bits & 0x7f'ffff;
  auto const print_digits = [&](std::uint32_t rest) {
    for (; rest != 0; rest <<= 4) out << hex_digits.substr(rest >> 28, 1);
  };
  if (bits >> 31 != 0) out << "-";
  if (exponent == 0xff) {
    out << (fraction == 0 ? "inf" : "nan");
    if (fraction == 0 || fraction == quiet_nan) return;
    out << ".";
    print_digits(fraction << 9);
    return;
  }
  float const magnitude = x < 0 ? -x : x;
  if (magnitude < 0x1p24f &&
      static_cast<float>(static_cast<std::int64_t>(magnitude)) == magnitude) {
    out << static_cast<std::int64_t>(magnitude) << ".0";
    return;
  }
  out << (exponent == 0 ? "0x0." : "0x1.");
  print_digits(fraction << 9);
  out << "p" << (exponent == 0 ? -126 : exponent - 127);
}

/// The value of a digit; 16 if it is none.
constexpr unsigned digit_of(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  return c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A' + 10) : 16;
}

/// At most 23 bits after the point: `99999a`.
constexpr bool read_fraction(string_view digits, std::uint32_t& fraction) {
  if (digits.size() > 6) return false;
  fraction = 0;
  for (auto const c : digits) {
    if (digit_of(c) == 16) return false;
    fraction = fraction * 16 + digit_of(c);
  }
  fraction <<= 4 * (6 - digits.size());
  bool const fits = (fraction & 1) == 0;
  fraction >>= 1;
  return fits;
}

/// `1.99999ap-4`, which follows 0x.
constexpr bool read_hexadecimal(string_view text, std::uint32_t& bits) {
  auto const p = text.find('p');
  if (p == text.npos || p < 2 || text[1] != '.' || (text[0] != '0' && text[0] != '1')) return false;
  auto const power = text.substr(p + 1);
  bool const is_negative = !power.empty() && power[0] == '-';
  auto const digits = power.substr(is_negative ? 1 : 0);
  if (digits.empty() || digits.size() > 3) return false;
  int exponent = 0;
  for (auto const c : digits) {
    if (!is_digit(c)) return false;
    exponent = exponent * 10 + (c - '0');
  }
  if (is_negative) exponent = -exponent;
  std::uint32_t fraction = 0;
  if (exponent < -126 || exponent > 127) return false;
  if (!read_fraction(text.substr(2, p - 2), fraction)) return false;
  if (text[0] == '0' && exponent != -126) return false;
  bits = fraction | (text[0] == '0' ? 0 : static_cast<std::uint32_t>(exponent + 127) << 23);
  return true;
}

/// `0.25`: at most 2^24 without its point and 10 digits behind it. Then both are floats, and their
/// quotient is the nearest one.   Source: Clinger, How to read floating point numbers accurately.
constexpr bool read_decimal(string_view text, std::uint32_t& bits) {
  auto const point = text.find('.');
  if (point == 0 || point == text.npos || point + 1 == text.size()) return false;
  while (text.back() == '0') text.remove_suffix(1);
  if (text.size() - point > 11) return false;
  std::uint32_t digits = 0;
  float scale = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == point) continue;
    if (!is_digit(text[i])) return false;
    digits = digits * 10 + static_cast<std::uint32_t>(text[i] - '0');
    if (digits > 1u << 24) return false;
    if (i > point) scale *= 10;
  }
  bits = std::bit_cast<std::uint32_t>(static_cast<float>(digits) / scale);
  return true;
}

/// What `print_real` prints, and short decimal numbers; false if `text` is none.
constexpr bool read_real(string_view text, float& x) {
  bool const is_negative = !text.empty() && text[0] == '-';
  if (is_negative) text.remove_prefix(1);
  std::uint32_t bits = 0;
  bool is_real = true;
  if (text == "inf") {
    bits = 0x7f80'0000;
  } else if (text == "nan") {
    bits = 0x7f80'0000 | quiet_nan;
  } else if (text.starts_with("nan.")) {
    is_real = read_fraction(text.substr(4), bits) && bits != 0;
    bits |= 0x7f80'0000;
  } else if (text.starts_with("0x")) {
    is_real = read_hexadecimal(text.substr(2), bits);
  } else {
    is_real = read_decimal(text, bits);
  }
  x = std::bit_cast<float>(bits | (is_negative ? 0x8000'0000 : 0));
  return is_real;
}

}  // namespace inlay::inline INLAY_VERSION::detail
