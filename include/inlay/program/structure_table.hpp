// The structures of a program, each of them once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/index_table.hpp"
#include "inlay/core/span.hpp"
#include "inlay/op/lowering.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// Finds the structures and the packings of a program, and adds what is not there.
class structure_table {
 public:
  constexpr explicit structure_table(program& p) : program_(&p) {}

  /// The index of a structure.
  constexpr std::uint32_t intern(operator_id op, lowering const& l, span<link const> links = {},
                                 operator_id ending = operator_id::unlisted,
                                 span<link const> readers = {}) {
    auto hash = hash_word(hash_seed, static_cast<std::uint64_t>(op));
    for (auto const& t : l.inputs) hash = hash_layout(hash, t);
    for (auto const& t : l.outputs) hash = hash_layout(hash, t);
    for (auto const word : l.words) hash = hash_word(hash, static_cast<std::uint64_t>(word));
    for (auto const& added : links) hash = hash_word(hash, static_cast<std::uint64_t>(added.op));
    for (auto const& added : readers) hash = hash_word(hash, static_cast<std::uint64_t>(added.op));
    hash = hash_word(hash, static_cast<std::uint64_t>(ending));
    auto const found = table_.find(hash, [&](std::uint32_t i) {
      auto const& s = program_->structures[i];
      return s.ending == ending && equal(s, op, l) && equal(s.links, links) &&
             equal(s.readers, readers);
    });
    if (found != index_table::absent) return found;

    structure s;
    s.op = op;
    s.types = l.types;
    s.sized_words = l.sized_words;
    s.multiply_adds = l.multiply_adds;
    s.layouts = {static_cast<std::uint32_t>(program_->layouts.size()),
                 static_cast<std::uint32_t>(l.inputs.size() + l.outputs.size())};
    program_->layouts.append(l.inputs.data(), l.inputs.size());
    program_->layouts.append(l.outputs.data(), l.outputs.size());
    s.words = {static_cast<std::uint32_t>(program_->words.size()),
               static_cast<std::uint32_t>(l.words.size())};
    program_->words.append(l.words.data(), l.words.size());
    s.links = add(links);
    s.readers = add(readers);
    s.ending = ending;
    auto const index = static_cast<std::uint32_t>(program_->structures.size());
    program_->structures.push_back(s);
    table_.insert(hash, index);
    return index;
  }

  /// The index of a packing.
  constexpr std::uint32_t intern(right_operand const& right) {
    auto const hash = hash_shape(hash_shape(hash_seed, right.extents), right.strides);
    auto const found =
        packings_.find(hash, [&](std::uint32_t i) { return program_->packings[i] == right; });
    if (found != index_table::absent) return found;
    auto const index = static_cast<std::uint32_t>(program_->packings.size());
    program_->packings.push_back(right);
    packings_.insert(hash, index);
    return index;
  }

 private:
  static constexpr std::uint64_t hash_layout(std::uint64_t hash, layout const& t) {
    return hash_shape(hash_shape(hash_word(hash, static_cast<std::uint64_t>(t.element)), t.extents),
                      t.strides);
  }

  constexpr range add(span<link const> links) {
    range const place{static_cast<std::uint32_t>(program_->links.size()),
                      static_cast<std::uint32_t>(links.size())};
    program_->links.append(links.data(), links.size());
    return place;
  }
  constexpr bool equal(range const& added, span<link const> links) const {
    if (added.count != links.size()) return false;
    for (std::uint32_t i = 0; i < added.count; ++i) {
      if (!(program_->links[added.first + i] == links[i])) return false;
    }
    return true;
  }
  constexpr bool equal(structure const& s, operator_id op, lowering const& l) const {
    if (s.op != op || !(s.types == l.types) || s.words.count != l.words.size() ||
        s.sized_words != l.sized_words || s.layouts.count != l.inputs.size() + l.outputs.size()) {
      return false;
    }
    for (std::uint32_t i = 0; i < s.words.count; ++i) {
      if (program_->words[s.words.first + i] != l.words[i]) return false;
    }
    for (std::uint32_t i = 0; i < s.layouts.count; ++i) {
      auto const& t = i < l.inputs.size() ? l.inputs[i] : l.outputs[i - l.inputs.size()];
      if (!(program_->layouts[s.layouts.first + i] == t)) return false;
    }
    return true;
  }

  program* program_;
  index_table table_;
  index_table packings_;
};

}  // namespace inlay::inline INLAY_VERSION::detail
