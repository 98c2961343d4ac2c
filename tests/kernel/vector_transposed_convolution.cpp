// Transposed convolutions through the machine's vectors: the bits of the scalar stage, whatever the
// tile, and nothing beside the tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../stage/machine_stage.hpp"

#include <doctest/doctest.h>

#include <cstdint>

#include "inlay/kernel/transposed_convolution-inl.hpp"
#include "operand.hpp"

namespace {
using namespace inlay;
using namespace inlay_test;

void check(transposed_convolution const& kernel, std::int64_t channels, std::int64_t outputs,
           shape const& image, shape const& result, bool channels_last) {
  CAPTURE(outputs);
  auto const groups = kernel.groups;
  shape const from{2, groups * channels, image[0], image[1]};
  shape const to{2, groups * outputs, result[0], result[1]};
  shape const form{groups * channels, outputs, kernel.rows.size, kernel.columns.size};
  operand<float> const x(elements_of(from), 1);
  operand<float> const w(elements_of(form), 2);
  operand<float> const b(groups * outputs, 3);
  operand<float> const wanted(elements_of(to), 4);
  auto const input = x.constant(from, channels_last);
  auto const plain = w.constant(form);
  auto const bias = b.constant({groups * outputs});
  packed_operand<float> const in_panels(w, kernel.right(form, plain.strides));
  scalar reference;
  run(reference, kernel, input, plain, bias, wanted.view(to, channels_last));
  for (auto const& weights : {plain, in_panels.view()}) {
    exact_machine s;
    operand<float> const y(elements_of(to), 6);
    run(s, kernel, input, weights, bias, y.view(to, channels_last));
    CHECK(y.differences(wanted) == 0);
    constexpr auto width = exact_machine::width<float>;
    constexpr tile_shape two_panels{1, width == 1 ? 1 : 2 * panel_columns / width};
    if (outputs < 2 * panel_columns) continue;
    operand<float> const wide(elements_of(to), 7);
    run<two_panels>(s, kernel, input, weights, bias, wide.view(to, channels_last));
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
