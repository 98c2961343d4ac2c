// The sentence that names the first difference of two things.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>

#include "inlay/core/error.hpp"
#include "inlay/core/string_view.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// Keeps the first difference that it is told of; all comparing after it does nothing.
class difference {
 public:
  constexpr bool found() const { return !said_.empty(); }
  constexpr sentence const& said() const { return said_; }

  /// Where what is compared next stands: "value 2 'w': ".
  constexpr void set_place(sentence const& place) { place_ = place; }

  template <class... Part> constexpr void say(Part... part) {
    if (found()) return;
    said_ << place_;
    (said_ << ... << part);
  }
  template <class Subject, class T> constexpr void numbers(Subject const& subject, T a, T b) {
    if (a != b) say(subject, " is ", a, " and ", b);
  }
  template <class Subject>
  constexpr void texts(Subject const& subject, string_view a, string_view b) {
    if (a != b) say(subject, " is '", a, "' and '", b, "'");
  }

  /// Elements as numbers from 0 to 255.
  constexpr void bytes(string_view a, string_view b) {
    numbers("the number of bytes", a.size(), b.size());
    if (found() || a == b) return;
    std::size_t i = 0;
    while (a[i] == b[i]) ++i;
    auto const byte = [](char c) { return static_cast<int>(static_cast<unsigned char>(c)); };
    say("byte ", i, " of the elements is ", byte(a[i]), " and ", byte(b[i]));
  }

 private:
  sentence place_;
  sentence said_;
};

}  // namespace inlay::inline INLAY_VERSION::detail
