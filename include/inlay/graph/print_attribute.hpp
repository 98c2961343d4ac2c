// Attributes as text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/graph/attribute_kind.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/real_text.hpp"
#include "inlay/graph/text_buffer.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// Of which kind a list of such elements is.   integer → integers
constexpr attribute_kind kind_of_list(attribute_kind kind) {
  using enum attribute_kind;
  bool const is_adjacent = kind == sparse_tensor || kind == type;
  return static_cast<attribute_kind>(static_cast<int>(kind) + (is_adjacent ? 1 : 5));
}

constexpr void print_operand(text_buffer& out, value_id id) {
  if (id == no_value) out << "none";
  else out << "%" << id;
}

/// One value of an attribute: `1`, `0x1.99999ap-4`, `"SAME"`, `%3`, `sparse %3`. Types and bodies
/// are printed with what they need.
constexpr void print_attribute_value(text_buffer& out, graph const& g, attribute_kind kind,
                                     std::uint32_t at) {
  switch (kind_of_elements(kind)) {
    case attribute_kind::integer: out << g.integers[at]; break;
    case attribute_kind::real: print_real(out, g.reals[at]); break;
    case attribute_kind::text: print_quoted(out, g.texts[at]); break;
    case attribute_kind::sparse_tensor: out << "sparse "; [[fallthrough]];
    default: print_operand(out, static_cast<value_id>(g.integers[at])); break;
  }
}

}  // namespace inlay::inline INLAY_VERSION::detail
