// Views of tensors whose element type, too, is known when the program runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <type_traits>

#include "inlay/core/element_type.hpp"
#include "inlay/core/shape.hpp"
#include "inlay/core/view.hpp"

namespace inlay::inline INLAY_VERSION {

/// A tensor in somebody else's memory, to be read.
struct any_view {
  element_type element = element_type::undefined;
  shape extents;
  shape strides;  // in elements
  void const* data = nullptr;

  /// Of no tensor.
  constexpr any_view() = default;
  /// Row-major, without gaps.
  constexpr any_view(element_type e, shape const& s, void const* at)
      : any_view(e, s, contiguous_strides(s), at) {}
  constexpr any_view(element_type e, shape const& s, shape const& steps, void const* at)
      : element(e), extents(s), strides(steps), data(at) {}
  template <class T>
    requires(element_of<T> != element_type::undefined)
  constexpr any_view(view<T> const& x)
      : any_view(element_of<T>, x.shape(), x.strides(), x.data()) {}
  template <class T, std::int64_t... Extents>
    requires(sizeof...(Extents) > 0 && element_of<T> != element_type::undefined)
  constexpr any_view(view<T, Extents...> const& x) : any_view(element_of<T>, x.shape(), x.data()) {}

  /// Whether the elements stand in row-major order without gaps.
  constexpr bool is_contiguous() const {
    return view<char const>(nullptr, extents, strides).is_contiguous();
  }
  /// The number of elements, and their bytes without gaps.
  constexpr std::int64_t size() const { return elements_of(extents); }
  constexpr std::int64_t bytes() const { return bytes_of(element, size()); }

  /// The elements, if they are of type `T` and without gaps; else null.
  template <class T> T const* elements() const {
    if (element != element_of<T> || !is_contiguous()) return nullptr;
    return static_cast<T const*>(data);
  }
};

}  // namespace inlay::inline INLAY_VERSION
