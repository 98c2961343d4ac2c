// Constants whose elements no file holds.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/bytes.hpp"
#include "inlay/core/span.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

/// A new constant with the elements that `write(put)` hands to `put`, one after the other, each of
/// the element type that the constant has. Returns its index in `graph::constants`.
template <class Graph, class Write>
constexpr std::uint32_t store_constant(Graph& g, Write&& write) {
  constant c;
  c.stored_at = g.storage.size();
  write([&](auto element) {
    write_little_endian(element, [&](char byte) { g.storage.push_back(byte); });
  });
  c.stored_size = g.storage.size() - c.stored_at;
  g.constants.push_back(c);
  return static_cast<std::uint32_t>(g.constants.size() - 1);
}

/// A new constant with these elements.
template <class Graph, class T>
constexpr std::uint32_t store_elements(Graph& g, span<T const> elements) {
  return store_constant(g, [&](auto put) {
    for (auto const e : elements) put(e);
  });
}

}  // namespace inlay::inline INLAY_VERSION
