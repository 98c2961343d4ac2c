// Products and convolutions beside oneDNN's, which is given the layouts that it asks for, with one
// thread and the vectors that this is compiled for. The two take turns, so that a change of the
// machine's speed meets both: `of_onednn` is its time over ours, more than 1 where ours are faster.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//   scripts/setup peers
//   cmake --preset release && cmake --build build/release --target benchmark_against_onednn
//   OMP_NUM_THREADS=1 build/release/benchmarks/benchmark_against_onednn
#include "../run/products.hpp"
//
#include <cstdlib>
#include <oneapi/dnnl/dnnl.hpp>
#include <string_view>
#include <unordered_map>

namespace {

using namespace measured;
using dims = dnnl::memory::dims;

dnnl::engine& engine() {
  static dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}
/// Of whatever layout serves best.
dnnl::memory::desc any(dims const& extents) {
  return {extents, dnnl::memory::data_type::f32, dnnl::memory::format_tag::any};
}
numbers numbers_of(dnnl::memory::desc const& description) {
  return numbers(static_cast<std::int64_t>(description.get_size() / sizeof(float)));
}

/// Measures ours in turns with a primitive of oneDNN.
template <class Primitive, class Run>
void beside(benchmark::State& state, typename Primitive::desc const& operation,
            std::int64_t multiply_adds, Run const& run) {
  char const* const threads = std::getenv("OMP_NUM_THREADS");
  if (threads == nullptr || threads != std::string_view("1")) {
    return state.SkipWithError("OMP_NUM_THREADS is not 1");
  }
  typename Primitive::primitive_desc const description(operation, engine());
  Primitive primitive(description);
  auto const x = numbers_of(description.src_desc());
  auto const w = numbers_of(description.weights_desc());
  auto const y = numbers_of(description.dst_desc());
  std::unordered_map<int, dnnl::memory> const arguments{
      {DNNL_ARG_SRC, {description.src_desc(), engine(), x.data()}},
      {DNNL_ARG_WEIGHTS, {description.weights_desc(), engine(), w.data()}},
      {DNNL_ARG_DST, {description.dst_desc(), engine(), y.data()}}};
  dnnl::stream stream(engine());
  auto const seconds = in_turns(state, "of_onednn", run, [&] {
    return seconds_of([&] {
      primitive.execute(stream, arguments);
      stream.wait();
    });
  });
  state.counters["gflops"] = 2e-9 * static_cast<double>(multiply_adds) / seconds;
  state.SetLabel(description.impl_info_str());
}

template <int M, int N, int K> void product(benchmark::State& state) {
  with_product<M, N, K>([&](std::int64_t multiply_adds, auto const& run, auto const&) {
    beside<dnnl::matmul>(state, {any({M, K}), any({K, N}), any({M, N})}, multiply_adds, run);
  });
}

template <int Size, int Channels, int Outputs, int Window, int Stride>
void convolve(benchmark::State& state) {
  constexpr int pad = Window / 2;
  constexpr int out = (Size + 2 * pad - Window) / Stride + 1;
  with_convolution<Size, Channels, Outputs, Window, Stride>(
      [&](std::int64_t multiply_adds, auto const& run, auto const&) {
        beside<dnnl::convolution_forward>(
            state,
            {dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
             any({1, Channels, Size, Size}), any({Outputs, Channels, Window, Window}),
             any({1, Outputs, out, out}), dims{Stride, Stride}, dims{pad, pad}, dims{pad, pad}},
            multiply_adds, run);
      });
}

// BERT-base, ResNet-50, MobileNetV2.
MEASURE(product<128, 768, 768>);
MEASURE(product<128, 3072, 768>);
MEASURE(product<128, 768, 3072>);
MEASURE(convolve<224, 3, 64, 7, 2>);
MEASURE(convolve<56, 64, 64, 1, 1>);
MEASURE(convolve<56, 64, 64, 3, 1>);
MEASURE(convolve<28, 128, 128, 3, 1>);
MEASURE(convolve<28, 512, 128, 1, 1>);
MEASURE(convolve<14, 256, 256, 3, 1>);
MEASURE(convolve<14, 1024, 2048, 1, 2>);
MEASURE(convolve<7, 512, 512, 3, 1>);
MEASURE(convolve<56, 24, 144, 1, 1>);
MEASURE(convolve<56, 144, 24, 1, 1>);
MEASURE(convolve<14, 96, 576, 1, 1>);

[[maybe_unused]] bool const has_peer = [] {
  auto const* const version = dnnl::version();
  benchmark::AddCustomContext("onednn", std::to_string(version->major) + "." +
                                            std::to_string(version->minor) + "." +
                                            std::to_string(version->patch));
  if (machine::width<float> == 8) dnnl::set_max_cpu_isa(dnnl::cpu_isa::avx2);
  return true;
}();

}  // namespace
