// Tensors that live at once never overlap.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/program/plan_memory.hpp"

#include <doctest/doctest.h>

namespace {
using namespace inlay;

// {4096 for steps 0–1, 1024 for 1–2, 4096 for 2–3} → offsets 0, 4096, 0; 5120 bytes
constexpr bool plans_the_example() {
  buffer buffers[] = {{4096, 0, 1}, {1024, 1, 2}, {4096, 2, 3}};
  return plan_memory(buffers, 64) == 5120 && buffers[0].offset == 0 && buffers[1].offset == 4096 &&
         buffers[2].offset == 0;
}
static_assert(plans_the_example());

constexpr bool plans_nothing() { return plan_memory(span<buffer>(), 64) == 0; }
static_assert(plans_nothing());

constexpr bool rounds_up() {
  buffer buffers[] = {{1, 0, 5}, {65, 1, 5}, {64, 2, 5}};
  return plan_memory(buffers, 64) == 256 && buffers[1].offset == 64 && buffers[2].offset == 192;
}
static_assert(rounds_up());

// Of two gaps it takes the smaller that suffices: 128 between 64 and 192, not 256 from 256 on.
constexpr bool takes_the_smallest_gap() {
  buffer buffers[] = {{64, 0, 9}, {128, 0, 0}, {64, 0, 9}, {256, 0, 0}, {64, 0, 9}, {100, 1, 2}};
  auto const total = plan_memory(buffers, 64);
  return total == 576 && buffers[5].offset == 64;
}
static_assert(takes_the_smallest_gap());

// A tensor that is read while another is written is still there.
constexpr bool keeps_what_is_read() {
  buffer buffers[] = {{64, 0, 1}, {64, 1, 2}};
  return plan_memory(buffers, 64) == 128;
}
static_assert(keeps_what_is_read());

struct random_numbers {
  std::uint64_t state = 1;
  std::uint32_t below(std::uint32_t n) {
    state = state * 6364136223846793005u + 1442695040888963407u;  // Knuth, MMIX
    return static_cast<std::uint32_t>((state >> 33) % n);
  }
};

bool meet(buffer const& a, buffer const& b) { return a.first <= b.last && b.first <= a.last; }

}  // namespace

TEST_CASE(
    "in a thousand random plans, what lives at once is apart, aligned, and within the arena") {
  random_numbers random;
  for (int round = 0; round < 1'000; ++round) {
    vector<buffer> buffers;
    std::uint32_t step = 0;
    auto const count = random.below(40) + 1;
    for (std::uint32_t i = 0; i < count; ++i) {
      step += random.below(3);
      auto const bytes = random.below(10) == 0 ? 0 : random.below(5'000);
      buffers.push_back({static_cast<std::int64_t>(bytes), step, step + random.below(8), -1});
    }
    auto const total = plan_memory(buffers, 64);
    std::int64_t needed = 0;
    for (std::uint32_t at = 0; at <= step + 8; ++at) {
      std::int64_t sum = 0;
      for (auto const& b : buffers) {
        if (b.first <= at && at <= b.last) sum += (b.bytes + 63) / 64 * 64;
      }
      needed = sum > needed ? sum : needed;
    }
    REQUIRE(total >= needed);
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
}

TEST_CASE("a chain of equal layers takes the memory of two") {
  vector<buffer> buffers;
  for (std::uint32_t i = 0; i < 10'000; ++i) buffers.push_back({1000, i, i + 1});
  CHECK(plan_memory(buffers, 64) == 2 * 1024);
}
