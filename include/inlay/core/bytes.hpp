// Numbers as little-endian bytes, as files hold them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "inlay/core/config.hpp"
#include "inlay/core/string_view.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {
template <class T> struct object_bytes {
  char bytes[sizeof(T)];
};
inline constexpr bool is_little_endian = std::endian::native == std::endian::little;

/// Without a loop, whose steps a compiler counts: constants of networks are read so.
template <class T, std::size_t... I>
constexpr T from_bytes(char const* from, std::index_sequence<I...>) {
  return std::bit_cast<T>(object_bytes<T>{{from[is_little_endian ? I : sizeof...(I) - 1 - I]...}});
}
}  // namespace detail

/// Element `index` of little-endian `T`s. There must be that many bytes.
template <class T> constexpr T read_little_endian(string_view bytes, std::size_t index) {
  if constexpr (std::is_same_v<T, bool>) return bytes[index] != 0;
  else
    return detail::from_bytes<T>(bytes.data() + index * sizeof(T),
                                 std::make_index_sequence<sizeof(T)>{});
}

/// `count` little-endian numbers, so many bytes from one to the next.
template <class T> constexpr void read_each(char const* from, std::size_t step, T* to, int count) {
  // No pointer passes the end of the bytes.
  for (int i = 0; i < count; ++i) {
    to[i] = read_little_endian<T>({from + static_cast<std::size_t>(i) * step, sizeof(T)}, 0);
  }
}

namespace detail {
/// In one statement, of few expressions: those are what Clang counts, and GCC.
template <class T, std::size_t... Byte, std::size_t... I>
constexpr void read_run(char const* from, std::size_t step, T* to, std::index_sequence<Byte...>,
                        std::index_sequence<I...>) {
  static_cast<void>(
      ((to[I] = __builtin_bit_cast(
            T, (object_bytes<T>{{from[is_little_endian ? Byte : sizeof...(Byte) - 1 - Byte]...}})),
        from += I + 1 < sizeof...(I) ? step : 0),
       ...));
}
}  // namespace detail

/// The same of `Count`, which a compiler reads in few steps.
template <int Count, class T> constexpr void read_run(char const* from, std::size_t step, T* to) {
  if constexpr (std::is_same_v<T, bool>) read_each(from, step, to, Count);
  else
    __builtin_is_constant_evaluated()
        ? detail::read_run(from, step, to, std::make_index_sequence<sizeof(T)>{},
                           std::make_index_sequence<std::size_t{Count}>{})
        : read_each(from, step, to, Count);
}

/// Calls `put` with each byte of `x`, the least significant first.
template <class T, class Put> constexpr void write_little_endian(T x, Put&& put) {
  auto const parts = std::bit_cast<detail::object_bytes<T>>(x);
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    put(parts.bytes[detail::is_little_endian ? i : sizeof(T) - 1 - i]);
  }
}

}  // namespace inlay::inline INLAY_VERSION
