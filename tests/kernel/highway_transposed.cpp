// Transposed convolutions through the Highway stage: the bits of the scalar stage, whatever the
// tile, and nothing beside the tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/stage/highway.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "../stage/conformance.hpp"
#include "inlay/kernel/transposed_convolution-inl.hpp"

namespace {
using namespace inlay;
using namespace inlay_test;

/// Small numbers with nothing behind them.
class numbers {
 public:
  numbers(std::int64_t count, std::size_t seed)
      : count_(static_cast<std::size_t>(count)), memory_(count_, false) {
    auto const x = small_numbers<float>(count_ + 64, 2);
    for (std::size_t i = 0; i < count_; ++i) memory_.data()[i] = x[(i + seed * 7) % x.size()];
  }
  float* data() const { return memory_.data(); }
  int differences(numbers const& other) const {
    int different = 0;
    for (std::size_t i = 0; i < count_; ++i) different += !is_same(data()[i], other.data()[i]);
    return different;
  }

 private:
  std::size_t count_;
  guarded<float> memory_;
};

void check(transposed_convolution const& kernel, std::int64_t channels, std::int64_t outputs,
           shape const& image, shape const& result, bool channels_last) {
  CAPTURE(outputs);
  auto const groups = kernel.groups;
  shape const from{2, groups * channels, image[0], image[1]};
  shape const to{2, groups * outputs, result[0], result[1]};
  shape const form{groups * channels, outputs, kernel.rows.size, kernel.columns.size};
  auto const strides_of = [&](shape const& s) {
    return channels_last ? channels_last_strides(s) : contiguous_strides(s);
  };
  numbers const x(elements_of(from), 1);
  numbers const w(elements_of(form), 2);
  numbers const b(groups * outputs, 3);
  numbers const wanted(elements_of(to), 4);
  tensor<float const> const input{x.data(), from, strides_of(from)};
  tensor<float const> const plain{w.data(), form, contiguous_strides(form)};
  tensor<float const> const bias{b.data(), {groups * outputs}, {1}};
  auto const right = kernel.right(form, plain.strides);
  auto const layout = packed_layout(right);
  numbers const packed(packed_size(right), 5);
  pack_panels(right, [&](auto at, auto source) { packed.data()[at] = w.data()[source]; });
  tensor<float const> const panels{packed.data(), layout.extents, layout.strides};
  scalar reference;
  run(reference, kernel, input, plain, bias, tensor<float>{wanted.data(), to, strides_of(to)});
  for (auto const& weights : {plain, panels}) {
    exact_highway s;
    numbers const y(elements_of(to), 6);
    run(s, kernel, input, weights, bias, tensor<float>{y.data(), to, strides_of(to)});
    CHECK(y.differences(wanted) == 0);
    constexpr auto width = exact_highway::width<float>;
    constexpr tile_shape two_panels{1, width == 1 ? 1 : 2 * panel_columns / width};
    if (outputs < 2 * panel_columns) continue;
    numbers const wide(elements_of(to), 7);
    run<two_panels>(s, kernel, input, weights, bias,
                    tensor<float>{wide.data(), to, strides_of(to)});
    CHECK(wide.differences(wanted) == 0);
  }
}

}  // namespace

TEST_CASE("a transposed convolution has the bits of the scalar stage") {
  for (std::int64_t const outputs : {1, 7, 16, 37}) {
    for (bool const channels_last : {true, false}) {
      check({{3, 2, 1, 1}, {3, 2, 1, 1}, 1}, 5, outputs, {3, 4}, {6, 7}, channels_last);
      check({{2, 3, 2, 0}, {4, 1, 2, 2}, 2}, 3, outputs, {2, 5}, {8, 7}, channels_last);
    }
  }
}
