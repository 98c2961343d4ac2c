// Places the tensors of an arena in several orders, and keeps the best plan.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/checked.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/program/buffer.hpp"

namespace inlay::inline INLAY_VERSION {

/// Up to so many buffers are planned in more orders than that of time, if at most so many pairs of
/// them live at once: compilers count the steps.
inline constexpr std::size_t max_ordered_buffers = 512;
inline constexpr std::size_t max_ordered_pairs = 8'192;

namespace detail {

/// Looks for a plan that is better than that of time's order. Whatever the order, a buffer is
/// placed among those that live with it and have been placed.
/// *Costs*: p + n log n for n buffers, p pairs of which live at once; rounds of about p, as many as
/// `most_work` allows.
class ordered_planner {
 public:
  constexpr ordered_planner(span<buffer> buffers, std::int64_t alignment, std::int64_t most_live)
      : buffers_(buffers.data()),
        count_(buffers.size()),
        most_live_(most_live),
        bytes_(2 * count_, 0),
        numbers_(4 * count_ + 1, 0) {
    for (std::size_t i = 0; i < count_; ++i) sizes_[i] = round_up(buffers_[i].bytes, alignment);
  }

  /// The bytes of the best plan, whose offsets the buffers have then; `best` if there is no better
  /// one.
  constexpr std::int64_t improve(std::int64_t best) {
    if (!find_neighbours()) return best;
    keep_if_better(place_from_both_ends(), best);
    for (bool const by_life : {false, true}) {
      if (best == most_live_) break;
      order_by_weight(by_life);
      keep_if_better(place_in_order(), best);
      for (int round = 0; round < most_rounds && best != most_live_ && may_go_on(); ++round) {
        put_highest_first();
        keep_if_better(place_in_order(), best);
      }
    }
    return best;
  }

 private:
  static constexpr std::int64_t not_placed = -1;
  static constexpr int most_rounds = 8;
  static constexpr std::size_t most_work = 32'768;

  constexpr bool may_go_on() const { return work_ + last_work_ <= most_work; }

  /// Of each buffer, those that live with it: a run of `neighbours_`, in time's order. False where
  /// they are too many.
  constexpr bool find_neighbours() {
    vector<std::uint32_t> all_earlier;  // of each buffer in turn
    vector<std::uint32_t> memory(2 * count_, 0);
    auto* const live = memory.data();
    auto* const earlier_count = memory.data() + count_;
    std::size_t live_count = 0;
    for (std::uint32_t b = 0; b < count_; ++b) {
      if (sizes_[b] == 0) continue;
      auto const first = buffers_[b].first;
      std::uint32_t kept = 0;
      for (std::size_t i = 0; i < live_count; ++i) {
        auto const other = live[i];
        if (buffers_[other].last < first) continue;
        live[kept++] = other;
        all_earlier.push_back(other);
        ++first_[other];
      }
      if (all_earlier.size() > max_ordered_pairs) return false;
      live[kept] = b;
      live_count = kept + 1;
      earlier_count[b] = kept;
    }
    std::uint32_t end = 0;
    for (std::size_t b = 0; b <= count_; ++b) {
      auto const size = b == count_ ? 0 : first_[b] + earlier_count[b];
      first_[b] = end;
      end += size;
    }
    neighbour_memory_ = vector<std::uint32_t>(end, 0);
    neighbours_ = neighbour_memory_.data();
    auto* const next = live;
    for (std::size_t b = 0; b < count_; ++b) next[b] = first_[b];
    auto const* at = all_earlier.data();
    for (std::uint32_t b = 0; b < count_; ++b) {
      for (std::uint32_t k = 0; k < earlier_count[b]; ++k) {
        auto const other = *at++;
        neighbours_[next[b]++] = other;
        neighbours_[next[other]++] = b;
      }
    }
    return true;
  }

  constexpr void keep_if_better(std::int64_t total, std::int64_t& best) {
    if (total >= best) return;
    best = total;
    for (std::size_t i = 0; i < count_; ++i) buffers_[i].offset = offsets_[i];
  }

  /// Clears the plan.
  constexpr void begin() {
    for (std::size_t i = 0; i < count_; ++i) offsets_[i] = sizes_[i] == 0 ? 0 : not_placed;
    total_ = 0;
    last_work_ = 0;
  }
  constexpr void put(std::size_t id, std::int64_t offset) {
    offsets_[id] = offset;
    if (offset + sizes_[id] <= total_) return;
    total_ = offset + sizes_[id];
    highest_ = id;
  }
  constexpr std::int64_t end() {
    work_ += last_work_;
    return total_;
  }

  /// Collects the buffers that live with this one and have been placed, in the order of offsets.
  constexpr void find_near(std::size_t id) {
    near_count_ = 0;
    auto const end = first_[id + 1];
    for (auto i = first_[id]; i < end; ++i) {
      auto const other = neighbours_[i];
      auto const offset = offsets_[other];
      if (offset == not_placed) continue;
      auto at = near_count_++;
      for (; at != 0 && offsets_[near_[at - 1]] > offset; --at) near_[at] = near_[at - 1];
      near_[at] = other;
      last_work_ += near_count_ - at;
    }
    last_work_ += end - first_[id];
  }

