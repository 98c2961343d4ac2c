// A place in a text, and what is wrong there.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>

#include "inlay/core/error.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/graph/rule.hpp"
#include "inlay/graph/text_buffer.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// A place in a text. The end of the text is also the end of a line. After the first mistake the
/// place is the end, where nothing can be taken any more.
class text_place {
 public:
  constexpr explicit text_place(string_view text)
      : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

  constexpr error const& failure() const { return failure_; }
  constexpr bool at_end() const { return at_ == end_; }
  constexpr std::size_t size() const { return static_cast<std::size_t>(end_ - begin_); }
  constexpr char const* place() const { return at_; }

  // Before their use: Clang instantiates no template of a class that it has not parsed yet.

  /// The first mistake: "line 2, column 7: " and the rest of the arguments.
  template <class... Part> constexpr void fail(char const* at, rule broken, Part... part) {
    if (failure_) return;
    std::size_t line = 1;
    std::size_t column = 1;
    for (auto const* c = begin_; c != at; ++c) {
      if (*c == '\n') ++line;
      // A character of UTF-8 counts once.
      column = *c == '\n' ? 1 : column + ((static_cast<unsigned char>(*c) & 0xc0) != 0x80);
    }
    failure_ = make_error(broken, "line ", line, ", column ", column, ": ", part...);
    failure_.offset = at - begin_;
    at_ = end_;
  }
  /// "expected … here, not 'x'"
  template <class... Part> constexpr void fail_expected(Part... what) {
    auto const c = peek();
    bool const is_line_end = c == '\n';
    fail(at_, rule::the_text_must_follow_the_grammar, "expected ", what...,
         is_line_end ? ", but the line ends" : ", not '",
         is_line_end ? string_view() : next_character(), is_line_end ? "" : "'");
  }

  /// The next character after blanks; '\n' at the end.
  constexpr char peek() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r')) ++at_;
    return at_ == end_ ? '\n' : *at_;
  }
  constexpr bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  constexpr void expect(char c, string_view where) {
    if (!take(c)) fail_expected("'", string_view(&c, 1), "' ", where);
  }

  /// Whether the line ends here, or in a comment; then the next one begins.
  constexpr bool take_line_end() {
    if (peek() == '#') rest_of_line();
    if (peek() != '\n') return false;
    if (at_ != end_) ++at_;
    return true;
  }
  constexpr string_view rest_of_line() {
    auto const* const from = at_;
    while (at_ != end_ && *at_ != '\n') ++at_;
    return since(from);
  }

  /// To a place before, unless there was a mistake.
  constexpr void go_back(char const* to) {
    if (!failure_) at_ = to;
  }

 protected:
  constexpr string_view since(char const* from) const {
    return {from, static_cast<std::size_t>(at_ - from)};
  }
  char const* begin_;
  char const* at_;
  char const* end_;

 private:
  constexpr string_view next_character() const {
    string_view const rest(at_, static_cast<std::size_t>(end_ - at_));
    return rest.substr(0, rest.empty() ? 0 : utf8_length(rest));
  }

  error failure_;
};

}  // namespace inlay::inline INLAY_VERSION::detail
