// From a structure to the kernel that computes it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/kernel/convolution-inl.hpp"
#include "inlay/kernel/elementwise-inl.hpp"
#include "inlay/kernel/matrix_product-inl.hpp"
#include "inlay/kernel/normalization-inl.hpp"
#include "inlay/kernel/softmax-inl.hpp"
#include "inlay/kernel/tile.hpp"
#include "inlay/op/lowering.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// The number of input tensors of an operator's step.
template <class Operator> constexpr int step_inputs() {
  if constexpr (requires { typename Operator::kernel; }) return Operator::kernel::inputs;
  else return Operator::inputs.most;
}

/// The tile with which stage `S` computes a step: of an input and an output of these shapes.
template <class Operator, class T, class S>
constexpr tile_shape tile_of_step(std::int64_t const* words, shape const& input,
                                  shape const& output) {
  if constexpr (requires { &Operator::kernel::product; }) {
    auto const kernel = from_words<typename Operator::kernel>(words);
    return choose_tile(kernel.product(input, output), S::template width<T>, S::registers);
  } else {
    return {};
  }
}

/// Runs one step: `inputs` as many tensors as `step_inputs` says, and one output.
template <class Operator, class T, tile_shape Tile = tile_shape{}, stage S, class... Input>
INLAY_INLINE constexpr void run_step(S& s, std::int64_t const* words, tensor<T> const& output,
                                     Input const&... inputs) {
  static_assert(sizeof...(Input) == step_inputs<Operator>());
  // Where one extent is 0, the loops over the others may be of 2^42 rounds.
  if (elements_of(output.extents) == 0) return;
  if constexpr (requires { &Operator::kernel::product; }) {
    auto const kernel = from_words<typename Operator::kernel>(words);
    run<Tile>(s, kernel, inputs..., output);
  } else if constexpr (requires { typename Operator::kernel; }) {
    auto const kernel = from_words<typename Operator::kernel>(words);
    run(s, kernel, inputs..., output);
  } else {
    elementwise<Operator, T>(s, output, inputs...);
  }
}

INLAY_END_TARGET
