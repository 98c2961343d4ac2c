// The gaps of an arena in order of size: the smallest one that suffices is found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

inline constexpr std::uint32_t no_block = 0xffff'ffff;

/// A run of bytes of the arena: a tensor, or the gap between two.
struct memory_block {
  std::int64_t size = 0;
  std::int64_t offset = 0;
  std::uint32_t before = no_block;  // the neighbours in memory
  std::uint32_t after = no_block;
  bool is_gap = false;
  std::uint32_t child[2] = {no_block, no_block};  // in the tree: the smaller, the larger
};

/// Blocks ordered by size and then by offset, which differ. A splay tree: whatever the order in
/// which blocks come and go, an operation takes logarithmic time on average over all of them.
/// *Source*: Sleator and Tarjan, Self-Adjusting Binary Search Trees, 1985: top-down splaying.
class gap_tree {
 public:
  /// The tree over some of the blocks of this array. The first one is the tree's own.
  constexpr explicit gap_tree(memory_block* blocks) : blocks_(blocks) {}

  constexpr void insert(std::uint32_t id) {
    auto& added = blocks_[id];
    added.child[0] = added.child[1] = no_block;
    if (root_ != no_block) {
      root_ = splay(root_, added.size, added.offset);
      bool const side = is_before(root_, added.size, added.offset);
      added.child[!side] = root_;
      added.child[side] = blocks_[root_].child[side];
      blocks_[root_].child[side] = no_block;
    }
    root_ = id;
  }

  /// Takes a block out that is there.
  constexpr void remove(std::uint32_t id) {
    root_ = splay(root_, blocks_[id].size, blocks_[id].offset);
    remove_root();
  }

  /// Takes the first block out of those that have at least `size` bytes; `no_block` if none has.
  constexpr std::uint32_t take(std::int64_t size) {
    if (root_ == no_block) return no_block;
    root_ = splay(root_, size, -1);
    if (blocks_[root_].size < size) {
      // It is the last one that is too small: the first of those behind it suffices.
      auto const behind = blocks_[root_].child[1];
      if (behind == no_block) return no_block;
      auto const first = splay(behind, size, -1);
      blocks_[root_].child[1] = no_block;
      blocks_[first].child[0] = root_;
      root_ = first;
    }
    auto const taken = root_;
    remove_root();
    return taken;
  }

 private:
  constexpr bool is_before(std::uint32_t id, std::int64_t size, std::int64_t offset) const {
    auto const& b = blocks_[id];
    return b.size < size || (b.size == size && b.offset < offset);
  }

  constexpr void remove_root() {
    auto const [smaller, larger] = blocks_[root_].child;
    if (smaller == no_block || larger == no_block) {
      root_ = smaller == no_block ? larger : smaller;
      return;
    }
    auto const first = splay(larger, blocks_[root_].size, blocks_[root_].offset);
    blocks_[first].child[0] = smaller;
    root_ = first;
  }

  /// Moves the block of this size and offset to the root of the tree below `root`, or, where there
  /// is none, one beside which it would stand.
  constexpr std::uint32_t splay(std::uint32_t root, std::int64_t size, std::int64_t offset) {
    // Below the tree's own block grow the blocks before and behind those still to be seen.
    blocks_[own].child[0] = blocks_[own].child[1] = no_block;
    std::uint32_t edge[2] = {own, own};
    while (blocks_[root].size != size || blocks_[root].offset != offset) {
      bool const side = is_before(root, size, offset);
      auto next = blocks_[root].child[side];
      if (next == no_block) break;
      if (is_before(next, size, offset) == side) {
        auto const last = root;
        root = next;
        blocks_[last].child[side] = blocks_[root].child[!side];
        blocks_[root].child[!side] = last;
        next = blocks_[root].child[side];
        if (next == no_block || (blocks_[root].size == size && blocks_[root].offset == offset))
          break;
      }
      blocks_[edge[!side]].child[side] = root;
      edge[!side] = root;
      root = next;
    }
    blocks_[edge[1]].child[0] = blocks_[root].child[1];
    blocks_[edge[0]].child[1] = blocks_[root].child[0];
    blocks_[root].child[0] = blocks_[own].child[1];
    blocks_[root].child[1] = blocks_[own].child[0];
    return root;
  }

  static constexpr std::uint32_t own = 0;

  memory_block* blocks_;
  std::uint32_t root_ = no_block;
};

}  // namespace inlay::inline INLAY_VERSION
