// How long LeNet takes for one image. benchmarks/against/lenet.py compares it with ONNX Runtime.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/stage/highway.hpp"
#if defined(INLAY_MEASURES_XSIMD)
#include "inlay/stage/xsimd.hpp"
#endif
//
#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <inlay/inlay.hpp>
#include <lenet.onnx.hpp>

namespace {

inline constexpr auto lenet = inlay::onnx(lenet_onnx, {{"batch", 1}});

/// Pixels that need no file: 0, 37, 74, ... of 256, modulo 256. `ramp` in against/lenet.py is the
/// same.
std::array<float, 28 * 28> ramp() {
  std::array<float, 28 * 28> pixels{};
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    pixels[i] = static_cast<float>(i * 37 % 256) / 255.0f;
  }
  return pixels;
}

template <class Stage> void lenet_image(benchmark::State& state) {
  auto image = ramp();
  using model_type = inlay::model<lenet, Stage>;
  model_type const model;
  typename model_type::context context;
  for (auto _ : state) {
    benchmark::DoNotOptimize(image.data());
    benchmark::ClobberMemory();
    auto const probabilities = model(context, image);
    benchmark::DoNotOptimize(probabilities.data());
    benchmark::ClobberMemory();
  }
  // What was computed, for whoever compares: the mean of the digits that the image may be.
  auto const probabilities = model(context, image);
  double mean = 0;
  for (int digit = 0; digit < 10; ++digit)
    mean += digit * static_cast<double>(probabilities[digit]);
  state.counters["mean_digit"] = mean;
  auto const macs = static_cast<double>(model.macs);
  state.counters["macs"] = benchmark::Counter(macs, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(lenet_image<inlay::highway>);
#if defined(INLAY_MEASURES_XSIMD)
BENCHMARK(lenet_image<inlay::xsimd>);
#endif
BENCHMARK(lenet_image<inlay::scalar>);

}  // namespace
