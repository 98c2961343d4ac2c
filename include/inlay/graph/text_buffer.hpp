// Text that grows, and names in it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "inlay/core/error.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"

namespace inlay::inline INLAY_VERSION {

/// Text that grows; `view` until the next change.
class text_buffer {
 public:
  constexpr string_view view() const { return {characters_.data(), characters_.size()}; }
  constexpr void clear() { characters_.clear(); }

  constexpr text_buffer& operator<<(string_view text) {
    characters_.append(text.data(), text.size());
    return *this;
  }
  constexpr text_buffer& operator<<(char const* text) { return *this << string_view(text); }
  constexpr text_buffer& operator<<(sentence const& s) { return *this << s.view(); }
  template <std::integral Integer> constexpr text_buffer& operator<<(Integer number) {
    char digits[20]{};
    std::size_t first = 20;
    bool const is_negative = number < 0;
    auto rest = static_cast<std::uint64_t>(number);
    if (is_negative) rest = 0 - rest;
    do {
      digits[--first] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    if (is_negative) digits[--first] = '-';
    characters_.append(digits + first, 20 - first);
    return *this;
  }

 private:
  vector<char> characters_;
};

namespace detail {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Whether a name can stand without quotes: letters, digits and underscores, no digit first.
constexpr bool is_word(string_view text) {
  if (text.empty() || is_digit(text[0])) return false;
  for (auto const c : text) {
    if (!is_letter(c) && !is_digit(c)) return false;
  }
  return true;
}

/// How many bytes the UTF-8 character at the beginning of `text` has; 0 if there is none.
/// *Source*: table 3-7 of The Unicode Standard.
constexpr std::size_t utf8_length(string_view text) {
  auto const byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  auto const first = byte(0);
  std::size_t const length = first < 0x80                     ? 1
                             : first >= 0xc2 && first <= 0xdf ? 2
                             : first >= 0xe0 && first <= 0xef ? 3
                             : first >= 0xf0 && first <= 0xf4 ? 4
                                                              : 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xbf) return 0;
  }
  bool const is_wrong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f) ||
                        (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f);
  return is_wrong ? 0 : length;
}

inline constexpr string_view hex_digits = "0123456789abcdef";

constexpr void print_byte(text_buffer& out, char c) {
  auto const byte = static_cast<unsigned char>(c);
  out << "\\x" << hex_digits.substr(byte >> 4, 1) << hex_digits.substr(byte & 15u, 1);
}

/// Calls `escape(c)` for each byte that is a quote, a backslash, a control, `special` or no UTF-8,
/// and copies what stands between them.
template <class Escape>
constexpr void print_escaped(text_buffer& out, string_view text, Escape&& escape,
                             char special = '"') {
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size();) {
    auto const c = text[i];
    bool const is_plain = c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != special;
    bool const is_ascii = static_cast<unsigned char>(c) < 0x80;
    std::size_t const length = is_plain ? 1 : is_ascii ? 0 : utf8_length(text.substr(i));
    if (length == 0) {
      out << text.substr(from, i - from);
      escape(c);
      from = i + 1;
    }
    i += length == 0 ? 1 : length;
  }
  out << text.substr(from);
}

/// A name or text in quotes, on one line: `"a \"b\" \\ \n \x7f é"`.
constexpr void print_quoted(text_buffer& out, string_view text) {
  out << "\"";
  print_escaped(out, text, [&](char c) {
    if (c == '"') out << "\\\"";
    else if (c == '\\') out << "\\\\";
    else if (c == '\n') out << "\\n";
    else print_byte(out, c);
  });
  out << "\"";
}

/// A name, in quotes where it needs them.
constexpr void print_name(text_buffer& out, string_view name) {
  if (is_word(name)) out << name;
  else print_quoted(out, name);
}

}  // namespace detail

}  // namespace inlay::inline INLAY_VERSION
