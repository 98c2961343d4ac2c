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
  constexpr auto run = static_cast<int>(panel_columns);
  constexpr auto size = static_cast<std::int64_t>(sizeof(T));
  auto const step = w.packing == not_packed ? size : size * column_stride(packings[w.packing]);
  // In few statements, which compilers count.
  auto const copy = [&](std::int64_t at, std::int64_t from, std::int64_t count) {
    count == run
        ? read_run<run>(bytes.data() + from * size, static_cast<std::size_t>(step), to + at)
        : read_each(bytes.data() + from * size, static_cast<std::size_t>(step), to + at,
                    static_cast<int>(count));
  };
  if (w.packing != not_packed) return pack_panels(packings[w.packing], copy);
  auto const count = static_cast<std::int64_t>(bytes.size()) / size;
  for (std::int64_t i = 0; i < count; i += run) copy(i, i, count - i < run ? count - i : run);
}

}  // namespace inlay::inline INLAY_VERSION
