// The links of a structure as the interpreter's kernels take them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "inlay/execute/interpreter/kernel_call.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION::interpreter {

using interpreter_kernels_v0_1::kernel_epilogue;
using interpreter_kernels_v0_1::strip_link;

/// The links of a structure. An element operator is itself the first one, whose operands are the
/// first of the other tensors.
inline std::vector<link> links_of(program const& p, structure const& s) {
  auto const* const behind = p.links.data() + s.links.first;
  std::vector<link> links(behind, behind + s.links.count);
  if (!entry_of<graph>(s.op).is_elementwise) return links;
  std::int32_t others = 0;
  for (auto const& l : links) {
    for (std::uint32_t k = 0; k < l.operands.count; ++k) {
      others = std::max(others, -l.operands.of[k]);
    }
  }
  link head;
  head.op = s.op;
  for (std::uint32_t i = 0; i < s.words.count; ++i) head.words.of[i] = p.words[s.words.first + i];
  head.operands.count = s.layouts.count - 1 - static_cast<std::uint32_t>(others);
  auto const operands = static_cast<std::int32_t>(head.operands.count);
  for (std::int32_t k = 0; k < operands; ++k) head.operands.of[k] = -1 - k;
  for (auto& l : links) {
    for (auto& operand : l.operands.of) operand += operand < 0 ? -operands : 1;
  }
  links.insert(links.begin(), head);
  return links;
}

/// Appends the links to `to`, with their strips, and says in `how` which strip is stored. A result
/// stands where another one did that nothing reads any more, so that a chain of any length keeps to
/// a few strips. `code_of(op)` is an operator's code.
template <class CodeOf>
void append_chain(std::vector<link> const& links, std::vector<strip_link>& to, kernel_epilogue& how,
                  CodeOf const& code_of) {
  // The last link that reads each result, and the strips of those; then the kernel's result first.
  std::vector<std::size_t> last_use(links.size() + 1);
  std::vector<std::uint8_t> strip_of(links.size() + 1);
  how.others = 0;
  for (std::size_t i = 0; i < links.size(); ++i) {
    for (std::uint32_t k = 0; k < links[i].operands.count; ++k) {
      auto const operand = links[i].operands.of[k];
      if (operand >= 0) last_use[static_cast<std::size_t>(operand)] = i;
      else how.others = std::max(how.others, static_cast<std::uint8_t>(-operand));
    }
  }
  auto strips = static_cast<std::uint8_t>(how.others + 1);
  how.result = 0;
  for (std::size_t i = 0; i < links.size(); ++i) {
    auto const& from = links[i].operands;
    auto const& words = links[i].words.of;
    strip_link made{code_of(links[i].op), {words[0], words[1]}, {}, strips};
    for (std::uint32_t k = 0; k < from.count; ++k) {
      auto const operand = from.of[k];
      if (operand < 0) {
        made.operands[k] = static_cast<std::uint8_t>(-operand);
        continue;
      }
      auto const result = static_cast<std::size_t>(operand);
      made.operands[k] = strip_of[result];
      if (last_use[result] == i) made.result = strip_of[result];
    }
    if (made.result == strips) ++strips;
    how.result = strip_of[i + 1] = made.result;
    to.push_back(made);
  }
  how.count = static_cast<std::uint8_t>(links.size());
  how.is_relu = links.size() == 1 && links[0].op == id_of<op::relu> && links[0].operands.of[0] == 0;
}

}  // namespace inlay::inline INLAY_VERSION::interpreter
