// Kernels whose extents are constants, as a static model has them: kernel_code.py looks at what a
// compiler makes of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/stage/highway.hpp>
//
#include <cstdint>

#include "inlay/program/run_step-inl.hpp"

namespace {

using namespace inlay;

/// A convolution without padding of images, channels last, by weights in panels.
template <std::int64_t Size, std::int64_t Channels, std::int64_t Outputs, std::int64_t Window,
          std::int64_t Stride, std::int64_t Groups>
[[gnu::always_inline]] inline void convolve(float const* x, float const* w, float* y) {
  constexpr std::int64_t out = (Size - Window) / Stride + 1;
  static constexpr shape from{1, Channels, Size, Size};
  static constexpr shape to{1, Outputs, out, out};
  static constexpr shape form{Outputs, Channels / Groups, Window, Window};
  static constexpr convolution kernel{{Window, Stride, 1, 0}, {Window, Stride, 1, 0}, Groups};
  static constexpr auto panels = packed_layout(kernel.right(form, contiguous_strides(form)));
  static constexpr auto tile = tile_of_step<float, highway>(kernel, from, to);
  highway s;
  run<tile>(s, kernel, tensor<float const>{x, from, channels_last_strides(from)},
            tensor<float const>{w, panels.extents, panels.strides}, tensor<float const>{},
            tensor<float>{y, to, channels_last_strides(to)});
}

}  // namespace

extern "C" void depthwise(float const* x, float const* w, float* y);
void depthwise(float const* x, float const* w, float* y) {
  convolve<114, 32, 32, 3, 1, 32>(x, w, y);
}
extern "C" void pointwise(float const* x, float const* w, float* y);
void pointwise(float const* x, float const* w, float* y) {
  convolve<7, 576, 160, 1, 1, 1>(x, w, y);
}
