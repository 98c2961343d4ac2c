// Values of several types together: a std::tuple that costs little to include.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <utility>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

template <std::size_t I, class T> struct packed {
  T value{};
};

template <class Indices, class... T> struct pack_base;
template <std::size_t... I, class... T>
struct pack_base<std::index_sequence<I...>, T...> : packed<I, T>... {
  constexpr pack_base() = default;
  INLAY_INLINE constexpr explicit pack_base(T const&... x) : packed<I, T>{x}... {}
};
template <> struct pack_base<std::index_sequence<>> {};

}  // namespace detail

/// One value of each type: `auto const [a, b] = pack{1, 2.0f};`
template <class... T> struct pack : detail::pack_base<std::index_sequence_for<T...>, T...> {
  using detail::pack_base<std::index_sequence_for<T...>, T...>::pack_base;
};
template <class... T> pack(T...) -> pack<T...>;

/// Value `I` of a pack.
template <std::size_t I, class T> INLAY_INLINE constexpr T& get(detail::packed<I, T>& x) {
  return x.value;
}
template <std::size_t I, class T>
INLAY_INLINE constexpr T const& get(detail::packed<I, T> const& x) {
  return x.value;
}

/// `f` of the values of a pack.
template <class F, class... T>
INLAY_INLINE constexpr decltype(auto) apply_pack(F&& f, pack<T...> const& x) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) INLAY_INLINE_LAMBDA -> decltype(auto) {
    return f(get<I>(x)...);
  }(std::index_sequence_for<T...>{});
}

}  // namespace inlay::inline INLAY_VERSION

// What structured bindings ask for.
template <class... T>
struct std::tuple_size<inlay::pack<T...>> : std::integral_constant<std::size_t, sizeof...(T)> {};
template <std::size_t I, class... T> struct std::tuple_element<I, inlay::pack<T...>> {
  template <class U> static U type_of(inlay::detail::packed<I, U> const&);
  using type = decltype(type_of(std::declval<inlay::pack<T...> const&>()));
};
