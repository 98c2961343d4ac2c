// The hash functions of a running program, which a file cannot foresee.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/config.hpp"
#include "inlay/core/string_view.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// Two numbers of this process. With them, whoever writes a file of names that have one hash under
/// a function that everyone knows has nothing to go by.
struct hash_key {
  std::uint64_t added = 0;
  std::uint64_t factor = 0;
};

/// A bijection that spreads every bit.   *Source*: Steele, Lea, Flood: SplitMix, 2014.
constexpr std::uint64_t scatter(std::uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58'476d'1ce4'e5b9;
  x = (x ^ x >> 27) * 0x94d0'49bb'1331'11eb;
  return x ^ x >> 31;
}

/// A key of where the system has put this program, its stack and its heap: at random, on all that
/// read files of strangers.
inline hash_key make_hash_key() {
  char on_stack = 0;
  auto const* const on_heap = new char(0);
  auto const stack = reinterpret_cast<std::uintptr_t>(&on_stack);
  auto const heap = reinterpret_cast<std::uintptr_t>(on_heap);
  auto const code = reinterpret_cast<std::uintptr_t>(&make_hash_key);
  delete on_heap;
  auto const added = scatter(scatter(scatter(stack) + heap) + code);
  return {added, scatter(added + 0x9e37'79b9'7f4a'7c15) | 1};
}

inline hash_key const& key_of_process() {
  static hash_key const key = make_hash_key();
  return key;
}

/// The halves of a · b, one on the other, in steps that every machine has.
constexpr std::uint64_t fold_product(std::uint64_t a, std::uint64_t b) {
  auto const low = [](std::uint64_t x) { return x & 0xffff'ffff; };
  auto const cross = low(a) * (b >> 32) + (low(a) * low(b) >> 32);
  auto const other = (a >> 32) * low(b) + low(cross);
  auto const high = (a >> 32) * (b >> 32) + (cross >> 32) + (other >> 32);
  return high ^ a * b;
}

/// `hash` of what came before, then `word`.   *Source*: the step of wyhash, Wang Yi, 2019.
inline std::uint64_t hash_word_keyed(std::uint64_t hash, std::uint64_t word) {
  auto const& key = key_of_process();
  return fold_product(hash ^ word ^ key.added, key.factor);
}

inline std::uint64_t hash_text_keyed(string_view text) {
  std::uint64_t hash = text.size();
  while (!text.empty()) {
    auto const size = text.size() < 8 ? text.size() : 8;
    std::uint64_t word = 0;
    __builtin_memcpy(&word, text.data(), size);
    hash = hash_word_keyed(hash, word);
    text.remove_prefix(size);
  }
  return hash_word_keyed(hash, 0);
}

}  // namespace inlay::inline INLAY_VERSION::detail
