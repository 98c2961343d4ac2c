// Transposed convolution, against its definition: each input times each tap, added to where the tap
// is on the output.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/kernel/transposed_convolution-inl.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>

#include "inlay/core/vector.hpp"
#include "strict.hpp"

namespace {
using namespace inlay_test;

// size 3, stride 2, pad 1 → residue 0: tap 1 alone; residue 1: taps 2 and 0
constexpr window_axis example{3, 2, 1, 1};
constexpr auto even = window_of_residue(example, 0);
constexpr auto odd = window_of_residue(example, 1);
static_assert(even.window.size == 1 && even.first_tap == 1 && even.window.pad == 0);
static_assert(odd.window.size == 2 && odd.first_tap == 2 && odd.step == 2 && odd.window.pad == 0);
// Every tap of stride 2 and dilation 4 is on even outputs.
static_assert(window_of_residue({3, 2, 4, 0}, 0).window.size == 3 &&
              window_of_residue({3, 2, 4, 0}, 0).window.dilation == 2 &&
              window_of_residue({3, 2, 4, 0}, 1).window.size == 0);

struct sizes {
  std::int64_t groups, channels, outputs, height, width, out_height, out_width;
};

/// How many outputs are not what adding up every product where it belongs gives. All numbers are
/// small integers, so that no order of the sums changes them.
template <class S>
constexpr int count_wrong(window_axis const& rows, window_axis const& columns, sizes const& z) {
  auto const c = z.groups * z.channels;
  auto const o = z.groups * z.outputs;
  pattern<float, 200> const x(1);
  pattern<float, 200> const w(2);
  pattern<float, 8> const bias(3);
  shape const from{1, c, z.height, z.width};
  shape const to{1, o, z.out_height, z.out_width};
  shape const form{c, z.outputs, rows.size, columns.size};
  vector<float> y(static_cast<std::size_t>(elements_of(to)), -99.0f);
  vector<float> wanted(y.size(), 0.0f);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    wanted[i] = bias.elements[i / static_cast<std::size_t>(z.out_height * z.out_width)];
  }
  for (std::int64_t i = 0; i < elements_of(from); ++i) {
    auto const input = i / (z.height * z.width);
    auto const row = i / z.width % z.height * rows.stride - rows.pad;
    auto const column = i % z.width * columns.stride - columns.pad;
    for (std::int64_t t = 0; t < z.outputs * rows.size * columns.size; ++t) {
      auto const output = input / z.channels * z.outputs + t / (rows.size * columns.size);
      auto const p = row + t / columns.size % rows.size * rows.dilation;
      auto const q = column + t % columns.size * columns.dilation;
      if (p < 0 || q < 0 || p >= z.out_height || q >= z.out_width) continue;
      auto const tap = input * z.outputs * rows.size * columns.size + t;
      wanted[static_cast<std::size_t>((output * z.out_height + p) * z.out_width + q)] +=
          x.elements[i] * w.elements[tap];
    }
  }
  S s;
  run(s, transposed_convolution{rows, columns, z.groups}, dense<float const>(x.elements, from),
      dense<float const>(w.elements, form), dense<float const>(bias.elements, {o}),
      dense(y.data(), to));
  int wrong = 0;
  for (std::size_t i = 0; i < y.size(); ++i) wrong += !(y[i] == wanted[i]);
  return wrong;
}
static_assert(count_wrong<scalar>({3, 2, 1, 1}, {2, 1, 1, 0}, {1, 2, 2, 2, 3, 3, 4}) == 0);
static_assert(count_wrong<strict>({1, 1, 1, 0}, {3, 2, 1, 1}, {2, 1, 2, 1, 3, 1, 6}) == 0);

}  // namespace

TEST_CASE("every product is where its tap is on the output") {
  int wrong = 0;
  int cases = 0;
  for (std::int64_t const size : {1, 2, 3, 4}) {
    for (std::int64_t const stride : {1, 2, 3, 5}) {
      for (std::int64_t const dilation : {1, 2, 4}) {
        for (std::int64_t const pad : {0, 1, 3}) {
          // Fewer outputs than the taps reach, as many, and more.
          for (std::int64_t const outputs : {1, 4, 9, 17}) {
            window_axis const w{size, stride, dilation, pad};
            window_axis const other{2, 2, 1, 1};
            wrong += count_wrong<scalar>(w, other, {2, 2, 2, 3, 2, outputs, 3});
            wrong += count_wrong<scalar>(other, w, {1, 3, 2, 2, 3, 4, outputs});
            ++cases;
          }
        }
      }
    }
  }
  CHECK(wrong == 0);
  CHECK(cases == 576);
}
