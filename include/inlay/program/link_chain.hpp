// The element operators of a step as one chain, whose first one is a link as the others are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/op/lowering.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION {

/// Links that read the tensors of a step (-1, -2, …) and what links before them made (1, 2, …).
struct link_chain {
  link of[most_links + 1]{};
  std::size_t count = 0;

  /// The largest of all element types.
  constexpr element_type widest() const {
    auto most = of[0].types.from;
    for (std::size_t i = 0; i < count; ++i) {
      auto const& types = of[i].types;
      if (bits_of(types.from) > bits_of(most)) most = types.from;
      if (bits_of(types.to) > bits_of(most)) most = types.to;
    }
    return most;
  }
};

/// The chain of a structure whose operator computes element by element and takes so many operands:
/// `words` are the structure's, `behind` its links.
constexpr link_chain chain_of(structure const& s, std::int64_t const* words, link const* behind,
                              int operands) {
  link_chain chain;
  auto& head = chain.of[chain.count++];
  head.op = s.op;
  head.types = s.types;
  for (std::uint32_t i = 0; i < s.words.count; ++i) head.words.of[i] = words[i];
  head.operands.count = static_cast<std::uint32_t>(operands);
  for (int k = 0; k < operands; ++k) head.operands.of[k] = -1 - k;
  for (std::uint32_t i = 0; i < s.links.count; ++i) {
    auto& l = chain.of[chain.count++];
    l = behind[i];
    for (std::uint32_t k = 0; k < l.operands.count; ++k) {
      l.operands.of[k] += l.operands.of[k] < 0 ? -operands : 1;
    }
  }
  return chain;
}

}  // namespace inlay::inline INLAY_VERSION
