// Attributes as text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string_view>

#include "inlay/graph/graph.hpp"
#include "inlay/graph/real_text.hpp"
#include "inlay/graph/text_buffer.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// Indexed by attribute_kind. Stands for the value of an attribute that has none.
inline constexpr std::string_view attribute_kind_names[] = {
    "integer", "real",    "text",      "tensor",   "graph", "integers[]",
    "reals[]", "texts[]", "tensors[]", "graphs[]", "other"};

constexpr bool is_list(attribute_kind kind) {
  return kind >= attribute_kind::integers && kind <= attribute_kind::graphs;
}

/// Of which a graph keeps that they are there, not what they hold.
constexpr bool is_opaque(attribute_kind kind) {
  return kind == attribute_kind::graph || kind == attribute_kind::graphs ||
         kind == attribute_kind::other;
}

constexpr void print_operand(text_buffer& out, value_id id) {
  if (id == no_value) out << "none";
  else out << "%" << id;
}

constexpr void print_attribute_value(text_buffer& out, graph const& g, attribute_kind kind,
                                     std::uint32_t at) {
  switch (kind) {
    case attribute_kind::integer:
    case attribute_kind::integers: out << g.integers[at]; break;
    case attribute_kind::real:
    case attribute_kind::reals: print_real(out, g.reals[at]); break;
    case attribute_kind::text:
    case attribute_kind::texts: print_quoted(out, g.texts[at]); break;
    default: print_operand(out, static_cast<value_id>(g.integers[at])); break;
  }
}

/// A name and its values: `axis = 1`, `alpha = 0x1.99999ap-4`, `pad = "SAME"`, `value = %3`,
/// `strides = [2, 2]`. Where there are none the kind stands: `axes = integers[]`, `body = graph`.
constexpr void print_attribute(text_buffer& out, graph const& g, attribute const& a) {
  print_name(out, a.name);
  out << " = ";
  if (is_opaque(a.kind) || a.values.count == 0) {
    out << attribute_kind_names[static_cast<std::uint8_t>(a.kind)];
    return;
  }
  if (is_list(a.kind)) out << "[";
  for (std::uint32_t i = 0; i < a.values.count; ++i) {
    if (i != 0) out << ", ";
    print_attribute_value(out, g, a.kind, a.values.first + i);
  }
  if (is_list(a.kind)) out << "]";
}

}  // namespace inlay::inline INLAY_VERSION::detail
