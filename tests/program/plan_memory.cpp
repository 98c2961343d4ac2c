// Tensors that live at once never overlap.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/program/plan_memory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace {
using namespace inlay;

// {4096 for steps 0–1, 1024 for 1–2, 4096 for 2–3} → offsets 0, 4096, 0; 5120 bytes
constexpr bool plans_the_example() {
  buffer buffers[] = {{4096, 0, 1}, {1024, 1, 2}, {4096, 2, 3}};
  return (*plan_memory(buffers, 64)).bytes == 5120 && buffers[0].offset == 0 &&
         buffers[1].offset == 4096 && buffers[2].offset == 0;
}
static_assert(plans_the_example());

constexpr bool plans_nothing() { return (*plan_memory(span<buffer>(), 64)).bytes == 0; }
static_assert(plans_nothing());

constexpr bool rounds_up() {
  buffer buffers[] = {{1, 0, 5}, {65, 1, 5}, {64, 2, 5}};
  return (*plan_memory(buffers, 64)).bytes == 256 && buffers[1].offset == 64 &&
         buffers[2].offset == 192;
}
static_assert(rounds_up());

// Of two gaps it takes the smaller that suffices: 128 between 64 and 192, not 256 from 256 on.
constexpr bool takes_the_smallest_gap() {
  buffer buffers[] = {{64, 0, 9}, {128, 0, 0}, {64, 0, 9}, {256, 0, 0}, {64, 0, 9}, {100, 1, 2}};
  auto const total = (*plan_memory(buffers, 64)).bytes;
  return total == 576 && buffers[5].offset == 64;
}
static_assert(takes_the_smallest_gap());

// What lies between two gaps closes them to one when it goes.
constexpr bool joins_gaps() {
  buffer buffers[] = {{64, 0, 1}, {64, 0, 2}, {64, 0, 1}, {64, 0, 9}, {192, 3, 4}};
  return (*plan_memory(buffers, 64)).bytes == 256 && buffers[4].offset == 0;
}
static_assert(joins_gaps());

// The end goes back to behind the last tensor that lives.
constexpr bool gives_the_end_back() {
  buffer buffers[] = {{64, 0, 9}, {64, 0, 0}, {64, 0, 1}, {192, 2, 3}};
  return (*plan_memory(buffers, 64)).bytes == 256 && buffers[3].offset == 64;
}
static_assert(gives_the_end_back());

// Up to 2^62 bytes together, also where one of them alone has more.
constexpr bool fits(std::int64_t first, std::int64_t second) {
  buffer buffers[] = {{first, 0, 1}, {second, 1, 2}};
  return bool(plan_memory(buffers, 64));
}
constexpr auto most = max_arena_bytes;
static_assert(fits(most, 0) && fits(most / 2, most / 2) && fits(most - 64, 1));
static_assert(!fits(most, 1) && !fits(most / 2, most / 2 + 1) && !fits(INT64_MAX, 0) &&
              !fits(0, INT64_MAX) && !fits(most, most));

// A tensor that is read while another is written is still there.
constexpr bool keeps_what_is_read() {
  buffer buffers[] = {{64, 0, 1}, {64, 1, 2}};
  return (*plan_memory(buffers, 64)).bytes == 128;
}
static_assert(keeps_what_is_read());

struct random_numbers {
  std::uint64_t state = 1;
  constexpr std::uint32_t below(std::uint32_t n) {
    state = state * 6364136223846793005u + 1442695040888963407u;  // Knuth, MMIX
    return static_cast<std::uint32_t>((state >> 33) % n);
  }
};

/// The plan, gap by gap: what lives at a time in the order of offsets.
std::int64_t plan_slowly(vector<buffer>& buffers, std::int64_t alignment) {
  std::int64_t total = 0;
  for (std::size_t b = 0; b < buffers.size(); ++b) {
    auto& next = buffers[b];
    auto const bytes = round_up(next.bytes, alignment);
    next.offset = 0;
    if (bytes == 0) continue;
    vector<buffer> live;
    for (std::size_t i = 0; i < b; ++i) {
      if (buffers[i].last < next.first || buffers[i].bytes == 0) continue;
      live.push_back(buffers[i]);
      for (auto k = live.size() - 1; k > 0 && live[k].offset < live[k - 1].offset; --k) {
        auto const last = live[k - 1];
        live[k - 1] = live[k];
        live[k] = last;
      }
    }
    std::int64_t end = 0;
    std::int64_t least = INT64_MAX;
    for (auto const& l : live) {
      if (l.offset - end >= bytes && l.offset - end < least) {
        least = l.offset - end;
        next.offset = end;
      }
      end = l.offset + round_up(l.bytes, alignment);
    }
    if (least == INT64_MAX) next.offset = end;
    if (next.offset + bytes > total) total = next.offset + bytes;
  }
  return total;
}

