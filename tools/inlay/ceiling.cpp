// What this machine can do at best.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ceiling.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <set>

#include "median.hpp"

namespace {

using timer = std::chrono::steady_clock;

double seconds_since(timer::time_point start) {
  return std::chrono::duration<double>(timer::now() - start).count();
}

/// The compiler must take this memory for read and written.
void keep(void* memory) { __asm__ volatile("" : : "r"(memory) : "memory"); }

/// So many chains that do not wait for each other: enough for two units of four cycles, and they
/// fit into the registers.
constexpr int chains = 12;
constexpr int rounds = 20'000;

/// double name(): multiply-adds a second of vectors of so many bytes, for the machine that the last
/// argument names; this file is compiled so that a product and a sum are one operation where the
/// machine has it. No template, which would be of the machine that the file is compiled for.
#define INLAY_MEASURE_MULTIPLY_ADDS(name, bytes, target)            \
  target double name() {                                            \
    using vector [[gnu::vector_size(bytes)]] = float;               \
    vector sums[chains];                                            \
    vector factor = vector{} + 0.5f;                                \
    keep(&factor);                                                  \
    /* Chains that begin alike would be computed once. */           \
    for (int c = 0; c < chains; ++c) sums[c] = vector{} + float(c); \
    auto const start = timer::now();                                \
    for (int i = 0; i < rounds; ++i) {                              \
      _Pragma("GCC unroll 12") for (int c = 0; c < chains; ++c) {   \
        sums[c] = sums[c] * factor + factor;                        \
      }                                                             \
    }                                                               \
    auto const seconds = seconds_since(start);                      \
    keep(sums);                                                     \
    return double{rounds} * chains * (bytes / 4) / seconds;         \
  }

#if defined(__x86_64__)
INLAY_MEASURE_MULTIPLY_ADDS(with_v4, 64, [[gnu::target("arch=x86-64-v4")]])
INLAY_MEASURE_MULTIPLY_ADDS(with_v3, 32, [[gnu::target("arch=x86-64-v3")]])
#endif
INLAY_MEASURE_MULTIPLY_ADDS(with_any, 16, )

}  // namespace

double measure_multiply_adds() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return with_v4();
  if (__builtin_cpu_supports("x86-64-v3")) return with_v3();
#endif
  return with_any();
}

// From 4 KB to 256 MB.
std::int64_t copy_ceiling::class_of(std::int64_t bytes) {
  auto const clamped = std::clamp<std::int64_t>(bytes, 1 << 12, 1 << 28);
  return static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(clamped)));
}

void copy_ceiling::measure_all(std::vector<std::int64_t> const& sizes) {
  std::set<std::int64_t> classes;
  for (auto const bytes : sizes) classes.insert(class_of(bytes));
  for (auto const bytes : classes) measure(bytes);
}

void copy_ceiling::measure(std::int64_t bytes) {
  auto const half = static_cast<std::size_t>(bytes / 2);
  if (from_.size() < half) {
    from_.resize(half, 1);
    to_.resize(half, 2);
  }
  auto const copy = [&] {
    std::memcpy(to_.data(), from_.data(), half);
    keep(to_.data());
  };
  copy();  // into the caches that it fits into
  int count = 0;
  auto const start = timer::now();
  double seconds = 0;
  do {
    copy();
    ++count;
    seconds = seconds_since(start);
  } while (seconds < 1e-4);
  measured_[bytes].push_back(count * static_cast<double>(bytes) / seconds);
}

double copy_ceiling::bytes_a_second(std::int64_t bytes) const {
  return median_of(measured_.at(class_of(bytes)));
}
