// Poolings and depthwise convolutions through the machine's vectors: the bits of the scalar stage,
// whatever the channels, and nothing beside the tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../stage/machine_stage.hpp"

#include <doctest/doctest.h>

#include <cstdint>

#include "adding_tape.hpp"
#include "inlay/kernel/depthwise-inl.hpp"
#include "inlay/kernel/pooling-inl.hpp"
#include "operand.hpp"

namespace {
using namespace inlay;
using namespace inlay_test;

constexpr std::int64_t some_channels[] = {1, 7, 16, 37, 70};

template <class T, class Kernel>
void check_pooling(Kernel const& kernel, std::int64_t rows, std::int64_t columns) {
  for (auto const channels : some_channels) {
    for (bool const channels_last : {true, false}) {
      CAPTURE(channels);
      shape const from{2, channels, 5, 6};
      shape const to{2, channels, rows, columns};
      operand<T> const x(elements_of(from));
      operand<T> const wanted(elements_of(to), 1);
      operand<T> const y(elements_of(to), 2);
      scalar reference;
      exact_machine s;
      auto const image = x.constant(from, channels_last);
      run(reference, kernel, image, wanted.view(to, channels_last));
      run(s, kernel, image, y.view(to, channels_last));
      CHECK(y.differences(wanted) == 0);
      auto const other = operand<T>(elements_of(to), 3);
      for (bool const is_alike : {true, false}) {
        auto const added = other.constant(to, channels_last == is_alike);
        run(reference, kernel, image, adding(wanted.view(to, channels_last), added));
        run(s, kernel, image, adding(y.view(to, channels_last), added));
        CHECK(y.differences(wanted) == 0);
      }
    }
  }
}

/// Weights as ONNX has them, or in panels.
template <class T, tile_shape Tile>
void check_depthwise(convolution kernel, std::int64_t channels, std::int64_t multiple,
                     shape const& outputs) {
  kernel.groups = channels;
  auto const count = channels * multiple;
  shape const from{1, channels, 6, 19};
  shape const to{1, count, outputs[0], outputs[1]};
  shape const form{count, 1, kernel.rows.size, kernel.columns.size};
  operand<T> const x(elements_of(from));
  operand<T> const w(elements_of(form), 1);
  operand<T> const b(count, 2);
  operand<T> const wanted(elements_of(to), 3);
  auto const weights = w.constant(form);
  packed_operand<T> const in_panels(w, kernel.right(form, weights.strides));
  auto const bias = b.constant({count});
  auto const image = x.constant(from, true);
  scalar reference;
  exact_machine s;
  run_depthwise<tile_shape{}>(reference, kernel, image, weights, bias, wanted.view(to, true));
  for (auto const& plain_or_packed : {weights, in_panels.view()}) {
    operand<T> const y(elements_of(to), 4);
    run_depthwise<Tile>(s, kernel, image, plain_or_packed, bias, y.view(to, true));
    CHECK(y.differences(wanted) == 0);
  }
}

constexpr bool is_depthwise_tile(tile_shape const& t, int rows, int taps) {
  return t.rows == rows && t.vectors == 1 && t.taps == taps;
}
constexpr tile_shape tile_for(convolution const& kernel, std::int64_t size, int registers) {
  auto k = kernel;
  k.groups = 96;
  auto const outputs = (size - k.columns.size) / k.columns.stride + 1;
  return choose_tile(k.product({1, 96, size, size}, {1, 96, outputs, outputs}), 8, registers);
}
static_assert(is_depthwise_tile(tile_for({{3, 1, 1, 0}, {3, 1, 1, 0}}, 58, 16), 8, 3));
static_assert(is_depthwise_tile(tile_for({{3, 1, 1, 0}, {3, 1, 1, 0}}, 16, 32), 14, 3));
// Columns of a window with dilation are not next to each other.
static_assert(tile_for({{3, 1, 1, 0}, {3, 1, 2, 0}}, 58, 16).taps == 0);
static_assert(tile_for({{3, 1, 1, 0}, {3, 2, 1, 0}}, 58, 16).taps == 0);

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
    // With pixels and weights in registers.
    constexpr tile_shape of_three{.rows = 8, .vectors = 1, .taps = 3};
    check_depthwise<float, of_three>({{3, 1, 1, 1}, {3, 1, 1, 1}}, channels, 1, {6, 19});
    constexpr tile_shape of_five{.rows = 4, .vectors = 1, .is_inside = true, .taps = 5};
    check_depthwise<float, of_five>({{2, 3, 2, 0}, {5, 1, 1, 0}}, channels, 1, {2, 15});
  }
  check_depthwise<float, tile_shape{5, 1}>({{1, 1, 1, 0}, {3, 1, 1, 0}}, 37, 3, {6, 17});
}
