// The links of a structure as the interpreter's kernels take them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/span.hpp"
#include "inlay/execute/interpreter/kernel_call.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION::interpreter {

using interpreter_kernels_v0_1::kernel_epilogue;
using interpreter_kernels_v0_1::strip_function;
using interpreter_kernels_v0_1::strip_link;

/// Writes the strips of `links` to `to`, which has room for as many, and says in `how` which strip
/// is stored. A result stands where an operand did that nothing reads any more, so that a chain of
/// any length keeps to a few strips. `code_of(op)` is an operator's code.
template <class CodeOf>
void make_chain(span<link const> links, strip_link* to, kernel_epilogue& how,
                CodeOf const& code_of) {
  constexpr auto most_values = most_others + 1 + most_links;
  std::uint8_t strip_of[most_values];
  std::size_t last_use[most_values]{};
  // The other tensors come first, the last of them in front; then the kernel's result and those of
  // the links.
  auto const value_at = [&](std::int32_t operand) {
    return static_cast<std::size_t>(static_cast<std::int32_t>(most_others) + operand);
  };
  for (std::size_t i = 0; i < links.size(); ++i) {
    for (std::uint32_t k = 0; k < links[i].operands.count; ++k) {
      auto const operand = links[i].operands.of[k];
      last_use[value_at(operand)] = i;
      if (-operand > how.others) how.others = static_cast<std::uint8_t>(-operand);
    }
  }
  strip_of[value_at(0)] = 0;
  for (std::uint8_t k = 0; k < how.others; ++k) {
    strip_of[value_at(-1 - k)] = static_cast<std::uint8_t>(k + 1);
  }
  auto strips = static_cast<std::uint8_t>(how.others + 1);
  how.result = 0;
  for (std::size_t i = 0; i < links.size(); ++i) {
    auto const& from = links[i].operands;
    strip_link made{code_of(links[i].op), {}, strips};
    for (std::uint32_t k = 0; k < from.count; ++k) {
      auto const value = value_at(from.of[k]);
      made.operands[k] = strip_of[value];
      if (last_use[value] == i) made.result = strip_of[value];
    }
    if (made.result == strips) ++strips;
    how.result = made.result;
    strip_of[value_at(static_cast<std::int32_t>(i + 1))] = made.result;
    to[i] = made;
  }
  how.count = static_cast<std::uint8_t>(links.size());
  how.is_relu = links.size() == 1 && links[0].op == id_of<op::relu> && links[0].operands.of[0] == 0;
}

}  // namespace inlay::inline INLAY_VERSION::interpreter
