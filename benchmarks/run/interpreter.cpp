// How long LeNet takes for one image through the interpreter, and to load; beside run/lenet.cpp.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <inlay/execute/interpreter.hpp>
#include <lenet.onnx.hpp>

namespace {

constexpr inlay::dimension_value one_image[] = {{"batch", 1}};

auto load_lenet() {
  return inlay::interpreter::load(inlay::string_view(lenet_onnx, sizeof lenet_onnx - 1),
                                  {.dimensions = one_image});
}

/// The pixels of run/lenet.cpp.
std::array<float, 28 * 28> ramp() {
  std::array<float, 28 * 28> pixels{};
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    pixels[i] = static_cast<float>(i * 37 % 256) / 255.0f;
  }
  return pixels;
}

void lenet_interpreted(benchmark::State& state) {
  auto image = ramp();
  auto const session = load_lenet().value();
  inlay::interpreter::context context;
  inlay::interpreter::named_view const input[] = {
      {session.inputs()[0].name, inlay::view<float, 1, 1, 28, 28>(image.data())}};
  for (auto _ : state) {
    benchmark::DoNotOptimize(image.data());
    benchmark::ClobberMemory();
    auto const outputs = session.run(context, input);
    benchmark::DoNotOptimize((*outputs)[0].data);
    benchmark::ClobberMemory();
  }
  auto const outputs = session.run(context, input).value();
  auto const* const probabilities = outputs[0].elements<float>();
  double mean = 0;
  for (int digit = 0; digit < 10; ++digit) {
    mean += digit * static_cast<double>(probabilities[digit]);
  }
  state.counters["mean_digit"] = mean;
  auto const macs = static_cast<double>(session.needs()->multiply_adds);
  state.counters["macs"] = benchmark::Counter(macs, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(lenet_interpreted);

void load_of_lenet(benchmark::State& state) {
  for (auto _ : state) {
    auto const session = load_lenet();
    benchmark::DoNotOptimize(session->inputs().data());
  }
}
BENCHMARK(load_of_lenet)->Unit(benchmark::kMicrosecond);

}  // namespace
