// How near the products of ResNet-50 and BERT come to what the machine can do: `record.py` weighs
// them by their times, as often as each is there.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "products.hpp"

namespace {

using namespace measured;

// J. Devlin et al., BERT, 2018: the base model's 12 layers, a sequence of 128.
MEASURE_OF("BERT", 48, product<128, 768, 768>);
MEASURE_OF("BERT", 12, product<128, 3072, 768>);
MEASURE_OF("BERT", 12, product<128, 768, 3072>);

// K. He et al., Deep residual learning, 2015, with strides in the 3x3 convolutions.
MEASURE_OF("ResNet-50", 1, convolve<224, 3, 64, 7, 2>);
MEASURE_OF("ResNet-50", 1, convolve<56, 64, 64, 1, 1>);
MEASURE_OF("ResNet-50", 3, convolve<56, 64, 64, 3, 1>);
MEASURE_OF("ResNet-50", 4, convolve<56, 64, 256, 1, 1>);
MEASURE_OF("ResNet-50", 2, convolve<56, 256, 64, 1, 1>);
MEASURE_OF("ResNet-50", 1, convolve<56, 256, 128, 1, 1>);
MEASURE_OF("ResNet-50", 1, convolve<56, 128, 128, 3, 2>);
MEASURE_OF("ResNet-50", 4, convolve<28, 128, 512, 1, 1>);
MEASURE_OF("ResNet-50", 1, convolve<56, 256, 512, 1, 2>);
MEASURE_OF("ResNet-50", 3, convolve<28, 512, 128, 1, 1>);
MEASURE_OF("ResNet-50", 3, convolve<28, 128, 128, 3, 1>);
MEASURE_OF("ResNet-50", 1, convolve<28, 512, 256, 1, 1>);
MEASURE_OF("ResNet-50", 1, convolve<28, 256, 256, 3, 2>);
MEASURE_OF("ResNet-50", 6, convolve<14, 256, 1024, 1, 1>);
MEASURE_OF("ResNet-50", 1, convolve<28, 512, 1024, 1, 2>);
MEASURE_OF("ResNet-50", 5, convolve<14, 1024, 256, 1, 1>);
MEASURE_OF("ResNet-50", 5, convolve<14, 256, 256, 3, 1>);
MEASURE_OF("ResNet-50", 1, convolve<14, 1024, 512, 1, 1>);
MEASURE_OF("ResNet-50", 1, convolve<14, 512, 512, 3, 2>);
MEASURE_OF("ResNet-50", 3, convolve<7, 512, 2048, 1, 1>);
MEASURE_OF("ResNet-50", 1, convolve<14, 1024, 2048, 1, 2>);
MEASURE_OF("ResNet-50", 2, convolve<7, 2048, 512, 1, 1>);
MEASURE_OF("ResNet-50", 2, convolve<7, 512, 512, 3, 1>);

/// What the machine can start at best.
void peak(benchmark::State& state) {
  std::vector<double> ceilings;
  for (auto _ : state) ceilings.push_back(measure_ceiling());
  state.counters["gflops"] = 2e-9 * median(ceilings);
}
BENCHMARK(peak)->MinTime(0.1);

}  // namespace
