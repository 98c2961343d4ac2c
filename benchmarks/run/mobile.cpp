// How near the products of small networks, and of one that writes text, come to what the machine
// can do: `record.py` weighs them by their times, as often as each is there.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "products.hpp"

namespace {

using namespace measured;

// M. Sandler et al., MobileNetV2, 2018, table 2: the 1x1 convolutions.
MEASURE_OF("MobileNetV2", 1, convolve<112, 32, 16, 1, 1>);
MEASURE_OF("MobileNetV2", 1, convolve<112, 16, 96, 1, 1>);
MEASURE_OF("MobileNetV2", 1, convolve<56, 96, 24, 1, 1>);
MEASURE_OF("MobileNetV2", 2, convolve<56, 24, 144, 1, 1>);
MEASURE_OF("MobileNetV2", 1, convolve<56, 144, 24, 1, 1>);
MEASURE_OF("MobileNetV2", 1, convolve<28, 144, 32, 1, 1>);
MEASURE_OF("MobileNetV2", 3, convolve<28, 32, 192, 1, 1>);
MEASURE_OF("MobileNetV2", 2, convolve<28, 192, 32, 1, 1>);
MEASURE_OF("MobileNetV2", 1, convolve<14, 192, 64, 1, 1>);
MEASURE_OF("MobileNetV2", 4, convolve<14, 64, 384, 1, 1>);
MEASURE_OF("MobileNetV2", 3, convolve<14, 384, 64, 1, 1>);
MEASURE_OF("MobileNetV2", 1, convolve<14, 384, 96, 1, 1>);
MEASURE_OF("MobileNetV2", 3, convolve<14, 96, 576, 1, 1>);
MEASURE_OF("MobileNetV2", 2, convolve<14, 576, 96, 1, 1>);
MEASURE_OF("MobileNetV2", 1, convolve<7, 576, 160, 1, 1>);
MEASURE_OF("MobileNetV2", 3, convolve<7, 160, 960, 1, 1>);
MEASURE_OF("MobileNetV2", 2, convolve<7, 960, 160, 1, 1>);
MEASURE_OF("MobileNetV2", 1, convolve<7, 960, 320, 1, 1>);
MEASURE_OF("MobileNetV2", 1, convolve<7, 320, 1280, 1, 1>);

// MLPerf Tiny's network for keywords, a DS-CNN: 1x1 convolutions of 25x5 pixels.
MEASURE_OF("DS-CNN", 4, product<125, 64, 64>);

// A. Radford et al., GPT-2, 2019: the small model's 12 layers, 128 tokens at once.
MEASURE_OF("GPT-2", 12, product<128, 2304, 768>);
MEASURE_OF("GPT-2", 12, product<128, 768, 768>);
MEASURE_OF("GPT-2", 12, product<128, 3072, 768>);
MEASURE_OF("GPT-2", 12, product<128, 768, 3072>);

/// A row by a matrix in panels, which is read once: in turns with a copy of as many bytes.
template <int N, int K> void row_by_matrix(benchmark::State& state) {
  static constexpr matrix_product kernel;
  static constexpr auto right = kernel.right({K, N}, {N, 1});
  static constexpr auto panels = packed_layout(right);
  static constexpr auto tile = tile_of_step<float, machine>(kernel, {1, K}, {1, N});
  numbers const a(K);
  numbers const b(packed_size(right));
  numbers const y(N);
  machine s;
  beside_copy(state, b, packed_size(right), y, N, [&] {
    run<tile>(s, kernel, tensor<float const>{a.data(), {1, K}, {K, 1}},
              tensor<float const>{b.data(), panels.extents, panels.strides}, tensor<float const>{},
              tensor<float>{y.data(), {1, N}, {N, 1}});
  });
}
// The same, a token at a time.
MEASURE_OF("GPT-2 by token", 12, row_by_matrix<2304, 768>);
MEASURE_OF("GPT-2 by token", 12, row_by_matrix<768, 768>);
MEASURE_OF("GPT-2 by token", 12, row_by_matrix<3072, 768>);
MEASURE_OF("GPT-2 by token", 12, row_by_matrix<768, 3072>);

}  // namespace
