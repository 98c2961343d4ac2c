// How near windows that are no product come to what memory can do: depthwise convolutions of
// MobileNetV2, poolings of ResNet-50. Each measurement takes turns with a copy of as many bytes as
// the kernel reads and writes, in the same caches; `of_copy` is the copy's time over the kernel's.
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
#include <string>
#include <vector>

#include "inlay/program/run_step-inl.hpp"

namespace {

using namespace inlay;
using clock_type = std::chrono::steady_clock;

/// Memory aligned to a cache line, of numbers near 1.
class numbers {
 public:
  explicit numbers(std::size_t size)
      : data_(static_cast<float*>(std::aligned_alloc(64, (size * 4 + 63) / 64 * 64))) {
    for (std::size_t i = 0; i < size; ++i) data_[i] = 1 + static_cast<float>(i % 17) / 64;
    benchmark::DoNotOptimize(data_);  // somebody else may read it from now on
  }
  numbers(numbers const&) = delete;
  numbers& operator=(numbers const&) = delete;
  ~numbers() { std::free(data_); }
  float* data() const { return data_; }

 private:
  float* data_;
};

/// Seconds that one call takes, of as many as fill 200 microseconds.
template <class Run> double seconds_of(Run&& run) {
  auto const start = clock_type::now();
  int count = 0;
  double seconds = 0;
  do {
    run();
    benchmark::ClobberMemory();
    ++count;
    seconds = std::chrono::duration<double>(clock_type::now() - start).count();
  } while (seconds < 2e-4);
  return seconds / count;
}

double median(std::vector<double>& x) {
  std::ranges::nth_element(x, x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2));
  return x[x.size() / 2];
}

/// Measures `run`, which reads and writes so many floats, in turns with the copy.
template <class Run> void measure(benchmark::State& state, std::size_t floats, Run&& run) {
  numbers const from(floats / 2);
  numbers const to(floats / 2);
  std::vector<double> times;
  std::vector<double> shares;
  for (auto _ : state) {
    times.push_back(seconds_of(run));
    auto const copy =
        seconds_of([&] { std::memcpy(to.data(), from.data(), floats / 2 * sizeof(float)); });
    shares.push_back(copy / times.back());
    state.SetIterationTime(times.back());
  }
  state.counters["microseconds"] = 1e6 * median(times);
  state.counters["of_copy"] = median(shares);
}

constexpr std::size_t count(shape const& s) { return static_cast<std::size_t>(elements_of(s)); }

/// A depthwise convolution of a square image with a halo, channels last, weights in panels.
template <int Size, int Channels, int Window, int Stride> void depthwise(benchmark::State& state) {
  constexpr int padded = Size + Window / 2 * 2;
  constexpr int out = (padded - Window) / Stride + 1;
  constexpr shape from{1, Channels, padded, padded};
  constexpr shape to{1, Channels, out, out};
  constexpr shape form{Channels, 1, Window, Window};
  constexpr convolution kernel{{Window, Stride, 1, 0}, {Window, Stride, 1, 0}, Channels};
  constexpr auto right = kernel.right(form, contiguous_strides(form));
  constexpr auto panels = packed_layout(right);
  constexpr auto tile = tile_of_step<float, highway>(kernel, from, to);
  numbers const x(count(from));
  numbers const w(static_cast<std::size_t>(packed_size(right)));
  numbers const y(count(to));
  highway s;
  measure(state, count(from) + count(to), [&] {
    run<tile>(s, kernel, tensor<float const>{x.data(), from, channels_last_strides(from)},
              tensor<float const>{w.data(), panels.extents, panels.strides}, tensor<float const>{},
              tensor<float>{y.data(), to, channels_last_strides(to)});
  });
  state.SetLabel(std::to_string(depthwise_tile(tile).rows) + "x1");
}

template <class Kernel, int Size, int Channels, int Out>
void pool(benchmark::State& state, Kernel const& kernel) {
  constexpr shape from{1, Channels, Size, Size};
  constexpr shape to{1, Channels, Out, Out};
  numbers const x(count(from));
  numbers const y(count(to));
  highway s;
  measure(state, count(from) + count(to), [&] {
    run(s, kernel, tensor<float const>{x.data(), from, channels_last_strides(from)},
        tensor<float>{y.data(), to, channels_last_strides(to)});
  });
}
void largest_of_3x3(benchmark::State& state) {
  constexpr max_pooling kernel{{3, 2, 1, 1}, {3, 2, 1, 1}};
  pool<max_pooling, 112, 64, 56>(state, kernel);
}
void average_of_all(benchmark::State& state) {
  constexpr average_pooling kernel{{7, 1, 1, 0}, {7, 1, 1, 0}};
  pool<average_pooling, 7, 2048, 1>(state, kernel);
}

#define MEASURE_WINDOW(...) BENCHMARK(__VA_ARGS__)->UseManualTime()->MinTime(0.1)

MEASURE_WINDOW(depthwise<112, 32, 3, 1>);
MEASURE_WINDOW(depthwise<112, 96, 3, 2>);
MEASURE_WINDOW(depthwise<56, 144, 3, 1>);
MEASURE_WINDOW(depthwise<56, 144, 3, 2>);
MEASURE_WINDOW(depthwise<28, 192, 3, 1>);
MEASURE_WINDOW(depthwise<28, 192, 5, 1>);
MEASURE_WINDOW(depthwise<28, 192, 3, 2>);
MEASURE_WINDOW(depthwise<14, 384, 3, 1>);
MEASURE_WINDOW(depthwise<14, 576, 3, 1>);
MEASURE_WINDOW(depthwise<14, 576, 3, 2>);
MEASURE_WINDOW(depthwise<7, 960, 3, 1>);
MEASURE_WINDOW(largest_of_3x3);
MEASURE_WINDOW(average_of_all);

}  // namespace
