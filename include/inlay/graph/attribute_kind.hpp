// The kinds of attributes: what texts and messages call them, and which are lists.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/graph/node.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// Indexed by attribute_kind. Stands for the value of an attribute that has none.
inline constexpr string_view attribute_kind_names[] = {
    "integer", "real",    "text",      "tensor",   "graph",         "integers[]",
    "reals[]", "texts[]", "tensors[]", "graphs[]", "sparse_tensor", "sparse_tensors[]",
    "type",    "types[]", "other"};

constexpr string_view name_of(attribute_kind kind) {
  return attribute_kind_names[static_cast<std::uint8_t>(kind)];
}

constexpr bool is_list(attribute_kind kind) {
  using enum attribute_kind;
  return (kind >= integers && kind <= graphs) || kind == sparse_tensors || kind == types;
}

/// Of which kind the elements of a list are.   integers → integer
constexpr attribute_kind kind_of_elements(attribute_kind kind) {
  using enum attribute_kind;
  if (!is_list(kind)) return kind;
  bool const is_adjacent = kind == sparse_tensors || kind == types;
  return static_cast<attribute_kind>(static_cast<int>(kind) - (is_adjacent ? 1 : 5));
}

}  // namespace inlay::inline INLAY_VERSION::detail
