// How long a model takes from its file to a graph, by its length and by how the file is opened.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <inlay/frontend/onnx/load.hpp>
#include <inlay/frontend/onnx/write.hpp>
#include <inlay/inlay.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace {

/// A chain of so many nodes of four operators, over weights of `side` x `side`, as a file.
inlay::vector<char> chain(std::int64_t length, std::int64_t side = 8) {
  using namespace inlay;
  builder b("chain", newest_opset);
  vector<float> const ones(static_cast<std::size_t>(side * side), 1);
  auto const row = span<float const>(ones.data(), static_cast<std::size_t>(side));
  auto const weights = b.constant("weights", {side, side}, span<float const>(ones));
  auto const bias = b.constant("bias", {1, side}, row);
  auto x = b.input("x", {element_type::float32, {1, side}});
  for (std::int64_t i = 0; i < length; ++i) {
    switch (i % 4) {
      case 0: x = apply<op::gemm>(b, {}, {x, weights, bias}); break;
      case 1: x = apply<op::relu>(b, {}, {x}); break;
      case 2: x = apply<op::matmul>(b, {}, {x, weights}); break;
      default: x = apply<op::add>(b, {}, {x, bias}); break;
    }
  }
  b.output(x, "y");
  return write_onnx(b.finish()).value();
}

std::string_view view_of(inlay::vector<char> const& bytes) { return {bytes.data(), bytes.size()}; }

/// Runs `work` on the file of a chain of as many nodes as the benchmark's argument says.
template <class Work> void by_length(benchmark::State& state, Work&& work) {
  auto const file = chain(state.range(0));
  for (auto _ : state) {
    auto const done = work(inlay::read_onnx(view_of(file)));
    if (done.failure) state.SkipWithError("the model is refused");
    benchmark::DoNotOptimize(&done);
    benchmark::ClobberMemory();
  }
  state.SetComplexityN(state.range(0));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(file.size()));
}

void read(benchmark::State& state) {
  by_length(state, [](inlay::graph g) { return g; });
}
void read_and_optimize(benchmark::State& state) {
  by_length(state, [](inlay::graph g) { return inlay::optimize(std::move(g)); });
}
void read_optimize_and_lower(benchmark::State& state) {
  by_length(state, [](inlay::graph g) { return inlay::lower(inlay::optimize(std::move(g))); });
}

void lengths(benchmark::internal::Benchmark* b) {
  b->RangeMultiplier(10)->Range(100, 100'000)->Complexity()->Unit(benchmark::kMillisecond);
}
BENCHMARK(read)->Apply(lengths);
BENCHMARK(read_and_optimize)->Apply(lengths);
BENCHMARK(read_optimize_and_lower)->Apply(lengths);

/// The file of a model of 100 MB, most of it one matrix.
class large_file : public benchmark::Fixture {
 public:
  void SetUp(benchmark::State const&) override {
    auto const bytes = chain(4, 5'000);
    std::ofstream(path, std::ios::binary).write(bytes.data(), std::ssize(view_of(bytes)));
  }
  void TearDown(benchmark::State const&) override { std::filesystem::remove(path); }

  /// Opens the file, over and over.
  template <class Load> void open(benchmark::State& state, Load&& load) const {
    for (auto _ : state) {
      auto const file = load(path);
      if (!file) state.SkipWithError("the model is refused");
      benchmark::DoNotOptimize(file->graph.constants.data());
    }
    auto const size = static_cast<std::int64_t>(std::filesystem::file_size(path));
    state.SetBytesProcessed(state.iterations() * size);
  }

  std::filesystem::path path = std::filesystem::temp_directory_path() /
                               ("inlay_read_" + std::to_string(::getpid()) + ".onnx");
};

BENCHMARK_F(large_file, mapped)(benchmark::State& state) { open(state, inlay::load_onnx); }
BENCHMARK_F(large_file, copied)(benchmark::State& state) { open(state, inlay::load_onnx_copy); }

}  // namespace
