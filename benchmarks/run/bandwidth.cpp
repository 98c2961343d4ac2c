// How near kernels that do little with each element come to copying memory. Each measurement takes
// turns with `memcpy`, so that a change of the machine's speed meets both, and copies as many bytes
// as the kernel reads and writes, in the same memory; `of_copy` is the ratio of their times.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "measure.hpp"
//
#include <cstdint>

#include "inlay/program/run_step-inl.hpp"

namespace {

using namespace inlay;
using namespace measured;

template <std::int64_t Outer, std::int64_t Axis, std::int64_t Inner>
void softmax(benchmark::State& state) {
  static constexpr shape seen{Outer, Axis, Inner};
  static constexpr auto strides = contiguous_strides(seen);
  numbers const x(elements_of(seen));
  numbers const y(elements_of(seen));
  beside_copy(state, x, elements_of(seen), y, elements_of(seen), [&] {
    machine s;
    run(s, softmax_normalization{}, tensor<float const>{x.data(), seen, strides},
        tensor<float>{y.data(), seen, strides});
  });
}

template <std::int64_t Outer, std::int64_t N> void layer_norm(benchmark::State& state) {
  static constexpr shape seen{Outer, N};
  numbers const x(Outer * N);
  numbers const y(Outer * N);
  numbers const scale(N);
  numbers const bias(N);
  beside_copy(state, x, Outer * N, y, Outer * N, [&] {
    machine s;
    run(s, layer_normalization{}, tensor<float const>{x.data(), seen, {N, 1}},
        tensor<float const>{scale.data(), {N}, {1}}, tensor<float const>{bias.data(), {N}, {1}},
        tensor<float>{y.data(), seen, {N, 1}});
  });
}

template <std::int64_t Groups, std::int64_t Channels, std::int64_t Size>
void group_norm(benchmark::State& state) {
  static constexpr shape seen{1, Groups, Channels, Size * Size};
  static constexpr auto strides = contiguous_strides(seen);
  numbers const x(elements_of(seen));
  numbers const y(elements_of(seen));
  numbers const scale(Groups * Channels);
  numbers const bias(Groups * Channels);
  beside_copy(state, x, elements_of(seen), y, elements_of(seen), [&] {
    machine s;
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
  beside_copy(state, x, Rows * N, y, Rows, [&] {
    machine s;
    run(s, reduction{To}, tensor<float const>{x.data(), {Rows, 1, 1, 1, N}, {N, 0, 0, 0, 1}},
        tensor<float>{y.data(), {Rows, 1}, {1, 1}});
  });
}
/// Those of columns, side by side.
template <reduced_to To, std::int64_t N, std::int64_t Columns>
void reduce_columns(benchmark::State& state) {
  numbers const x(N * Columns);
  numbers const y(Columns);
  beside_copy(state, x, N * Columns, y, Columns, [&] {
    machine s;
    run(s, reduction{To},
        tensor<float const>{x.data(), {1, 1, 1, N, Columns}, {0, 0, 0, Columns, 1}},
        tensor<float>{y.data(), {Columns}, {1}});
  });
}

/// Rows that become columns, in each of a batch.
template <std::int64_t Batch, std::int64_t Rows, std::int64_t Columns>
void transpose(benchmark::State& state) {
  static constexpr shape extents{Batch, Columns, Rows};
  static constexpr shape from{Rows * Columns, 1, Columns};
  static constexpr shape to{Rows * Columns, Rows, 1};
  numbers const x(elements_of(extents));
  numbers const y(elements_of(extents));
  beside_copy(state, x, elements_of(extents), y, elements_of(extents), [&] {
    machine s;
    run(s, transposition{}, tensor<float const>{x.data(), extents, from},
        tensor<float>{y.data(), extents, to});
  });
}

/// What a copy makes of a machine's memory: so many kilobytes, half of them read, half written.
template <int Kilobytes> void copy(benchmark::State& state) {
  constexpr auto bytes = std::size_t{Kilobytes} * 1024 / 2;
  numbers const x(bytes / sizeof(float));
  numbers const y(bytes / sizeof(float));
  std::vector<double> times;
  for (auto _ : state) {
    times.push_back(seconds_of([&] { std::memcpy(y.data(), x.data(), bytes); }));
    state.SetIterationTime(times.back());
  }
  state.counters["gigabytes_a_second"] = 2e-9 * static_cast<double>(bytes) / median(times);
}

// In the first three levels of caches, as most machines have them, and beside them.
#define MEASURE_COPY(kilobytes) BENCHMARK(copy<kilobytes>)->UseManualTime()->Iterations(100)
MEASURE_COPY(16);
MEASURE_COPY(384);
MEASURE_COPY(8 * 1024);
MEASURE_COPY(512 * 1024);
// BERT-base, a sequence of 128: attention, and a row of features each.
MEASURE(softmax<12 * 128, 128, 1>);
MEASURE(softmax<128, 768, 1>);
MEASURE(layer_norm<128, 768>);
// Over channels.
MEASURE(softmax<1, 64, 56 * 56>);
MEASURE(group_norm<32, 2, 56>);
MEASURE(group_norm<32, 8, 56>);
MEASURE(reduce<reduced_to::sum, 1024, 1024>);
MEASURE(reduce_columns<reduced_to::sum, 1024, 1024>);
MEASURE(reduce<reduced_to::sum, 128, 768>);
MEASURE(reduce_columns<reduced_to::sum, 128, 768>);
MEASURE(reduce<reduced_to::largest, 1024, 1024>);
MEASURE(reduce_columns<reduced_to::largest, 1024, 1024>);
// The keys of attention; channels behind the pixels of an image, and in front of them.
MEASURE(transpose<12, 128, 64>);
MEASURE(transpose<1, 768, 768>);
MEASURE(transpose<1, 64, 56 * 56>);
MEASURE(transpose<1, 56 * 56, 64>);
// The mean of each channel.
MEASURE(reduce<reduced_to::mean, 256, 56 * 56>);

}  // namespace
