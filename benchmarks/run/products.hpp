// Matrix products and convolutions beside the multiply-adds that a machine can start at best. Each
// measurement takes turns with that ceiling, so that a change of the machine's speed meets both;
// `of_peak` is their ratio.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "measure.hpp"
//
#include <chrono>
#include <cstdint>
#include <string>

#include "inlay/program/run_step-inl.hpp"

namespace measured {

using namespace inlay;

/// Multiply-adds a second, of all lanes, that nothing but their start holds up.
inline double measure_ceiling() {
  constexpr tile_shape chains{12, 1};
  constexpr int rounds = 20'000;
  machine s;
  float half = 0.5f;
  benchmark::DoNotOptimize(half);
  auto const factor = s.splat(half);
  // Chains that begin alike would be computed once.
  tile_sums<vec<machine, float>, chains.rows> first;
  for (int c = 0; c < chains.rows; ++c) first.at[c] = s.splat(static_cast<float>(c));
  auto const start = std::chrono::steady_clock::now();
  auto const sums = s.fold(0, rounds, first, [&](auto, auto x) INLAY_INLINE_LAMBDA {
    unroll<chains.rows>([&](auto c)
                            INLAY_INLINE_LAMBDA { x.at[c] = s.fma(x.at[c], factor, factor); });
    return x;
  });
  std::chrono::duration<double> const seconds = std::chrono::steady_clock::now() - start;
  auto total = factor;
  for (auto const& x : sums.at) total = s.add(total, x);
  benchmark::DoNotOptimize(total);
  return double{rounds} * chains.rows * machine::width<float> / seconds.count();
}

/// Measures `run`, of so many multiply-adds, in turns with the ceiling.
template <class Run>
void measure(benchmark::State& state, std::int64_t multiply_adds, Run const& run,
             tile_shape const& tile) {
  auto const count = static_cast<double>(multiply_adds);
  auto const seconds = in_turns(state, "of_peak", run, [&] { return count / measure_ceiling(); });
  state.counters["gflops"] = 2e-9 * count / seconds;
  state.SetLabel(std::to_string(tile.rows) + "x" + std::to_string(tile.vectors));
}

/// Calls `with(multiply_adds, run, tile)` with a matrix product as a program runs it, its
/// right-hand side in panels.
template <int M, int N, int K, class With> void with_product(With const& with) {
  static constexpr matrix_product kernel;
  static constexpr auto right = kernel.right({K, N}, {N, 1});
  static constexpr auto panels = packed_layout(right);
  static constexpr auto tile = tile_of_step<float, machine>(kernel, {M, K}, {M, N});
  numbers const a(std::int64_t{M} * K);
  numbers const b(packed_size(right));
  numbers const y(std::int64_t{M} * N);
  machine s;
  auto const multiply = [&] {
    run<tile>(s, kernel, tensor<float const>{a.data(), {M, K}, {K, 1}},
              tensor<float const>{b.data(), panels.extents, panels.strides}, tensor<float const>{},
              tensor<float>{y.data(), {M, N}, {N, 1}});
  };
  with(std::int64_t{M} * N * K, multiply, tile);
}
template <int M, int N, int K> void product(benchmark::State& state) {
  with_product<M, N, K>([&](auto... what) { measure(state, what...); });
}

/// A convolution and its tensors, as a program has them.
struct convolution_step {
  convolution kernel;
  right_operand weights;
  panel_layout x;
  panel_layout panels;
  panel_layout y;
};
constexpr convolution_step step_of(convolution const& kernel, shape const& x, shape const& weights,
                                   shape const& y) {
  auto const right = kernel.right(weights, contiguous_strides(weights));
  convolution_step step{kernel,
                        right,
                        {x, channels_last_strides(x)},
                        packed_layout(right),
                        {y, channels_last_strides(y)}};
  join_axes(step.kernel, step.x, step.panels, step.y);
  return step;
}

/// The same with a convolution of a square image with a border, channels last.
template <int Size, int Channels, int Outputs, int Window, int Stride, class With>
void with_convolution(With const& with) {
  constexpr int padded = Size + Window / 2 * 2;
  constexpr int out = (padded - Window) / Stride + 1;
  static constexpr auto step =
      step_of({{Window, Stride, 1, 0}, {Window, Stride, 1, 0}, 1}, {1, Channels, padded, padded},
              {Outputs, Channels, Window, Window}, {1, Outputs, out, out});
  static constexpr auto tile =
      tile_of_step<float, machine>(step.kernel, step.x.extents, step.y.extents);
  numbers const x(std::int64_t{padded} * padded * Channels);
  numbers const w(packed_size(step.weights));
  numbers const y(std::int64_t{out} * out * Outputs);
  machine s;
  auto const compute = [&] {
    run<tile>(s, step.kernel, tensor<float const>{x.data(), step.x.extents, step.x.strides},
              tensor<float const>{w.data(), step.panels.extents, step.panels.strides},
              tensor<float const>{}, tensor<float>{y.data(), step.y.extents, step.y.strides});
  };
  with(std::int64_t{out} * out * Outputs * Channels * Window * Window, compute, tile);
}
template <int Size, int Channels, int Outputs, int Window, int Stride>
void convolve(benchmark::State& state) {
  with_convolution<Size, Channels, Outputs, Window, Stride>(
      [&](auto... what) { measure(state, what...); });
}

}  // namespace measured
