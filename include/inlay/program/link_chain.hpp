// The element operators of a step as one chain, whose first one is a link as the others are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/span.hpp"
#include "inlay/op/lowering.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION {

/// How many tensors links read besides results.
constexpr std::uint32_t tensors_read(span<link const> links) {
  std::uint32_t most = 0;
  for (auto const& l : links) {
    auto const tensors = l.operands.tensors();
    if (tensors > most) most = tensors;
  }
  return most;
}

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
  /// How many tensors they read.
  constexpr std::uint32_t tensors() const { return tensors_read({of, count}); }
};

/// The chain of an element operator and the links behind it, as links of its results. The operands
/// of the first one are the first tensors.
constexpr link_chain chain_of(link const& first, std::uint32_t operands, span<link const> behind) {
  link_chain chain;
  auto& head = chain.of[chain.count++];
  head = first;
  head.operands.count = operands;
  auto const count = static_cast<std::int32_t>(operands);
  for (std::int32_t k = 0; k < count; ++k) head.operands.of[k] = -1 - k;
  for (auto const& added : behind) {
    auto& l = chain.of[chain.count++];
    l = added;
    for (std::uint32_t k = 0; k < l.operands.count; ++k) {
      l.operands.of[k] += l.operands.of[k] < 0 ? -count : 1;
    }
  }
  return chain;
}

/// The chain of a structure whose operator computes element by element and takes so many operands:
/// `words` are the structure's, `behind` its links.
constexpr link_chain chain_of(structure const& s, std::int64_t const* words, link const* behind,
                              int operands) {
  link first;
  first.op = s.op;
  first.types = s.types;
  for (std::uint32_t i = 0; i < s.words.count; ++i) first.words.of[i] = words[i];
  return chain_of(first, static_cast<std::uint32_t>(operands), {behind, s.links.count});
}

/// The links that make the first input of a structure's kernel.
constexpr link_chain readers_of(structure const& s, link const* links) {
  link_chain chain;
  for (std::uint32_t i = 0; i < s.readers.count; ++i) {
    chain.of[chain.count++] = links[s.readers.first + i];
  }
  return chain;
}

/// How many tensors are in a step's list instead of its kernel's first input, besides that one.
constexpr std::uint32_t tensors_more(structure const& s, link const* links) {
  auto const count = tensors_read({links + s.readers.first, s.readers.count});
  return count == 0 ? 0 : count - 1;
}

}  // namespace inlay::inline INLAY_VERSION
