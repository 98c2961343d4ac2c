// The links of a structure as the interpreter's kernels take them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "inlay/execute/interpreter/kernel_call.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/link_chain.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION::interpreter {

using interpreter_kernels_v0_1::strip_chain;
using interpreter_kernels_v0_1::strip_link;

/// The links of a structure. An element operator is itself the first one, whose operands are the
/// first of the other tensors.
inline std::vector<link> links_of(program const& p, structure const& s) {
  auto const* const behind = p.links.data() + s.links.first;
  auto const& entry = entry_of<graph>(s.op);
  if (!entry.is_elementwise) return {behind, behind + s.links.count};
  auto const chain = chain_of(s, p.words.data() + s.words.first, behind, entry.operands);
  return {chain.of, chain.of + chain.count};
}

/// Appends the links to `to`, with their strips, and says in `how` which strip is stored. A result
/// stands where another one of its size did that nothing reads any more, so that a chain of any
/// length keeps to a few strips. `code_of(link)` is the code of its operator.
template <class CodeOf>
void append_chain(std::vector<link> const& links, std::vector<strip_link>& to, strip_chain& how,
                  CodeOf const& code_of) {
  // The last link that reads each result, and the strips of those; then the kernel's result first.
  std::vector<std::size_t> last_use(links.size() + 1);
  std::vector<std::uint8_t> strip_of(links.size() + 1);
  auto const bits_of_result = [&](std::size_t result) {
    return bits_of(result == 0 ? links[0].types.from : links[result - 1].types.to);
  };
  how.others = 0;
  for (std::size_t i = 0; i < links.size(); ++i) {
    for (std::uint32_t k = 0; k < links[i].operands.count; ++k) {
      auto const operand = links[i].operands.of[k];
      if (operand >= 0) last_use[static_cast<std::size_t>(operand)] = i;
    }
    auto const tensors = static_cast<std::uint8_t>(links[i].operands.tensors());
    how.others = std::max(how.others, tensors);
  }
  auto strips = static_cast<std::uint8_t>(how.others + 1);
  how.result = 0;
  for (std::size_t i = 0; i < links.size(); ++i) {
    auto const& from = links[i].operands;
    auto const& words = links[i].words.of;
    strip_link made{code_of(links[i]), {words[0], words[1]}, {}, strips};
    for (std::uint32_t k = 0; k < from.count; ++k) {
      auto const operand = from.of[k];
      if (operand < 0) {
        made.operands[k] = static_cast<std::uint8_t>(-operand);
        continue;
      }
      auto const result = static_cast<std::size_t>(operand);
      made.operands[k] = strip_of[result];
      if (last_use[result] == i && bits_of_result(result) == bits_of(links[i].types.to)) {
        made.result = strip_of[result];
      }
    }
    if (made.result == strips) ++strips;
    how.result = strip_of[i + 1] = made.result;
    to.push_back(made);
  }
  how.count = static_cast<std::uint8_t>(links.size());
}

}  // namespace inlay::inline INLAY_VERSION::interpreter
