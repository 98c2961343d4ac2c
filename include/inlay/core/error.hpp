// What can be wrong, as a value: a rule, the sentence that says what and where, the place in the
// file.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "inlay/core/config.hpp"
#include "inlay/core/element_type.hpp"
#include "inlay/core/shape.hpp"
#include "inlay/core/string_view.hpp"

namespace inlay::inline INLAY_VERSION {

/// Text of at most 255 characters without a heap, so that a constant expression may keep it.
/// What does not fit is cut, and the text ends in "...".
class sentence {
 public:
  static constexpr std::size_t capacity = 255;

  constexpr string_view view() const {
    // With a size of another type a compiler first tries whether it is an iterator.
    return {characters_, static_cast<std::size_t>(size_)};
  }
  constexpr bool empty() const { return size_ == 0; }

  constexpr void append(string_view text) {
    for (auto const character : text.substr(0, capacity + 1)) push_back(character);
  }
  constexpr void append(char const* text) { append(string_view(text)); }
  constexpr void append(sentence const& other) { append(other.view()); }
  constexpr void append(element_type e) { append(name_of(e)); }
  // Before its use: Clang instantiates no template of a class that it has not parsed yet.
  template <std::integral Integer> constexpr void append(Integer number) {
    append_integer(number < 0, static_cast<std::uint64_t>(number));
  }
  /// Extents as `2x3x4`; one without a value is `?`.
  constexpr void append(shape const& s) {
    if (s.size() == 0) append("scalar");
    for (int i = 0; i < s.size(); ++i) {
      if (i != 0) push_back('x');
      if (s[i] < 0) push_back('?');
      else append(s[i]);
    }
  }
  /// The same as `append`. A call costs a compiler much less than an operator.
  template <class Part> constexpr sentence& operator<<(Part const& part) {
    append(part);
    return *this;
  }

  friend constexpr bool operator==(sentence const& a, sentence const& b) {
    return a.view() == b.view();
  }

 private:
  constexpr void append_integer(bool is_negative, std::uint64_t number) {
    char digits[20]{};
    int count = 0;
    if (is_negative) number = 0 - number;
    do {
      digits[count++] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
    if (is_negative) push_back('-');
    while (count != 0) push_back(digits[--count]);
  }
  constexpr void push_back(char character) {
    if (size_ < capacity) {
      // A name from a file may hold anything; a message holds one printable line.
      auto const byte = static_cast<unsigned char>(character);
      characters_[size_++] = byte < 0x20 || byte == 0x7f ? '?' : character;
    } else {
      for (std::size_t i = capacity - 3; i < capacity; ++i) characters_[i] = '.';
    }
  }

  char characters_[capacity]{};
  std::uint8_t size_ = 0;
};

/// Which rule a model, a call or a file breaks: a clause. Listed in graph/rule.hpp.
enum class rule : std::uint16_t;

/// The first thing that is wrong. `error{}` stands for nothing.
struct error {
  rule broken{};
  sentence text;
  std::int64_t offset = -1;  // in the file, in bytes; -1 where there is none

  constexpr explicit operator bool() const { return broken != rule{}; }
};

/// An error whose sentence is the rest of the arguments, one after the other.
template <class... Part> constexpr error make_error(rule broken, Part... part) {
  error e{broken, {}};
  (e.text.append(part), ...);
  return e;
}

}  // namespace inlay::inline INLAY_VERSION
