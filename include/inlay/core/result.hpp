// A value or the error that stands in its place.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <utility>

#include "inlay/core/config.hpp"
#include "inlay/core/error.hpp"
#include "inlay/core/string_view.hpp"

#if defined(__cpp_exceptions)
#include <new>  // std::exception too, as the base of std::bad_alloc, for less than <exception>
#endif

namespace inlay::inline INLAY_VERSION {

#if defined(__cpp_exceptions)
/// What `result::value` throws.
class failure : public std::exception {
 public:
  explicit failure(error e) : error_(e) { *text_copy(error_.text.view()) = '\0'; }
  char const* what() const noexcept override { return text_; }
  error const& reason() const noexcept { return error_; }

 private:
  char* text_copy(string_view text) {
    char* end = text_;
    for (auto const character : text) *end++ = character;
    return end;
  }

  error error_;
  char text_[sentence::capacity + 1]{};
};
#endif

/// A `T`, which has a default, or the error because of which there is none.
template <class T> class [[nodiscard]] result {
 public:
  constexpr result(T value) : value_(std::move(value)) {}
  constexpr result(error const& e) : error_(e) {}

  constexpr explicit operator bool() const { return !error_; }
  constexpr error const& failure() const { return error_; }

  /// The value, which must be there.
  constexpr T& operator*() { return value_; }
  constexpr T const& operator*() const { return value_; }
  constexpr T* operator->() { return &value_; }
  constexpr T const* operator->() const { return &value_; }

  /// The value.   *Errors*: throws `inlay::failure` when there is none, or aborts where exceptions
  /// are off.
  constexpr T& value() & {
    check();
    return value_;
  }
  constexpr T const& value() const& {
    check();
    return value_;
  }
  constexpr T value() && {
    check();
    return std::move(value_);
  }

 private:
  constexpr void check() const {
    if (!error_) return;
#if defined(__cpp_exceptions)
    throw inlay::failure(error_);
#else
    __builtin_abort();
#endif
  }

  T value_{};
  error error_{};
};

}  // namespace inlay::inline INLAY_VERSION
