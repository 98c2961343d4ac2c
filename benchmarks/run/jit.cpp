// How long LeNet takes for one image, compiled while the program runs; to load, and to load from
// the cache. Beside run/lenet.cpp.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdlib>
#include <filesystem>
#include <inlay/execute/jit.hpp>
#include <string>

#include "lenet_session.hpp"

namespace {

inlay::jit::options one_image_at_a_time() {
  inlay::jit::options how;
  how.dimensions = one_image;
  return how;
}

void lenet_compiled(benchmark::State& state) {
  run_lenet(state, inlay::jit::load(lenet_bytes, one_image_at_a_time()).value());
}
BENCHMARK(lenet_compiled);

void load_and_compile_lenet(benchmark::State& state) {
  for (auto _ : state) {
    auto const session = inlay::jit::load(lenet_bytes, one_image_at_a_time());
    benchmark::DoNotOptimize(session->inputs().data());
  }
}
BENCHMARK(load_and_compile_lenet)->Unit(benchmark::kMicrosecond)->UseRealTime();

void load_lenet_from_cache(benchmark::State& state) {
  std::string folder = (std::filesystem::temp_directory_path() / "inlay-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return state.SkipWithError("no folder for the cache");
  auto how = one_image_at_a_time();
  how.cache = inlay::jit::cache_place::folder;
  how.cache_folder = folder;
  auto const first = inlay::jit::load(lenet_bytes, how);
  for (auto _ : state) {
    auto const session = inlay::jit::load(lenet_bytes, how);
    benchmark::DoNotOptimize(session->inputs().data());
  }
  std::filesystem::remove_all(folder);
}
BENCHMARK(load_lenet_from_cache)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace
