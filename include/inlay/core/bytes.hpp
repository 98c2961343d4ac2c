// Numbers as little-endian bytes, as files hold them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// Element `index` of little-endian `T`s. There must be that many bytes.
template <class T> constexpr T read_little_endian(std::string_view bytes, std::size_t index) {
  char const* const from = bytes.data() + index * sizeof(T);
  if constexpr (std::is_same_v<T, bool>) {
    return *from != 0;
  } else {
    std::array<char, sizeof(T)> parts{};
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      parts[std::endian::native == std::endian::little ? i : sizeof(T) - 1 - i] = from[i];
    }
    return std::bit_cast<T>(parts);
  }
}

/// Calls `put` with each byte of `x`, the least significant first.
template <class T, class Put> constexpr void write_little_endian(T x, Put&& put) {
  auto const parts = std::bit_cast<std::array<char, sizeof(T)>>(x);
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    put(parts[std::endian::native == std::endian::little ? i : sizeof(T) - 1 - i]);
  }
}

}  // namespace inlay::inline INLAY_VERSION
