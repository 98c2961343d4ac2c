// The elements of constants as text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/graph/base64.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/print_attribute.hpp"
#include "inlay/graph/text_buffer.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// `external("weights.bin", 64, 8, "checksum")`, where the length may be up to the end of the file.
constexpr void print_external(text_buffer& out, external_data const& e) {
  out << "external(";
  print_quoted(out, e.location);
  out << ", " << e.offset;
  if (e.length != -1 || !e.checksum.empty()) out << ", " << e.length;
  if (!e.checksum.empty()) {
    out << ", ";
    print_quoted(out, e.checksum);
  }
  out << ")";
}

/// ` = AAAAPwAAgL8=`, ` = ["a", "b"]`, ` = sparse(%1, %2)`, ` = external("weights.bin", 64)`;
/// nothing where there are no elements.
constexpr void print_elements(text_buffer& out, graph const& g, std::uint32_t index) {
  if (index >= g.constants.size()) return;
  auto const& c = g.constants[index];
  auto const bytes = g.bytes_of(c);
  bool const is_sparse = c.sparse_values != no_value || c.sparse_indices != no_value;
  bool const is_external = c.external < g.externals.size();
  if (is_sparse) {
    out << " = sparse(";
    print_operand(out, c.sparse_values);
    out << ", ";
    print_operand(out, c.sparse_indices);
    out << ")";
    return;
  }
  for (std::uint32_t i = 0; i < c.texts.count; ++i) {
    out << (i == 0 ? " = [" : ", ");
    print_quoted(out, g.texts[c.texts.first + i]);
  }
  if (c.texts.count != 0) {
    out << "]";
    return;
  }
  if (is_external || !bytes.empty()) out << " = ";
  if (is_external) print_external(out, g.externals[c.external]);
  if (is_external && !bytes.empty()) out << " ";
  print_base64(out, bytes);
}

}  // namespace inlay::inline INLAY_VERSION::detail
