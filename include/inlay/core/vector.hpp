// An array that grows.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <initializer_list>
#include <utility>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// What std::vector is, for element types that can be default constructed, in a quarter of its
/// compile time and without the parts that are no constant expressions in some libraries.
template <class T> class vector {
 public:
  using value_type = T;

  constexpr vector() = default;
  constexpr vector(std::size_t size, T const& value) {
    reserve(size);
    while (size_ < size) data_[size_++] = value;
  }
  constexpr vector(std::initializer_list<T> list) { append(list.begin(), list.size()); }
  constexpr vector(vector const& other) { append(other.data_, other.size_); }
  constexpr vector(vector&& other) noexcept { swap(other); }
  constexpr vector& operator=(vector other) noexcept {
    swap(other);
    return *this;
  }
  constexpr ~vector() { delete[] data_; }

  constexpr T* data() { return data_; }
  constexpr T const* data() const { return data_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr T* begin() { return data_; }
  constexpr T* end() { return data_ + size_; }
  constexpr T const* begin() const { return data_; }
  constexpr T const* end() const { return data_ + size_; }
  constexpr T& operator[](std::size_t i) { return data_[i]; }
  constexpr T const& operator[](std::size_t i) const { return data_[i]; }
  constexpr T& back() { return data_[size_ - 1]; }
  constexpr T const& back() const { return data_[size_ - 1]; }

  /// The new element must not be one of this vector's own.
  constexpr void push_back(T const& value) {
    if (size_ == capacity_) grow(size_ + 1);
    data_[size_++] = value;
  }
  constexpr void append(T const* values, std::size_t count) {
    if (size_ + count > capacity_) grow(size_ + count);
    for (std::size_t i = 0; i < count; ++i) data_[size_ + i] = values[i];
    size_ += count;
  }
  constexpr void pop_back() { --size_; }
  constexpr void clear() { size_ = 0; }
  /// Leaves the first `size` elements; there must be as many.
  constexpr void truncate(std::size_t size) { size_ = size; }
  constexpr void reserve(std::size_t capacity) {
    if (capacity > capacity_) reallocate(capacity);
  }
  constexpr void swap(vector& other) noexcept {
    // Not with std::swap, whose constraints cost more than all of this class.
    auto* const data = data_;
    auto const size = size_;
    auto const capacity = capacity_;
    data_ = other.data_;
    size_ = other.size_;
    capacity_ = other.capacity_;
    other.data_ = data;
    other.size_ = size;
    other.capacity_ = capacity;
  }

 private:
  constexpr void grow(std::size_t least) {
    auto const doubled = capacity_ * 2;
    // GCC 12 warns of vectors of elements in less room than one takes, which it does not have.
    constexpr std::size_t first = sizeof(T) < 16 ? 64 / sizeof(T) : 4;
    reallocate(least > doubled ? (least > first ? least : first) : doubled);
  }
  constexpr void reallocate(std::size_t capacity) {
    auto* const larger = new T[capacity]{};
    for (std::size_t i = 0; i < size_; ++i) larger[i] = static_cast<T&&>(data_[i]);
    delete[] data_;
    data_ = larger;
    capacity_ = capacity;
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace inlay::inline INLAY_VERSION
