// How long LeNet takes for one image through the interpreter, and to load; beside run/lenet.cpp.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lenet_session.hpp"

namespace {

auto load_lenet() { return inlay::interpreter::load(lenet_bytes, {.dimensions = one_image}); }

void lenet_interpreted(benchmark::State& state) { run_lenet(state, load_lenet().value()); }
BENCHMARK(lenet_interpreted);

void load_of_lenet(benchmark::State& state) {
  for (auto _ : state) {
    auto const session = load_lenet();
    benchmark::DoNotOptimize(session->inputs().data());
  }
}
BENCHMARK(load_of_lenet)->Unit(benchmark::kMicrosecond);

}  // namespace
