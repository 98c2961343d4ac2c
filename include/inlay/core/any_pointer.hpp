// Pointers to elements of several types in one array.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <type_traits>

#include "inlay/core/config.hpp"
#include "inlay/core/element_type.hpp"

namespace inlay::inline INLAY_VERSION {

/// A pointer to elements of one of the types. In a constant expression, too, where no `void*`
/// becomes another pointer again.
template <class First, class... Rest> union any_pointer {
  constexpr any_pointer() : first_(nullptr) {}
  constexpr any_pointer(First* p) : first_(p) {}
  template <class T> constexpr any_pointer(T* p) : rest_(p) {}

  /// The pointer, which must be one of this type.
  template <class T> INLAY_INLINE constexpr T* as() const {
    if constexpr (std::is_same_v<T, First>) return first_;
    else return rest_.template as<T>();
  }

 private:
  First* first_;
  any_pointer<Rest...> rest_;
};

template <class Only> union any_pointer<Only> {
  constexpr any_pointer(Only* p) : only_(p) {}
  template <class T> INLAY_INLINE constexpr T* as() const {
    static_assert(std::is_same_v<T, Only>, "it never points to elements of this type");
    return only_;
  }

 private:
  Only* only_;
};

namespace detail {
template <class... T> any_pointer<T const...> find_input_pointer(type_list<T...>);
template <class... T> any_pointer<T...> find_output_pointer(type_list<T...>);
}  // namespace detail

/// Where an input of a program is, and where an output of it goes.
using input_pointer = decltype(detail::find_input_pointer(stored_types{}));
using output_pointer = decltype(detail::find_output_pointer(stored_types{}));

}  // namespace inlay::inline INLAY_VERSION
