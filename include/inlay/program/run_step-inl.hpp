// From a structure to the kernel that computes it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "inlay/kernel/convolution-inl.hpp"
#include "inlay/kernel/elementwise-inl.hpp"
#include "inlay/kernel/group_normalization-inl.hpp"
#include "inlay/kernel/matrix_product-inl.hpp"
#include "inlay/kernel/normalization-inl.hpp"
#include "inlay/kernel/pooling-inl.hpp"
#include "inlay/kernel/reduction-inl.hpp"
#include "inlay/kernel/results-inl.hpp"
#include "inlay/kernel/row_gathering-inl.hpp"
#include "inlay/kernel/row_normalization-inl.hpp"
#include "inlay/kernel/softmax-inl.hpp"
#include "inlay/kernel/tile.hpp"
#include "inlay/kernel/transposed_convolution-inl.hpp"
#include "inlay/kernel/transposition-inl.hpp"
#include "inlay/op/lowering.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// The number of input tensors of an operator's step.
template <class Operator> constexpr int step_inputs() {
  if constexpr (requires { typename Operator::kernel; }) return Operator::kernel::inputs;
  else return inlay::detail::operands<Operator>();
}

/// The element type of an input of an operator's step for elements of `T`.
template <class Operator, std::size_t Input, class T> constexpr auto find_step_input() {
  if constexpr (requires { Operator::kernel::index_input; }) {
    if constexpr (static_cast<int>(Input) == Operator::kernel::index_input) return std::int64_t{};
    else return T{};
  } else {
    return T{};
  }
}
template <class Operator, std::size_t Input, class T>
using step_input = decltype(find_step_input<Operator, Input, T>());

/// What an operator computes element by element is its kernel.
struct elementwise_kernel {
  element_words words;
};

/// The kernel of an operator's step, with the parameters that these words are.
template <class Operator> constexpr auto kernel_of(std::int64_t const* words) {
  if constexpr (requires { typename Operator::kernel; }) {
    return from_words<typename Operator::kernel>(words);
  } else {
    elementwise_kernel kernel;
    if constexpr (inlay::detail::has_parameters<Operator>()) {
      kernel.words = from_words<element_words>(words);
    }
    return kernel;
  }
}

/// What tiles cut up of a step with an input and an output of these shapes, which may be the
/// largest of 2x2 each.
template <class Kernel>
constexpr product_extents product_of_step(Kernel const& kernel, shape const& input, shape output,
                                          bool is_pooled) {
  if (is_pooled) {
    output[2] *= 2;
    output[3] *= 2;
  }
  auto product = kernel.product(input, output);
  product.is_pooled = is_pooled;
  if (is_pooled) product.even_rows *= 2;
  return product;
}

/// The tile with which stage `S` runs a kernel.
template <class T, class S, class Kernel>
constexpr tile_shape tile_of_step(Kernel const& kernel, shape const& input, shape const& output,
                                  bool is_pooled = false) {
  if constexpr (requires { kernel.product(input, output); }) {
    auto const product = product_of_step(kernel, input, output, is_pooled);
    return choose_tile(product, S::template width<T>, S::registers, sizeof(T));
  } else {
    return {};
  }
}

/// Runs one step: `inputs` as many tensors as `step_inputs` says, and one output, or `results`
/// where the kernel takes a tape.
template <class Operator, class T, tile_shape Tile = tile_shape{}, stage S, class Kernel,
          class Results, class... Input>
INLAY_INLINE constexpr void run_step(S& s, Kernel const& kernel, Results const& output,
                                     Input const&... inputs) {
  static_assert(sizeof...(Input) == step_inputs<Operator>());
  // Where one extent is 0, the loops over the others may be of 2^42 rounds.
  if (s.known(elements_of(results_to(output).y.extents), 1) == 0) return;
  if constexpr (std::is_same_v<Kernel, elementwise_kernel>) {
    elementwise<Operator, T>(s, kernel.words, output, inputs...);
  } else if constexpr (requires { &Kernel::product; }) {
    run<Tile>(s, kernel, inputs..., output);
  } else {
    run(s, kernel, inputs..., output);
  }
}

INLAY_END_TARGET
