// Gives tensors that live at different times the same memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "inlay/core/checked.hpp"
#include "inlay/core/result.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/rule.hpp"
#include "inlay/program/buffer.hpp"
#include "inlay/program/gap_tree.hpp"
#include "inlay/program/ordered_planner.hpp"

namespace inlay::inline INLAY_VERSION {

/// What a plan needs.
struct memory_plan {
  std::int64_t bytes = 0;      // of the arena
  std::int64_t most_live = 0;  // the largest sum of buffers that live at once: never more
};

/// An arena has at most so many bytes.
inline constexpr std::int64_t max_arena_bytes = std::int64_t{1} << 62;

namespace detail {

/// The arena as it is from step to step: a list of tensors and gaps in the order of offsets, which
/// ends with a tensor. Block 1 + b is buffer b, or the gap that it has left.
class memory_planner {
 public:
  constexpr memory_planner(span<buffer> buffers, std::int64_t alignment)
      : buffers_(buffers.data()),
        count_(buffers.size()),
        alignment_(alignment),
        storage_(count_ + 1, memory_block{}),
        heap_(count_, 0) {}

  constexpr result<std::int64_t> run() {
    for (std::uint32_t b = 0; b < count_; ++b) {
      auto& next = buffers_[b];
      while (live_count_ != 0 && buffers_[live_[0]].last < next.first) release(1 + pop_live());
      // What has no bytes may be anywhere.
      next.offset = 0;
      if (next.bytes == 0) continue;
      if (next.bytes > max_arena_bytes) return too_large(next);
      next.offset = place(1 + b, round_up(next.bytes, alignment_));
      if (next.offset < 0) return too_large(next);
      if (end_ > total_) total_ = end_;
      live_bytes_ += blocks_[1 + b].size;
      if (live_bytes_ > most_live_) most_live_ = live_bytes_;
      push_live(b);
    }
    return total_;
  }
  /// The largest sum of buffers that live at once, after a run: no arena has fewer bytes.
  constexpr std::int64_t most_live() const { return most_live_; }

 private:
  static constexpr error too_large(buffer const& b) {
    return make_error(rule::the_arena_must_fit_in_memory, "the tensors that live at step ", b.first,
                      " have more than 2^62 bytes together");
  }

  /// The offset of a new tensor: that of the smallest gap that suffices, or else the end; -1
  /// where that is too far away.
  constexpr std::int64_t place(std::uint32_t id, std::int64_t size) {
    auto const gap = gaps_.take(size);
    if (gap == no_block) {
      if (size > max_arena_bytes - end_) return -1;
      blocks_[id].offset = end_;
      blocks_[id].before = last_;
      end_ += size;
    } else {
      auto& g = blocks_[gap];
      blocks_[id].offset = g.offset;
      blocks_[id].before = g.before;
      blocks_[id].after = g.after;
      if (g.size != size) {
        blocks_[id].after = gap;
        g.offset += size;
        g.size -= size;
        g.before = id;
        gaps_.insert(gap);
      }
    }
    blocks_[id].size = size;
    link(id);
    return blocks_[id].offset;
  }

  /// Makes a tensor a gap, one with the gaps beside it.
  constexpr void release(std::uint32_t id) {
    auto& b = blocks_[id];
    live_bytes_ -= b.size;
    if (b.before != no_block && blocks_[b.before].is_gap) {
      auto const& gap = blocks_[b.before];
      gaps_.remove(b.before);
      b.offset = gap.offset;
      b.size += gap.size;
      b.before = gap.before;
    }
    if (b.after == no_block) {
      end_ = b.offset;
      last_ = b.before;
      if (last_ != no_block) blocks_[last_].after = no_block;
      return;
    }
    if (blocks_[b.after].is_gap) {
      auto const& gap = blocks_[b.after];
      gaps_.remove(b.after);
      b.size += gap.size;
      b.after = gap.after;
    }
    b.is_gap = true;
    link(id);
    gaps_.insert(id);
  }

  /// Tells a block's neighbours of it.
  constexpr void link(std::uint32_t id) {
    auto const& b = blocks_[id];
    if (b.before != no_block) blocks_[b.before].after = id;
    if (b.after != no_block) blocks_[b.after].before = id;
    else last_ = id;
  }

  /// Adds a buffer to those that live: a heap, the one whose life ends first at its top.
  constexpr void push_live(std::uint32_t b) {
    auto at = live_count_++;
    auto const last = buffers_[b].last;
    for (; at != 0 && buffers_[live_[(at - 1) / 2]].last > last; at = (at - 1) / 2) {
      live_[at] = live_[(at - 1) / 2];
    }
    live_[at] = b;
  }
  constexpr std::uint32_t pop_live() {
    auto const top = live_[0];
    auto const moved = live_[--live_count_];
    auto const last = buffers_[moved].last;
    std::size_t at = 0;
    for (auto next = std::size_t{1}; next < live_count_; next = 2 * at + 1) {
      if (next + 1 < live_count_ && buffers_[live_[next + 1]].last < buffers_[live_[next]].last) {
        ++next;
      }
      if (buffers_[live_[next]].last >= last) break;
      live_[at] = live_[next];
      at = next;
    }
    live_[at] = moved;
    return top;
  }

  buffer* buffers_;
  std::size_t count_;
  std::int64_t alignment_;
  vector<memory_block> storage_;
  vector<std::uint32_t> heap_;
  // Constant evaluation counts each call of an operator of a class: these are pointers.
  memory_block* blocks_ = storage_.data();
  std::uint32_t* live_ = heap_.data();
  std::size_t live_count_ = 0;
  gap_tree gaps_{blocks_};
  std::uint32_t last_ = no_block;  // the block at the end
  std::int64_t end_ = 0;           // where it ends
  std::int64_t total_ = 0;
  std::int64_t live_bytes_ = 0;
  std::int64_t most_live_ = 0;
};

}  // namespace detail

/// Gives every buffer an offset, so that no two whose lifetimes meet overlap; returns what
/// the plan needs. Buffers come in the order of `first`. Each takes the smallest gap it fits into,
/// when its time comes; where that needs more than the buffers that live at once, other orders are
/// tried, and the best plan is kept.
/// *Errors*: buffers that live at once and have more than 2^62 bytes together.
/// *Costs*: n log n for n buffers; other orders those of `ordered_planner`.
/// {4096 for steps 0–1, 1024 for 1–2, 4096 for 2–3} → offsets 0, 4096, 0; 5120 bytes
constexpr result<memory_plan> plan_memory(span<buffer> buffers, std::int64_t alignment) {
  detail::memory_planner planner(buffers, alignment);
  auto const in_time = planner.run();
  if (!in_time) return in_time.failure();
  auto const most_live = planner.most_live();
  // In another order all of them may lie one behind the other.
  auto const most = max_arena_bytes / static_cast<std::int64_t>(buffers.size() + 1);
  if (*in_time == most_live || *in_time > most || buffers.size() > max_ordered_buffers) {
    return memory_plan{*in_time, most_live};
  }
  detail::ordered_planner in_other_orders(buffers, alignment, most_live);
  return memory_plan{in_other_orders.improve(*in_time), most_live};
}

}  // namespace inlay::inline INLAY_VERSION
