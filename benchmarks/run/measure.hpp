// What the benchmarks of kernels share: memory, and times taken in turns with something whose speed
// is known, so that a change of the machine's speed meets both.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#if defined(INLAY_MEASURES_XSIMD)
#include "inlay/stage/xsimd.hpp"
#else
#include "inlay/stage/highway.hpp"
#endif
//
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

namespace measured {

/// The stage whose kernels are measured.
#if defined(INLAY_MEASURES_XSIMD)
using machine = inlay::xsimd;
#else
using machine = inlay::highway;
#endif

/// Memory aligned to a cache line, of numbers near 1.
class numbers {
 public:
  explicit numbers(std::int64_t size)
      : data_(static_cast<float*>(
            std::aligned_alloc(64, (static_cast<std::size_t>(size) * 4 + 63) / 64 * 64))) {
    for (std::int64_t i = 0; i < size; ++i) data_[i] = 1 + static_cast<float>(i % 17) / 64;
    benchmark::DoNotOptimize(data_);  // somebody else may read it from now on
  }
  numbers(numbers const&) = delete;
  numbers& operator=(numbers const&) = delete;
  ~numbers() { std::free(data_); }
  float* data() const { return data_; }

 private:
  float* data_;
};

/// What the processor calls itself, and its family and model.
inline std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  std::string all;
  for (std::string line; std::getline(file, line) && !line.empty();) {
    for (std::string const key : {"cpu family\t", "model\t", "model name\t"}) {
      if (!line.starts_with(key)) continue;
      if (!all.empty()) all += ' ';
      all += line.substr(line.find(':') + 2);
    }
  }
  return all.empty() ? "unknown" : all;
}
/// Ratios are compared with those of the same.
inline bool const has_context = [] {
  benchmark::AddCustomContext("compiler", __VERSION__);
  benchmark::AddCustomContext("processor", processor());
  benchmark::AddCustomContext("vector_bits", std::to_string(machine::width<float> * 32));
  return true;
}();

/// Seconds of one run, of as many as fill 200 microseconds.
template <class Run> double seconds_of(Run&& run) {
  using clock_type = std::chrono::steady_clock;
  auto const start = clock_type::now();
  for (int count = 1;; ++count) {
    run();
    benchmark::ClobberMemory();
    auto const seconds = std::chrono::duration<double>(clock_type::now() - start).count();
    if (seconds > 2e-4) return seconds / count;
  }
}

inline double median(std::vector<double>& x) {
  std::ranges::nth_element(x, x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2));
  return x[x.size() / 2];
}

/// Measures `run` in turns with `best_time()`, which says how many seconds it could take at best.
/// The counter of that name is the ratio of the two. Both figures are medians; returns the seconds.
template <class Run, class BestTime>
double in_turns(benchmark::State& state, char const* ratio, Run&& run, BestTime&& best_time) {
  std::vector<double> times;
  std::vector<double> ratios;
  for (auto _ : state) {
    times.push_back(seconds_of(run));
    state.SetIterationTime(times.back());
    ratios.push_back(best_time() / times.back());
  }
  state.counters["microseconds"] = 1e6 * median(times);
  state.counters[ratio] = median(ratios);
  return median(times);
}

/// Measures `run`, which reads so many floats of `x` and writes so many of `y`, in turns with a
/// copy of as many bytes in the same memory.
template <class Run>
void beside_copy(benchmark::State& state, numbers const& x, std::int64_t reads, numbers const& y,
                 std::int64_t writes, Run&& run) {
  // Half of the larger one is copied to its other half where the other one is too small for it.
  auto const count = (reads + writes) / 2;
  auto const bytes = static_cast<std::size_t>(count) * sizeof(float);
  bool const fits = count <= reads && count <= writes;
  auto* const from = reads < writes ? y.data() : x.data();
  auto const half = (reads < writes ? writes : reads) / 2;
  auto const part = static_cast<std::size_t>(half) * sizeof(float);
  auto const seconds = in_turns(state, "of_copy", run, [&] {
    if (fits) return seconds_of([&] { std::memcpy(y.data(), x.data(), bytes); });
    auto const copy = seconds_of([&] { std::memcpy(from + half, from, part); });
    return copy * static_cast<double>(bytes) / static_cast<double>(part);
  });
  state.counters["gigabytes_a_second"] = 2e-9 * static_cast<double>(bytes) / seconds;
}

}  // namespace measured

#define MEASURE(...) BENCHMARK(__VA_ARGS__)->UseManualTime()->MinTime(0.1)
/// What a network does so many times.
#define MEASURE_OF(network, times, ...) \
  MEASURE(__VA_ARGS__)->Name(network ": " #__VA_ARGS__)->ArgName("times")->Arg(times)
