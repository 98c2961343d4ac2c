// How near kernels that do little with each element come to copying memory. Each measurement takes
// turns with `memcpy`, so that a change of the machine's speed meets both, and copies as many bytes
// as the kernel reads and writes, in the same memory; `of_copy` is the ratio of their times.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/stage/highway.hpp"
//
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "inlay/program/run_step-inl.hpp"

namespace {

using namespace inlay;
using clock_type = std::chrono::steady_clock;

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

/// Seconds of one run, of as many as take a while.
template <class Run> double time_of(Run&& run) {
  auto const start = clock_type::now();
  for (int count = 1;; ++count) {
    run();
    benchmark::ClobberMemory();
    auto const seconds = std::chrono::duration<double>(clock_type::now() - start).count();
    if (seconds > 2e-4) return seconds / count;
  }
}

/// Measures `run`, which reads `x` and writes `y`, in turns with a copy. All figures are medians.
template <class Run>
void measure(benchmark::State& state, numbers const& x, std::int64_t reads, numbers const& y,
             std::int64_t writes, Run&& run) {
  std::vector<double> times;
  std::vector<double> shares;
  // Where next to nothing is written, half of what is read is copied to the other half.
  bool const only_reads = writes < reads / 2;
  auto const count = only_reads ? reads / 2 : (reads + writes) / 2;
  auto const bytes = static_cast<std::size_t>(count) * sizeof(float);
  auto* const to = only_reads ? x.data() + count : y.data();
  for (auto _ : state) {
    times.push_back(time_of(run));
    state.SetIterationTime(times.back());
    shares.push_back(time_of([&] { std::memcpy(to, x.data(), bytes); }) / times.back());
  }
  auto const median = [](std::vector<double>& all) {
    std::ranges::nth_element(all, all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2));
    return all[all.size() / 2];
  };
  state.counters["microseconds"] = 1e6 * median(times);
  state.counters["gigabytes_a_second"] = 2e-9 * static_cast<double>(bytes) / median(times);
  state.counters["of_copy"] = median(shares);
}

template <std::int64_t Outer, std::int64_t Axis, std::int64_t Inner>
void softmax(benchmark::State& state) {
  constexpr shape seen{Outer, Axis, Inner};
  constexpr auto strides = contiguous_strides(seen);
  numbers const x(elements_of(seen));
  numbers const y(elements_of(seen));
  measure(state, x, elements_of(seen), y, elements_of(seen), [&] {
    highway s;
    run(s, softmax_normalization{}, tensor<float const>{x.data(), seen, strides},
        tensor<float>{y.data(), seen, strides});
  });
}

template <std::int64_t Outer, std::int64_t N> void layer_norm(benchmark::State& state) {
  constexpr shape seen{Outer, N};
  numbers const x(Outer * N);
  numbers const y(Outer * N);
  numbers const scale(N);
  numbers const bias(N);
  measure(state, x, Outer * N, y, Outer * N, [&] {
    highway s;
    run(s, layer_normalization{}, tensor<float const>{x.data(), seen, {N, 1}},
        tensor<float const>{scale.data(), {N}, {1}}, tensor<float const>{bias.data(), {N}, {1}},
        tensor<float>{y.data(), seen, {N, 1}});
  });
}

template <std::int64_t Groups, std::int64_t Channels, std::int64_t Size>
void group_norm(benchmark::State& state) {
  constexpr shape seen{1, Groups, Channels, Size * Size};
  constexpr auto strides = contiguous_strides(seen);
  numbers const x(elements_of(seen));
  numbers const y(elements_of(seen));
  numbers const scale(Groups * Channels);
  numbers const bias(Groups * Channels);
  measure(state, x, elements_of(seen), y, elements_of(seen), [&] {
    highway s;
    shape const channels{Groups, Channels};
    run(s, group_normalization{}, tensor<float const>{x.data(), seen, strides},
        tensor<float const>{scale.data(), channels, {Channels, 1}},
        tensor<float const>{bias.data(), channels, {Channels, 1}},
        tensor<float>{y.data(), seen, strides});
  });
}

/// The sums of rows, along lanes.
template <reduced_to To, std::int64_t Rows, std::int64_t N> void reduce(benchmark::State& state) {
  numbers const x(Rows * N);
  numbers const y(Rows);
  measure(state, x, Rows * N, y, Rows, [&] {
    highway s;
    run(s, reduction{To}, tensor<float const>{x.data(), {Rows, 1, 1, 1, N}, {N, 0, 0, 0, 1}},
        tensor<float>{y.data(), {Rows, 1}, {1, 1}});
  });
}
/// Those of columns, side by side.
template <reduced_to To, std::int64_t N, std::int64_t Columns>
void reduce_columns(benchmark::State& state) {
  numbers const x(N * Columns);
  numbers const y(Columns);
  measure(state, x, N * Columns, y, Columns, [&] {
    highway s;
    run(s, reduction{To},
        tensor<float const>{x.data(), {1, 1, 1, N, Columns}, {0, 0, 0, Columns, 1}},
        tensor<float>{y.data(), {Columns}, {1}});
  });
}

#define MEASURE_KERNEL(...) BENCHMARK(__VA_ARGS__)->UseManualTime()->MinTime(0.1)

// BERT-base, a sequence of 128: attention, and a row of features each.
MEASURE_KERNEL(softmax<12 * 128, 128, 1>);
MEASURE_KERNEL(softmax<128, 768, 1>);
MEASURE_KERNEL(layer_norm<128, 768>);
// Over channels.
MEASURE_KERNEL(softmax<1, 64, 56 * 56>);
MEASURE_KERNEL(group_norm<32, 2, 56>);
MEASURE_KERNEL(group_norm<32, 8, 56>);
MEASURE_KERNEL(reduce<reduced_to::sum, 1024, 1024>);
MEASURE_KERNEL(reduce_columns<reduced_to::sum, 1024, 1024>);
MEASURE_KERNEL(reduce<reduced_to::sum, 128, 768>);
MEASURE_KERNEL(reduce_columns<reduced_to::sum, 128, 768>);
MEASURE_KERNEL(reduce<reduced_to::largest, 1024, 1024>);
MEASURE_KERNEL(reduce_columns<reduced_to::largest, 1024, 1024>);
// The mean of each channel.
MEASURE_KERNEL(reduce<reduced_to::mean, 256, 56 * 56>);

}  // namespace
