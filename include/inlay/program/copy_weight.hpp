// From a constant's bytes to the elements that kernels read.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/bytes.hpp"
#include "inlay/core/span.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION {

/// Writes the elements of a weight, as its packing wants them. `T` has the element type's size;
/// what fills up the last panel is left as it is.
template <class T>
constexpr void copy_weight(weight const& w, span<right_operand const> packings, char const* storage,
                           T* to) {
  auto const bytes = w.elements.bytes_in(storage);
  if (w.packing == not_packed) {
    for (std::size_t i = 0; i < bytes.size() / sizeof(T); ++i) {
      to[i] = read_little_endian<T>(bytes, i);
    }
  } else {
    pack_panels(packings[w.packing], [&](std::int64_t at, std::int64_t from) {
      to[at] = read_little_endian<T>(bytes, static_cast<std::size_t>(from));
    });
  }
}

}  // namespace inlay::inline INLAY_VERSION