// As many buffers as are planned in several orders are so within a compiler's default limits.
constexpr memory_plan plan_random(std::size_t count) {
  random_numbers random;
  vector<buffer> buffers;
  std::uint32_t step = 0;
  for (std::size_t i = 0; i < count; ++i) {
    step += random.below(2);
    buffers.push_back({static_cast<std::int64_t>(random.below(50'000)), step, 0, 0});
    buffers.back().last = step + random.below(40);
  }
  return *plan_memory(buffers, 64);
}
constexpr auto of_random = plan_random(128);
static_assert(of_random.bytes >= of_random.most_live && of_random.most_live > 0);

// Layers in a row, one in four of which is read later as well.
constexpr memory_plan plan_layers(random_numbers random, std::uint32_t count) {
  vector<buffer> buffers;
  for (std::uint32_t i = 0; i < count; ++i) {
    auto const bytes = 64 + random.below(50'000);
    auto const life = random.below(4) == 0 ? 2 + random.below(6) : 1;
    buffers.push_back({static_cast<std::int64_t>(bytes), i, i + life, 0});
  }
  return *plan_memory(buffers, 64);
}
constexpr auto of_layers = plan_layers({}, max_ordered_buffers);
static_assert(of_layers.bytes >= of_layers.most_live && of_layers.most_live > 0);

bool meet(buffer const& a, buffer const& b) { return a.first <= b.last && b.first <= a.last; }

}  // namespace

TEST_CASE(
    "in a thousand random plans, what lives at once is apart, aligned, and within the arena") {
  random_numbers random;
  std::vector<double> ratios;  // to the largest sum of buffers that live at once
  for (int round = 0; round < 1'000; ++round) {
    vector<buffer> buffers;
    std::uint32_t step = 0;
    auto const count = random.below(40) + 1;
    for (std::uint32_t i = 0; i < count; ++i) {
      step += random.below(3);
      auto const bytes = random.below(10) == 0 ? 0 : random.below(5'000);
      buffers.push_back({static_cast<std::int64_t>(bytes), step, step + random.below(8), -1});
    }
    auto const plan = plan_memory(buffers, 64).value();
    auto const total = plan.bytes;
    auto expected = buffers;
    REQUIRE(total <= plan_slowly(expected, 64));
    std::int64_t needed = 0;
    for (std::uint32_t at = 0; at <= step + 8; ++at) {
      std::int64_t sum = 0;
      for (auto const& b : buffers) {
        if (b.first <= at && at <= b.last) sum += (b.bytes + 63) / 64 * 64;
      }
      needed = sum > needed ? sum : needed;
    }
    REQUIRE(total >= needed);
    REQUIRE(plan.most_live == needed);
    if (needed != 0) ratios.push_back(static_cast<double>(total) / static_cast<double>(needed));
    for (std::size_t i = 0; i < buffers.size(); ++i) {
      auto const& a = buffers[i];
      REQUIRE(a.offset >= 0);
      REQUIRE(a.offset % 64 == 0);
      REQUIRE(a.offset + a.bytes <= total);
      for (std::size_t k = 0; k < i; ++k) {
        auto const& b = buffers[k];
        bool const apart = a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset;
        bool const overlap = meet(a, b) && !apart;
        REQUIRE_FALSE(overlap);
      }
    }
  }
  std::sort(ratios.begin(), ratios.end());
  auto const median = ratios[ratios.size() / 2];
  MESSAGE("median ", median, ", worst ", ratios.back());
  CHECK(median <= 1.1);
}

TEST_CASE("a chain of equal layers takes the memory of two") {
  vector<buffer> buffers;
  for (std::uint32_t i = 0; i < 10'000; ++i) buffers.push_back({1000, i, i + 1});
  CHECK(plan_memory(buffers, 64).value().bytes == 2 * 1024);
}

TEST_CASE("a chain of layers of any sizes needs what two of them have") {
  random_numbers random;
  for (int round = 0; round < 100; ++round) {
    vector<buffer> buffers;
    std::int64_t needed = 0;
    auto const count = 2 + random.below(max_ordered_buffers - 1);
    for (std::uint32_t i = 0; i < count; ++i) {
      buffers.push_back({1 + random.below(50'000), i, i + 1, 0});
      auto const before = i == 0 ? 0 : (buffers[i - 1].bytes + 63) / 64 * 64;
      needed = std::max(needed, before + (buffers[i].bytes + 63) / 64 * 64);
    }
    CHECK(plan_memory(buffers, 64).value().bytes == needed);
  }
}

TEST_CASE("layers in a row that are read later as well need hardly more than lives at once") {
  std::vector<double> ratios;
  for (std::uint32_t count = 20; count <= max_ordered_buffers; ++count) {
    auto const plan = plan_layers({count}, count);
    ratios.push_back(static_cast<double>(plan.bytes) / static_cast<double>(plan.most_live));
  }
  std::sort(ratios.begin(), ratios.end());
  MESSAGE("median ", ratios[ratios.size() / 2], ", worst ", ratios.back());
  CHECK(ratios[ratios.size() / 2] <= 1.02);
}

TEST_CASE("a hundred thousand tensors that live at once take as long as they are many") {
  constexpr std::uint32_t count = 100'000;
  vector<buffer> buffers;
  // All live at once; then one in two goes, and others of many sizes take the gaps.
  for (std::uint32_t i = 0; i < count; ++i) {
    buffers.push_back({64 + 64 * (i * 7 % 1'000), 0, i % 2 == 0 ? 3 * count : 1});
  }
  random_numbers random;
  for (std::uint32_t i = 0; i < count; ++i) {
    buffers.push_back({1 + random.below(70'000), 2 + i, 2 + i + random.below(count)});
  }
  CHECK(plan_memory(buffers, 64).value().bytes > std::int64_t{count} * 32'000);
}

TEST_CASE("gaps that grow with each step, or shrink, are found in order") {
  constexpr std::uint32_t count = 50'000;
  for (bool const grow : {true, false}) {
    vector<buffer> buffers;
    for (std::uint32_t i = 0; i < count; ++i) {
      buffers.push_back({64 * (grow ? i + 1 : count - i), 0, i});
      buffers.push_back({64, 0, 3 * count});
    }
    auto const end = plan_memory(buffers, 64).value().bytes;
    for (std::uint32_t i = 0; i < count; ++i) {
      buffers.push_back({64 * (i + 1), count + i, 3 * count});
    }
    CHECK(plan_memory(buffers, 64).value().bytes == end);
  }
}
