// What a node applies to what, as text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>

#include "inlay/core/string_view.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/print_attribute.hpp"
#include "inlay/graph/text_buffer.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// Whether a domain can stand without quotes: words with points between them.
constexpr bool is_path(string_view domain) {
  std::size_t from = 0;
  for (std::size_t i = 0; i <= domain.size(); ++i) {
    if (i != domain.size() && domain[i] != '.') continue;
    if (!is_word(domain.substr(from, i - from))) return false;
    from = i + 1;
  }
  return true;
}

/// `Conv`, `com.example.Conv`, `"my domain"."a.b"`: the domain ends at the last point.
constexpr void print_operator(text_buffer& out, string_view domain, string_view type) {
  if (!domain.empty()) {
    if (is_path(domain)) out << domain;
    else print_quoted(out, domain);
    out << ".";
  }
  print_name(out, type);
}

/// `(%0, none, %2)`
constexpr void print_inputs(text_buffer& out, graph const& g, node const& n) {
  out << "(";
  auto const inputs = g.inputs_of(n);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (i != 0) out << ", ";
    print_operand(out, inputs[i]);
  }
  out << ")";
}

}  // namespace inlay::inline INLAY_VERSION::detail
