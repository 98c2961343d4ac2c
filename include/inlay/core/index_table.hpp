// A hash table from keys to indices of an array that somebody else holds.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/config.hpp"
#include "inlay/core/keyed_hash.hpp"
#include "inlay/core/shape.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"

namespace inlay::inline INLAY_VERSION {

inline constexpr std::uint64_t hash_prime = 0x0000'0100'0000'01b3;

/// `hash` of what came before, then `word`: FNV-1a over words in a constant expression, where it
/// takes one statement; in a running program, where the words may be made to collide, a function
/// with a key.   *Source*: Fowler, Noll, Vo.
constexpr std::uint64_t hash_word(std::uint64_t hash, std::uint64_t word) {
  return __builtin_is_constant_evaluated() ? (hash ^ word) * hash_prime
                                           : detail::hash_word_keyed(hash, word);
}

inline constexpr std::uint64_t hash_seed = 0xcbf2'9ce4'8422'2325;

/// The hash of all of a shape's extents, in one expression: constant evaluation counts statements.
constexpr std::uint64_t hash_shape(std::uint64_t hash, shape const& s) {
  if (!__builtin_is_constant_evaluated()) {
    hash = detail::hash_word_keyed(hash, s.rank);
    for (auto const extent : s) {
      hash = detail::hash_word_keyed(hash, static_cast<std::uint64_t>(extent));
    }
    return hash;
  }
  using word = std::uint64_t;
  auto const& x = s.extents;
  return ((((((((hash * hash_prime ^ s.rank) * hash_prime ^ word(x[0])) * hash_prime ^ word(x[1])) *
                  hash_prime ^
              word(x[2])) *
                 hash_prime ^
             word(x[3])) *
                hash_prime ^
            word(x[4])) *
               hash_prime ^
           word(x[5])) *
              hash_prime ^
          word(x[6])) *
             hash_prime ^
         word(x[7]);
}

/// The hash of a name: FNV-1a in a constant expression, four characters a statement; with a key in
/// a running program.
constexpr std::uint64_t hash_text(string_view text) {
  if (!__builtin_is_constant_evaluated()) return detail::hash_text_keyed(text);
  using byte = unsigned char;
  auto hash = hash_seed;
  auto const* at = text.data();
  auto const* const end = at + text.size();
  for (; end - at >= 4; at += 4) {
    hash = ((((hash ^ byte(at[0])) * hash_prime ^ byte(at[1])) * hash_prime ^ byte(at[2])) *
                hash_prime ^
            byte(at[3])) *
           hash_prime;
  }
  for (; at != end; ++at) hash = hash_word(hash, byte(*at));
  return hash;
}

/// Open addressing; grows at half full. Both operations take constant time on average, in a
/// constant expression too; in a running program whatever the keys are, since their hashes cannot
/// be foreseen. The distance to the next slot is a key's own (double hashing): keys that want the
/// same slot get out of each other's way.
class index_table {
 public:
  static constexpr std::uint32_t absent = 0xffff'ffff;

  /// The index stored under a key with this hash for which `equal(index)` holds, or `absent`.
  template <class Equal> constexpr std::uint32_t find(std::uint64_t hash, Equal&& equal) const {
    if (slots_.empty()) return absent;
    auto const mask = slots_.size() - 1;
    for (auto i = hash ^ hash >> 32;; i += hash * distance >> 32 | 1) {
      auto const& slot = slots_[i & mask];
      if (slot.index == absent) return absent;
      if (slot.hash == hash && equal(slot.index)) return slot.index;
    }
  }

  /// Makes room for so many indices.
  constexpr void reserve(std::size_t count) {
    while (slots_.size() < count * 2) grow();
  }

  /// Stores an index. Its key must be absent.
  constexpr void insert(std::uint64_t hash, std::uint32_t index) {
    if ((used_ + 1) * 2 > slots_.size()) grow();
    place({hash, index});
    ++used_;
  }

 private:
  struct entry {
    std::uint64_t hash = 0;
    std::uint32_t index = absent;
  };

  static constexpr std::uint64_t distance = 0x9e37'79b9'7f4a'7c15;  // 2^64 over the golden ratio

  // The slots are those of `find`. One function of both, called with what ends the search, would
  // take 7 % more steps of constant evaluation.
  constexpr void place(entry const& s) {
    auto const mask = slots_.size() - 1;
    auto i = s.hash ^ s.hash >> 32;
    while (slots_[i & mask].index != absent) i += s.hash * distance >> 32 | 1;
    slots_[i & mask] = s;
  }
  constexpr void grow() {
    vector<entry> old(slots_.empty() ? 32 : slots_.size() * 2, entry{});
    old.swap(slots_);
    for (auto const& s : old) {
      if (s.index != absent) place(s);
    }
  }

  vector<entry> slots_;
  std::size_t used_ = 0;
};

}  // namespace inlay::inline INLAY_VERSION
