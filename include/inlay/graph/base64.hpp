// Bytes as text, four characters for three.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/text_buffer.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// *Source*: RFC 4648, section 4.
inline constexpr string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The value of each digit; 64 for what is none.
struct base64_table {
  std::uint8_t values[256]{};

  constexpr base64_table() {
    for (auto& value : values) value = 64;
    for (std::uint8_t i = 0; i < 64; ++i) values[static_cast<unsigned char>(base64_digits[i])] = i;
  }
  constexpr std::uint32_t operator[](char c) const { return values[static_cast<unsigned char>(c)]; }
};
inline constexpr base64_table base64_values;

/// Chosen before hexadecimal digits: a third fewer characters, and a step of constant evaluation
/// for three bytes instead of one.
constexpr void print_base64(text_buffer& out, string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    auto const byte = [&](std::size_t k) -> std::uint32_t {
      return i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0;
    };
    auto const word = byte(0) << 16 | byte(1) << 8 | byte(2);
    char const group[4] = {base64_digits[word >> 18], base64_digits[word >> 12 & 63],
                           i + 1 < bytes.size() ? base64_digits[word >> 6 & 63] : '=',
                           i + 2 < bytes.size() ? base64_digits[word & 63] : '='};
    out << string_view(group, 4);
  }
}

/// Appends the bytes to `to`; false if `code` is not what `print_base64` prints.
constexpr bool read_base64(string_view code, vector<char>& to) {
  if (code.size() % 4 != 0) return false;
  auto const* at = code.data();
  auto const* const end = at + code.size();
  for (; at != end; at += 4) {
    auto const& value = base64_values;
    std::size_t count = 3;
    if (at + 4 == end && at[3] == '=') count = at[2] == '=' ? 1 : 2;
    auto const c = count > 1 ? value[at[2]] : 0;
    auto const d = count > 2 ? value[at[3]] : 0;
    if (((value[at[0]] | value[at[1]] | c | d) & 64) != 0) return false;
    auto const word = value[at[0]] << 18 | value[at[1]] << 12 | c << 6 | d;
    if (count < 3 && (word & (count == 2 ? 0xffu : 0xffffu)) != 0) return false;
    char const bytes[3] = {static_cast<char>(word >> 16), static_cast<char>(word >> 8),
                           static_cast<char>(word)};
    to.append(bytes, count);
  }
  return true;
}

}  // namespace inlay::inline INLAY_VERSION::detail
