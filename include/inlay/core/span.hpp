// A run of elements in somebody else's array.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// What std::span is, without its constraints: those cost each element type 20 ms of compile time.
template <class T> class span {
 public:
  constexpr span() = default;
  constexpr span(T* data, std::size_t size) : data_(data), size_(size) {}
  template <std::size_t N> constexpr span(T (&array)[N]) : data_(array), size_(N) {}
  /// Anything with data() and size().
  template <class Container>
    requires requires(Container&& c) { c.data(); }
  constexpr span(Container&& c) : data_(c.data()), size_(c.size()) {}

  constexpr T* data() const { return data_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr T* begin() const { return data_; }
  constexpr T* end() const { return data_ + size_; }
  constexpr T& operator[](std::size_t i) const { return data_[i]; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace inlay::inline INLAY_VERSION
