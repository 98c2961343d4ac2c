// LeNet in a session that was loaded while the program runs: how long one image takes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <inlay/execute/interpreter.hpp>
#include <lenet.onnx.hpp>

inline constexpr inlay::dimension_value one_image[] = {{"batch", 1}};
inline constexpr inlay::string_view lenet_bytes(lenet_onnx, sizeof lenet_onnx - 1);

/// The pixels of lenet.cpp.
inline std::array<float, 28 * 28> ramp() {
  std::array<float, 28 * 28> pixels{};
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    pixels[i] = static_cast<float>(i * 37 % 256) / 255.0f;
  }
  return pixels;
}

inline void run_lenet(benchmark::State& state, inlay::interpreter::session const& session) {
  auto image = ramp();
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
