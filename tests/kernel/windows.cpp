// Poolings and depthwise convolutions through the Highway stage: the bits of the scalar stage,
// whatever the channels, and nothing beside the tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/stage/highway.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "../stage/conformance.hpp"
#include "inlay/kernel/depthwise-inl.hpp"
#include "inlay/kernel/pooling-inl.hpp"

namespace {
using namespace inlay;
using namespace inlay_test;

/// Numbers with nothing behind them.
template <class T> class numbers {
 public:
  explicit numbers(shape const& s, int seed = 0)
      : size_(static_cast<std::size_t>(elements_of(s))), memory_(size_, false) {
    auto const all = [&] {
      if constexpr (std::is_floating_point_v<T>) return small_numbers<T>(size_ + 64, 2);
      else return any_numbers<T>(size_ + 64);
    }();
    for (std::size_t i = 0; i < size_; ++i) {
      memory_.data()[i] = all[(i + static_cast<std::size_t>(seed) * 7) % all.size()];
    }
  }
  T* data() const { return memory_.data(); }
  /// An image; its channels are last, or first.
  tensor<T> image(shape const& s, bool channels_last) const {
    return {data(), s, channels_last ? channels_last_strides(s) : contiguous_strides(s)};
  }
  int differences(numbers const& other) const {
    int count = 0;
    for (std::size_t i = 0; i < size_; ++i) count += !is_same(data()[i], other.data()[i]);
    return count;
  }

 private:
  std::size_t size_;
  guarded<T> memory_;
};
template <class T> tensor<T const> constant(tensor<T> const& t) {
  return {t.data, t.extents, t.strides};
}

constexpr std::int64_t some_channels[] = {1, 7, 16, 37, 70};

template <class T, class Kernel>
void check_pooling(Kernel const& kernel, std::int64_t rows, std::int64_t columns) {
  for (auto const channels : some_channels) {
    for (bool const channels_last : {true, false}) {
      CAPTURE(channels);
      shape const from{2, channels, 5, 6};
      shape const to{2, channels, rows, columns};
      numbers<T> const x(from);
      numbers<T> const wanted(to, 1);
      numbers<T> const y(to, 2);
      scalar reference;
      exact_highway s;
      run(reference, kernel, constant(x.image(from, channels_last)),
          wanted.image(to, channels_last));
      run(s, kernel, constant(x.image(from, channels_last)), y.image(to, channels_last));
      CHECK(y.differences(wanted) == 0);
    }
  }
}

/// Weights as ONNX has them, or in panels, filled up with what must not be looked at.
template <class T, tile_shape Tile>
void check_depthwise(convolution kernel, std::int64_t channels, std::int64_t multiple,
                     shape const& outputs) {
  kernel.groups = channels;
  auto const count = channels * multiple;
  shape const from{1, channels, 6, 19};
  shape const to{1, count, outputs[0], outputs[1]};
  shape const form{count, 1, kernel.rows.size, kernel.columns.size};
  numbers<T> const x(from);
  numbers<T> const w(form, 1);
  numbers<T> const b({count}, 2);
  numbers<T> const wanted(to, 3);
  auto const weights = constant(w.image(form, false));
  auto const right = kernel.right(form, weights.strides);
  auto const in_panels = packed_layout(right);
  numbers<T> const packed({packed_size(right)});
  std::fill_n(packed.data(), packed_size(right), T(99));
  pack_panels(right, [&](auto at, auto source) { packed.data()[at] = w.data()[source]; });
  tensor<T const> const panels{packed.data(), in_panels.extents, in_panels.strides};
  tensor<T const> const bias{b.data(), {count}, {1}};
  auto const image = constant(x.image(from, true));
  scalar reference;
  exact_highway s;
  run_depthwise<tile_shape{}>(reference, kernel, image, weights, bias, wanted.image(to, true));
  for (auto const& plain_or_packed : {weights, panels}) {
    numbers<T> const y(to, 4);
    run_depthwise<Tile>(s, kernel, image, plain_or_packed, bias, y.image(to, true));
    CHECK(y.differences(wanted) == 0);
  }
}

}  // namespace

TEST_CASE("a pooling has the bits of the scalar stage") {
  max_pooling const largest{{3, 2, 1, 1}, {2, 1, 2, 1}};
  check_pooling<float>(largest, 3, 6);
  check_pooling<std::int8_t>(largest, 3, 6);
  check_pooling<float>(average_pooling{{3, 2, 1, 1}, {2, 1, 2, 1}}, 3, 6);
  check_pooling<double>(average_pooling{{5, 1, 1, 0}, {6, 1, 1, 0}}, 1, 1);
}

TEST_CASE("a depthwise convolution has the bits of the scalar stage") {
  for (std::int64_t const channels : {2, 16, 37}) {
    CAPTURE(channels);
    // With a border, in tiles of five; at stride two, in tiles of three; one by one; a halo.
    check_depthwise<float, tile_shape{5, 1}>({{3, 1, 1, 1}, {3, 1, 1, 1}}, channels, 1, {6, 19});
    check_depthwise<float, tile_shape{14, 1, true}>({{2, 3, 2, 0}, {5, 1, 1, 0}}, channels, 1,
                                                    {2, 15});
    check_depthwise<double, tile_shape{3, 1}>({{3, 2, 1, 1}, {5, 2, 2, 3}}, channels, 1, {3, 9});
  }
  check_depthwise<float, tile_shape{5, 1}>({{1, 1, 1, 0}, {3, 1, 1, 0}}, 37, 3, {6, 17});
}
