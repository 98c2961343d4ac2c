// Views of tensors in somebody else's memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "inlay/core/config.hpp"
#include "inlay/core/element_type.hpp"
#include "inlay/core/shape.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {
template <class T> struct flatten_array {
  using element = T;
  static constexpr std::size_t count = 1;
};
template <class T, std::size_t N> struct flatten_array<T[N]> {
  using element = typename flatten_array<T>::element;
  static constexpr std::size_t count = N * flatten_array<T>::count;
};
}  // namespace detail

/// `T`s in row-major order, whose extents are part of the type: `view<float const, 1, 28, 28>`.
template <class T, std::int64_t... Extents> class view {
 public:
  using element = T;
  static constexpr int rank = sizeof...(Extents);
  static constexpr std::int64_t size() { return (Extents * ... * 1); }
  static constexpr inlay::shape shape() { return {Extents...}; }
  static_assert(rank <= max_rank && size() >= 0);

  /// Of no tensor.
  constexpr view() = default;
  constexpr explicit view(T* data) : data_(data) {}
  template <class U>
    requires(std::is_convertible_v<U (*)[], T (*)[]>)
  constexpr view(view<U, Extents...> other) : data_(other.data()) {}

  constexpr T* data() const { return data_; }
  constexpr T* begin() const { return data_; }
  constexpr T* end() const { return data_ + size(); }
  /// The element at a flat index.
  constexpr T& operator[](std::int64_t i) const { return data_[i]; }
  /// The element at one index an axis.
  template <class... Index>
    requires(sizeof...(Index) == sizeof...(Extents))
  constexpr T& operator()(Index... index) const {
    std::int64_t flat = 0;
    ((flat = flat * Extents + static_cast<std::int64_t>(index)), ...);
    return data_[flat];
  }

 private:
  T* data_ = nullptr;
};

/// `T`s whose extents and strides are known when the program runs.
template <class T> class view<T> {
 public:
  using element = T;

  /// Of no tensor.
  constexpr view() = default;
  /// Row-major, without gaps.
  constexpr view(T* data, inlay::shape const& shape)
      : view(data, shape, contiguous_strides(shape)) {}
  /// `strides`: one an axis, in elements.
  constexpr view(T* data, inlay::shape const& shape, inlay::shape const& strides)
      : data_(data), shape_(shape), strides_(strides) {}
  template <class U, std::int64_t... Extents>
    requires(sizeof...(Extents) > 0 && std::is_convertible_v<U (*)[], T (*)[]>)
  constexpr view(view<U, Extents...> other) : view(other.data(), other.shape()) {}

  constexpr T* data() const { return data_; }
  constexpr inlay::shape const& shape() const { return shape_; }
  constexpr inlay::shape const& strides() const { return strides_; }
  /// Whether the elements stand in row-major order without gaps.
  constexpr bool is_contiguous() const {
    std::int64_t step = 1;
    for (int i = shape_.size() - 1; i >= 0; --i) {
      if (shape_[i] != 1 && strides_[i] != step) return false;
      step *= shape_[i];
    }
    return true;
  }

 private:
  T* data_ = nullptr;
  inlay::shape shape_;
  inlay::shape strides_;
};

}  // namespace inlay::inline INLAY_VERSION
