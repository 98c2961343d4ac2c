// How near windows that are no product come to what memory can do: depthwise convolutions of
// MobileNetV2, poolings of ResNet-50. Each measurement takes turns with a copy of as many bytes as
// the kernel reads and writes, in the same caches; `of_copy` is the copy's time over the kernel's.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "measure.hpp"
//
#include <cstdint>
#include <string>

#include "inlay/program/run_step-inl.hpp"

namespace {

using namespace inlay;
using namespace measured;

/// A depthwise convolution of a square image with a halo, channels last, weights in panels.
template <int Size, int Channels, int Window, int Stride> void depthwise(benchmark::State& state) {
  constexpr int padded = Size + Window / 2 * 2;
  constexpr int out = (padded - Window) / Stride + 1;
  static constexpr shape from{1, Channels, padded, padded};
  static constexpr shape to{1, Channels, out, out};
  static constexpr shape form{Channels, 1, Window, Window};
  static constexpr convolution kernel{{Window, Stride, 1, 0}, {Window, Stride, 1, 0}, Channels};
  static constexpr auto right = kernel.right(form, contiguous_strides(form));
  static constexpr auto panels = packed_layout(right);
  static constexpr auto tile = tile_of_step<float, machine>(kernel, from, to);
  numbers const x(elements_of(from));
  numbers const w(packed_size(right));
  numbers const y(elements_of(to));
  machine s;
  beside_copy(state, x, elements_of(from), y, elements_of(to), [&] {
    run<tile>(s, kernel, tensor<float const>{x.data(), from, channels_last_strides(from)},
              tensor<float const>{w.data(), panels.extents, panels.strides}, tensor<float const>{},
              tensor<float>{y.data(), to, channels_last_strides(to)});
  });
  state.SetLabel(std::to_string(depthwise_tile(tile).rows) + "x1");
}

template <class Kernel, int Size, int Channels, int Out>
void pool(benchmark::State& state, Kernel const& kernel) {
  static constexpr shape from{1, Channels, Size, Size};
  static constexpr shape to{1, Channels, Out, Out};
  numbers const x(elements_of(from));
  numbers const y(elements_of(to));
  machine s;
  beside_copy(state, x, elements_of(from), y, elements_of(to), [&] {
    run(s, kernel, tensor<float const>{x.data(), from, channels_last_strides(from)},
        tensor<float>{y.data(), to, channels_last_strides(to)});
  });
}
void largest_of_3x3(benchmark::State& state) {
  constexpr max_pooling kernel{{3, 2, 1, 1}, {3, 2, 1, 1}};
  pool<max_pooling, 112, 64, 56>(state, kernel);
}
void average_of_all(benchmark::State& state) {
  constexpr average_pooling kernel{{7, 1, 1, 0}, {7, 1, 1, 0}};
  pool<average_pooling, 7, 2048, 1>(state, kernel);
}

MEASURE(depthwise<112, 32, 3, 1>);
MEASURE(depthwise<112, 96, 3, 2>);
MEASURE(depthwise<56, 144, 3, 1>);
MEASURE(depthwise<56, 144, 3, 2>);
MEASURE(depthwise<28, 192, 3, 1>);
MEASURE(depthwise<28, 192, 5, 1>);
MEASURE(depthwise<28, 192, 3, 2>);
MEASURE(depthwise<14, 384, 3, 1>);
MEASURE(depthwise<14, 576, 3, 1>);
MEASURE(depthwise<14, 576, 3, 2>);
MEASURE(depthwise<7, 960, 3, 1>);
MEASURE(largest_of_3x3);
MEASURE(average_of_all);

}  // namespace