  /// Each takes the lowest offset at which it meets nothing.
  constexpr std::int64_t place_in_order() {
    begin();
    for (std::size_t k = 0; k < count_; ++k) {
      auto const id = order_[k];
      auto const size = sizes_[id];
      if (size == 0) continue;
      find_near(id);
      std::int64_t offset = 0;
      for (std::size_t i = 0; i < near_count_; ++i) {
        auto const other = near_[i];
        if (offsets_[other] - offset >= size) break;
        auto const behind = offsets_[other] + sizes_[other];
        if (behind > offset) offset = behind;
      }
      put(id, offset);
    }
    return end();
  }

  /// In time's order, into an arena of the bytes that live at once: each takes the smallest gap
  /// that suffices, at the side that stays closed longer. The layers of a chain take turns between
  /// both ends, and need no more.
  constexpr std::int64_t place_from_both_ends() {
    constexpr auto always = std::int64_t{1} << 32;
    begin();
    for (std::size_t id = 0; id < count_; ++id) {
      if (sizes_[id] == 0) continue;
      find_near(id);
      std::int64_t least = INT64_MAX;
      std::int64_t offset = 0;
      std::int64_t at = 0;
      auto below = always;
      for (std::size_t i = 0; i <= near_count_; ++i) {
        bool const is_last = i == near_count_;
        auto const behind = is_last ? most_live_ : offsets_[near_[i]];
        auto const above = is_last ? always : buffers_[near_[i]].last;
        auto const gap = behind - at;
        if (gap >= sizes_[id] && gap < least) {
          least = gap;
          offset = above > below ? behind - sizes_[id] : at;
        }
        if (is_last) break;
        at = behind + sizes_[near_[i]];
        below = above;
      }
      put(id, least == INT64_MAX ? at : offset);
    }
    return end();
  }

  /// The largest buffers first, or those of the largest product of size and life.
  constexpr void order_by_weight(bool by_life) {
    vector<double> memory(count_, 0.0);
    auto* const weights = memory.data();
    for (std::size_t i = 0; i < count_; ++i) {
      auto const& b = buffers_[i];
      auto const life = by_life ? static_cast<double>(b.last - b.first) + 1 : 1;
      weights[i] = static_cast<double>(sizes_[i]) * life;
      order_[i] = static_cast<std::uint32_t>(i);
    }
    // Merges runs of growing length.
    for (std::size_t run = 1; run < count_; run *= 2) {
      for (std::size_t begin = 0; begin < count_; begin += 2 * run) {
        auto const middle = begin + run < count_ ? begin + run : count_;
        auto const end = middle + run < count_ ? middle + run : count_;
        auto left = begin;
        auto right = middle;
        for (auto to = begin; to < end; ++to) {
          bool const takes_left =
              right == end || (left < middle && weights[order_[left]] >= weights[order_[right]]);
          other_order_[to] = order_[takes_left ? left++ : right++];
        }
      }
      swap_orders();
    }
  }

  /// The buffer that reached farthest, and those that live with it, come first, in the order that
  /// they have.
  constexpr void put_highest_first() {
    auto const& top = buffers_[highest_];
    std::size_t next = 0;
    for (bool const meets : {true, false}) {
      for (std::size_t k = 0; k < count_; ++k) {
        auto const id = order_[k];
        auto const& b = buffers_[id];
        if ((b.first <= top.last && top.first <= b.last) == meets) other_order_[next++] = id;
      }
    }
    swap_orders();
  }
  constexpr void swap_orders() {
    auto* const last = order_;
    order_ = other_order_;
    other_order_ = last;
  }

  buffer* buffers_;
  std::size_t count_;
  std::int64_t most_live_;
  vector<std::int64_t> bytes_;
  vector<std::uint32_t> numbers_;
  vector<std::uint32_t> neighbour_memory_;
  // Constant evaluation counts each call of an operator of a class: these are pointers.
  std::int64_t* sizes_ = bytes_.data();
  std::int64_t* offsets_ = sizes_ + count_;
  std::uint32_t* order_ = numbers_.data();
  std::uint32_t* other_order_ = order_ + count_;
  std::uint32_t* near_ = other_order_ + count_;  // the neighbours of one buffer that are placed
  std::size_t near_count_ = 0;
  std::uint32_t* first_ = near_ + count_;  // in `neighbours_`, of each buffer
  std::uint32_t* neighbours_ = nullptr;
  std::int64_t total_ = 0;
  std::size_t highest_ = 0;
  std::size_t work_ = 0;
  std::size_t last_work_ = 0;
};

}  // namespace detail
}  // namespace inlay::inline INLAY_VERSION
