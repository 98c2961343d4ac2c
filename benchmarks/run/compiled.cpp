// Kernels that are compiled while the program runs beside the same ones through Highway, in turns:
// for sizes that are known when they are compiled, and for all sizes at once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "products.hpp"
//
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <inlay/execute/interpreter/check_inputs.hpp>
#include <inlay/execute/jit.hpp>
#include <inlay/frontend/onnx/write.hpp>
#include <inlay/pass/optimize.hpp>
#include <inlay/program/lower.hpp>
#include <iostream>
#include <utility>
#include <vector>

namespace {

using namespace measured;

/// Adds up how long one step takes.
class step_clock final : public interpreter::step_observer {
 public:
  explicit step_clock(std::size_t which) : which_(which) {}

  void begin() override { last_ = clock_type::now(); }
  void end_of(std::size_t step) override {
    auto const now = clock_type::now();
    if (step == which_) {
      sum_ += std::chrono::duration<double>(now - last_).count();
      ++runs_;
    }
    last_ = clock_type::now();
  }
  double mean() const { return sum_ / runs_; }

 private:
  using clock_type = std::chrono::steady_clock;
  std::size_t which_;
  clock_type::time_point last_;
  double sum_ = 0;
  int runs_ = 0;
};

/// The step of a compiled model of one product.
class compiled_product {
 public:
  /// `g` has one input, of the shape of `x` or of no size.
  compiled_product(graph const& g, any_view const& x) : x_(x) {
    auto const bytes = write_onnx(g);
    auto loaded = jit::load(string_view(bytes->data(), bytes->size()));
    if (!loaded) {
      std::cerr << loaded.failure().text.view().data() << '\n';
      std::exit(1);
    }
    session_ = std::move(*loaded);
    shape const extents[] = {x.extents};
    auto const p = lower(optimize(interpreter::bind_extents(g, extents)));
    for (std::size_t i = 0; i < p.steps.size(); ++i) {
      if (p.structures[p.steps[i].structure].multiply_adds == p.multiply_adds) step_ = i;
    }
  }
  double seconds() {
    step_clock clock(step_);
    interpreter::named_view const inputs[] = {{"x", x_}};
    seconds_of([&] { benchmark::DoNotOptimize(session_.run(context_, inputs, &clock)); });
    return clock.mean();
  }

 private:
  any_view x_;
  interpreter::session session_;
  interpreter::context context_;
  std::size_t step_ = 0;
};

/// Measures the step of `make(is_known)` in turns with `highway_run`.
template <class Run, class Make>
void beside_highway(benchmark::State& state, std::int64_t multiply_adds, Run const& highway_run,
                    Make const& make, any_view const& x) {
  compiled_product known(make(true), x);
  compiled_product any(make(false), x);
  std::vector<double> times;
  std::vector<double> known_ratios;
  std::vector<double> any_ratios;
  for (auto _ : state) {
    auto const highway = seconds_of(highway_run);
    times.push_back(known.seconds());
    known_ratios.push_back(highway / times.back());
    any_ratios.push_back(seconds_of(highway_run) / any.seconds());
    state.SetIterationTime(times.back());
  }
  state.counters["gflops"] = 2e-9 * static_cast<double>(multiply_adds) / median(times);
  state.counters["of_highway"] = median(known_ratios);
  state.counters["all_sizes_of_highway"] = median(any_ratios);
}

value_id constant_of_ones(builder& b, shape const& s) {
  std::vector<float> const ones(static_cast<std::size_t>(elements_of(s)), 1.0f);
  return b.constant<float>("w", s, span<float const>(ones.data(), ones.size()));
}

template <int M, int N, int K> void product(benchmark::State& state) {
  numbers const x(std::int64_t{M} * K);
  with_product<M, N, K>([&](std::int64_t multiply_adds, auto const& run, tile_shape const&) {
    auto const make = [](bool is_known) {
      builder b("product", 20);
      auto const rows = is_known ? M : b.symbol("rows");
      auto const left = b.input("x", {element_type::float32, {rows, K}});
      b.output(b.add(id_of<op::matmul>, "MatMul", "y", {left, constant_of_ones(b, {K, N})}), "y");
      return b.finish();
    };
    beside_highway(state, multiply_adds, run, make, {element_type::float32, {M, K}, x.data()});
  });
}

template <int Size, int Channels, int Outputs, int Window, int Stride>
void convolve(benchmark::State& state) {
  numbers const x(std::int64_t{Size} * Size * Channels);
  with_convolution<Size, Channels, Outputs, Window, Stride>(
      [&](std::int64_t multiply_adds, auto const& run, tile_shape const&) {
        auto const make = [](bool is_known) {
          builder b("convolution", 20);
          auto const rows = is_known ? Size : b.symbol("rows");
          auto const columns = is_known ? Size : b.symbol("columns");
          // Channels last, as the kernel has them: no step is a transposition.
          auto const pixels = b.input("x", {element_type::float32, {1, rows, columns, Channels}});
          auto const image =
              b.add(id_of<op::transpose>, "Transpose", "", {pixels}, {{"perm", {0, 3, 1, 2}}});
          auto const w = constant_of_ones(b, {Outputs, Channels, Window, Window});
          constexpr std::int64_t pad = Window / 2;
          auto const y = b.add(id_of<op::conv>, "Conv", "y", {image, w},
                               {{"pads", {pad, pad, pad, pad}}, {"strides", {Stride, Stride}}});
          b.output(b.add(id_of<op::transpose>, "Transpose", "", {y}, {{"perm", {0, 2, 3, 1}}}),
                   "y");
          return b.finish();
        };
        beside_highway(state, multiply_adds, run, make,
                       {element_type::float32, {1, Size, Size, Channels}, x.data()});
      });
}

MEASURE(product<128, 768, 768>);
MEASURE(product<128, 768, 3072>);
MEASURE(convolve<56, 64, 64, 1, 1>);
MEASURE(convolve<56, 64, 64, 3, 1>);
MEASURE(convolve<28, 128, 128, 3, 1>);
MEASURE(convolve<14, 1024, 256, 1, 1>);
MEASURE(convolve<14, 256, 256, 3, 1>);
MEASURE(convolve<7, 512, 512, 3, 1>);

}  // namespace
