// Characters in somebody else's memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Containers of characters: std::string, std::string_view, inlay::vector<char>.
template <class T>
concept has_characters = requires(T const& t, char const* characters) {
  typename T::value_type;
  characters = t.data();
  t.size();
};

/// std::string_view, without its header.
template <class T>
concept is_std_string_view = has_characters<T> && requires(T t) {
  typename T::traits_type;
  t.remove_prefix(1);
};

}  // namespace detail

/// What std::string_view is, and converted from and to it, in a tenth of the time that its header
/// takes to include, and with comparisons that take few steps of constant evaluation.
class string_view {
 public:
  using value_type = char;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  constexpr string_view() = default;
  constexpr string_view(char const* characters, std::size_t size)
      : data_(characters), size_(size) {}
  /// Up to the first zero.
  constexpr string_view(char const* text) : data_(text), size_(__builtin_strlen(text)) {}
  template <detail::has_characters Text>
  constexpr string_view(Text const& text) : data_(text.data()), size_(text.size()) {}
  template <detail::is_std_string_view View> constexpr operator View() const {
    return View(data_, size_);
  }

  constexpr char const* data() const { return data_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr char const* begin() const { return data_; }
  constexpr char const* end() const { return data_ + size_; }
  constexpr char operator[](std::size_t i) const { return data_[i]; }
  constexpr char front() const { return data_[0]; }
  constexpr char back() const { return data_[size_ - 1]; }

  constexpr void remove_prefix(std::size_t count) {
    data_ += count;
    size_ -= count;
  }
  constexpr void remove_suffix(std::size_t count) { size_ -= count; }
  /// At most `count` characters from the one at `from`, which is at most size().
  constexpr string_view substr(std::size_t from, std::size_t count = npos) const {
    auto const rest = size_ - from;
    return {data_ + from, count < rest ? count : rest};
  }
  /// Where `character` stands first, or npos.
  constexpr std::size_t find(char character) const {
    for (std::size_t i = 0; i < size_; ++i) {
      if (data_[i] == character) return i;
    }
    return npos;
  }
  constexpr bool starts_with(string_view text) const {
    return size_ >= text.size_ && is_equal(data_, text.data_, text.size_);
  }

  friend constexpr bool operator==(string_view a, string_view b) {
    return a.size_ == b.size_ && is_equal(a.data_, b.data_, a.size_);
  }
  template <detail::has_characters Text>
  friend constexpr bool operator==(string_view a, Text const& b) {
    return a == string_view(b.data(), b.size());
  }

  /// To a std::ostream.
  template <class Stream>
    requires requires { typename Stream::traits_type; }
  friend Stream& operator<<(Stream& stream, string_view text) {
    stream.write(text.data_, static_cast<std::ptrdiff_t>(text.size_));
    return stream;
  }

 private:
  // Clang has a built-in function that counts as one step, and GCC is quickest with a plain loop.
  static constexpr bool is_equal(char const* a, char const* b, std::size_t size) {
#if defined(__clang__)
    return __builtin_memcmp(a, b, size) == 0;
#else
    for (auto const* const end = a + size; a != end; ++a, ++b) {
      if (*a != *b) return false;
    }
    return true;
#endif
  }

  char const* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace inlay::inline INLAY_VERSION
