// Words, numbers and quoted text out of a text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/graph/real_text.hpp"
#include "inlay/graph/rule.hpp"
#include "inlay/graph/shared_text.hpp"
#include "inlay/graph/text_place.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// Each function reads what comes after blanks, and is at the end of the text if that is not there.
class text_cursor : public text_place {
 public:
  using text_place::text_place;

  /// The characters of names that are written with escapes.
  constexpr shared_text const& unescaped() const { return unescaped_; }

  /// Letters, digits and underscores, no digit first; empty if there are none.
  constexpr string_view word() {
    peek();
    auto const* const from = at_;
    if (at_ == end_ || is_digit(*at_)) return {};
    while (at_ != end_ && (is_letter(*at_) || is_digit(*at_))) ++at_;
    return since(from);
  }
  constexpr bool take_word(string_view wanted) {
    peek();
    auto const* const from = at_;
    if (word() == wanted) return true;
    at_ = from;
    return false;
  }
  /// `name(`, in one comparison: what stands there may be long.
  constexpr bool take_call(string_view name) {
    peek();
    auto const size = name.size();
    if (static_cast<std::size_t>(end_ - at_) <= size) return false;
    if (at_[size] != '(' || string_view(at_, size) != name) return false;
    at_ += size + 1;
    return true;
  }
  /// Whatever stands between here and a blank, a comma or a closing bracket.
  constexpr string_view token() {
    peek();
    auto const* const from = at_;
    while (at_ != end_ && *at_ > ' ' && *at_ < 0x7f && *at_ != ',' && *at_ != ']' && *at_ != '}') {
      ++at_;
    }
    return since(from);
  }

  constexpr std::uint64_t natural(std::uint64_t most) {
    peek();
    auto const* const from = at_;
    std::uint64_t number = 0;
    for (; at_ != end_ && is_digit(*at_); ++at_) {
      auto const digit = static_cast<std::uint64_t>(*at_ - '0');
      if (number > (most - digit) / 10) {
        fail(from, rule::a_number_must_fit_in_64_bits, "the number is larger than ", most);
        return 0;
      }
      number = number * 10 + digit;
    }
    if (at_ == from) fail_expected("a number");
    return number;
  }
  constexpr std::int64_t integer() {
    constexpr auto most = static_cast<std::uint64_t>(INT64_MAX);
    if (!take('-')) return static_cast<std::int64_t>(natural(most));
    return static_cast<std::int64_t>(0 - natural(most + 1));
  }

  /// A name or text in quotes: a view of the text, or of `unescaped` if it has escapes.
  constexpr string_view quoted() {
    if (!take('"')) {
      fail_expected("a text in quotes");
      return {};
    }
    auto const* const from = at_;
    while (at_ != end_ && *at_ != '"' && *at_ != '\\' && *at_ != '\n') ++at_;
    auto const plain = since(from);
    if (at_ != end_ && *at_ == '\\') return unescape(from);
    if (at_ == end_ || *at_ == '\n') {
      fail(from - 1, rule::the_text_must_follow_the_grammar, "the quotes are not closed");
      return {};
    }
    ++at_;
    return plain;
  }

 private:
  constexpr string_view unescape(char const* from) {
    // What is left of the text is room enough for all that follows, so no view ever moves.
    if (unescaped_.empty()) {
      unescaped_ = shared_text(static_cast<std::size_t>(end_ - from));
      next_ = unescaped_.data();
    }
    auto* const first = next_;
    for (auto const* c = from; c != at_; ++c) *next_++ = *c;
    while (at_ != end_ && *at_ != '"' && *at_ != '\n') {
      if (*at_ == '\\') *next_++ = escape();
      else *next_++ = *at_++;
    }
    if (at_ == end_ || *at_ == '\n') {
      fail(from - 1, rule::the_text_must_follow_the_grammar, "the quotes are not closed");
      return {};
    }
    ++at_;
    return {first, static_cast<std::size_t>(next_ - first)};
  }
  constexpr char escape() {
    auto const* const from = at_++;
    auto const c = at_ == end_ ? '\n' : *at_++;
    if (c == '"' || c == '\\') return c;
    if (c == 'n') return '\n';
    if (c == 'x' && end_ - at_ >= 2 && digit_of(at_[0]) < 16 && digit_of(at_[1]) < 16) {
      at_ += 2;
      return static_cast<char>(digit_of(at_[-2]) * 16 + digit_of(at_[-1]));
    }
    fail(from, rule::the_text_must_follow_the_grammar,
         "after a backslash stands \", \\, n, or x and two hexadecimal digits");
    return ' ';
  }

  shared_text unescaped_;
  char* next_ = nullptr;  // in unescaped_
};

}  // namespace inlay::inline INLAY_VERSION::detail
